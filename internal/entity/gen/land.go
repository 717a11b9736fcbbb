package main

import (
	"cmp"
	"slices"
	"strings"
)

// regions are the first divisions of countries: states, provinces, cantons,
// departments; and the parts of countries that Natural Earth maps apart, such
// as Scotland or Crimea. A region whose bare name a town of its country bears
// too is called by it only where the rest of the text supports that.
func (s *source) regions(towns townNames, common map[string]bool) (out []fact) {
	for _, r := range s.earth("admin_1_states_provinces") {
		title := r.title()
		if oneWord(title) && common[strings.ToLower(title)] { // Distrito Federal, in English Federal
			title = cmp.Or(earthName(r["name"]), title)
		}
		x := fact{
			id: r.qid(), kind: "LOC", name: title, country: iso(r["iso_a2"]), role: strings.ToLower(r["type_en"]),
			lat: short(r["latitude"]), lon: short(r["longitude"]), prior: regionPrior(r.number("min_label")),
		}
		x.role, _, _ = strings.Cut(x.role, "|")
		if x.id == "" || x.name == "" {
			continue
		}
		names := r.forms()
		for n := range strings.SplitSeq(r["name_local"]+"|"+r["name"], "|") {
			if n = earthName(n); n != "" {
				names = append(names, cyrillicOr(n, "en:"))
			}
		}
		names = slices.DeleteFunc(names, func(n string) bool { return federal[bare(n)] })
		x.names = dedup(x.name, bareForms(names))
		for _, n := range []string{strings.TrimSuffix(r["abbrev"], "."), r["postal"]} {
			if strings.Contains("US CA AU", x.country) && len(n) > 1 && !slices.Contains(x.names, "en:~"+n) {
				x.names = append(x.names, "en:~"+n) // Long Beach, N.Y.
			}
		}
		x.weaken(func(w string) bool { return common[strings.ToLower(w)] && x.prior < 7 })
		x.mark(func(form string) bool { return towns.has(form, x.country, 2) })
		out = append(out, x)
	}
	for _, table := range []string{"admin_0_map_units", "admin_0_map_subunits", "admin_0_disputed_areas"} {
		for _, r := range s.earth(table) {
			x := fact{id: r.qid(), kind: "LOC", name: earthName(r["name_en"]), country: iso(r["iso_a2"]), role: "part of a country", prior: 5}
			x.lat, x.lon = short(r["label_y"]), short(r["label_x"])
			if x.id == "" || x.name == "" || s.countryIDs[x.id] {
				continue
			}
			x.names = dedup(x.name, r.forms())
			x.weaken(func(w string) bool { return towns.has(w, x.country, 3) })
			out = append(out, x)
		}
	}
	return append(out, s.firstDivisions(out, towns)...)
}

// federal are what maps call a federal district, as if that were a name.
var federal = map[string]bool{"Federal": true, "Federaal": true, "Federale": true, "Federalny": true, "Fédéral": true, "Fédérale": true}

// firstDivisions are those of the list of regions that mapped lacks: the map
// has Italy's provinces, the list its regions.
func (s *source) firstDivisions(mapped []fact, towns townNames) (out []fact) {
	known := map[string]bool{}
	for _, x := range mapped {
		known[x.id] = true
		known[x.country+fold(x.name)] = true
	}
	s.divided(func(level, q, name, country string) {
		name = earthName(name)
		if level != "admin1" || name == "" || known[q] || known[country+fold(name)] || s.countryIDs[q] {
			return
		}
		known[q] = true
		x := fact{id: q, kind: "LOC", name: name, country: country, role: "region", prior: 4}
		x.weaken(func(w string) bool { return towns.has(w, country, 2) })
		out = append(out, x)
	})
	return out
}

// inherit gives the towns that regions are called after the regions' names in
// other languages: Mantoue is what French calls both. The regions then need
// support to be meant by them.
func inherit(towns, regions []fact) {
	at := map[[2]string]int{}
	for i := len(towns) - 1; i >= 0; i-- { // the best known is first
		at[[2]string{fold(towns[i].name), towns[i].country}] = i
	}
	for i := range regions {
		x := &regions[i]
		t, ok := at[[2]string{fold(x.name), x.country}]
		if !ok || x.id == towns[t].id {
			continue
		}
		var shared []string
		for _, n := range x.names {
			if form := strings.TrimPrefix(bare(n), "~"); oneWord(n) {
				shared = append(shared, n[:len(n)-len(bare(n))]+form)
			}
		}
		has := map[string]bool{towns[t].name: true}
		for _, n := range towns[t].names {
			has[strings.TrimPrefix(bare(n), "~")] = true
		}
		for _, n := range shared {
			if !has[bare(n)] {
				has[bare(n)] = true
				towns[t].names = append(towns[t].names, n)
			}
		}
		x.mark(func(form string) bool { return oneWord(form) })
	}
}

// regionPrior is a region's prior by the zoom at which a map begins to name it.
func regionPrior(zoom float64) int { return max(2, 9-int(0.6*zoom)) }

// cyrillicOr gives a form of unknown language the languages of its script, or
// lang.
func cyrillicOr(form, lang string) string {
	if r := firstRune(form); r >= 0x410 && r <= 0x42f {
		return "ru,uk,bg:" + form
	}
	return lang + form
}

// counties are those of the United States, as "X County".
func (s *source) counties() (out []fact) {
	for _, r := range s.earth("admin_2_counties") {
		full := r["name_alt"]
		if r.qid() == "" || !strings.HasPrefix(full, r["name"]+" ") {
			continue
		}
		_, kind, _ := strings.Cut(full, r["name"]+" ")
		out = append(out, fact{
			id: r.qid(), kind: "LOC", name: full, names: []string{"en:" + r["name"] + " " + strings.ToLower(kind)}, country: "US", role: "county", prior: 2,
			lat: short(r["latitude"]), lon: short(r["longitude"]), part: s.regionIDs["US."+r["region"]],
		})
	}
	return out
}

// nature is what maps name besides: seas, straits, rivers, lakes, islands,
// mountains, deserts; and airports.
func (s *source) nature(mapped townNames, common map[string]bool) (out []fact) {
	for _, table := range []string{
		"geography_marine_polys", "geography_regions_polys", "geography_regions_points",
		"geography_regions_elevation_points", "lakes", "lakes_europe", "rivers_lake_centerlines", "rivers_europe", "airports",
	} {
		for _, r := range s.earth(table) {
			x := fact{
				id: r.qid(), kind: "LOC", name: r.title(), role: strings.ToLower(r["featurecla"]),
				lat: short(r["lat_y"]), lon: short(r["long_x"]), prior: max(1, 8-int(0.7*r.number("scalerank"))),
			}
			switch {
			case x.id == "" || x.name == "" || s.countryIDs[x.id] || strings.HasPrefix(x.role, "spot"):
				continue
			case strings.HasPrefix(table, "lakes"):
				x.lake(r)
			case strings.HasPrefix(table, "rivers"):
				x.role = "river"
				if oneWord(x.name) {
					x.names = append(x.names, "en:"+x.name+" River", "en:River "+x.name)
				}
			case table == "airports":
				x.prior = 3
			}
			x.names = dedup(x.name, append(x.names, r.forms()...))
			if table == "airports" || x.role == "lake" {
				x.names = longer(x.names)
			}
			x.mark(func(form string) bool { return mapped.has(form, "", x.prior-2) })
			x.weaken(func(w string) bool {
				return common[strings.ToLower(w)] || x.prior < 4
			})
			out = append(out, x)
		}
	}
	return out
}

// lake names a lake as the map does: its English column has the name without
// the word Lake.
func (x *fact) lake(r earthRow) {
	x.role = "lake"
	if n := earthName(r["name"]); n != "" {
		x.name = n
	}
	x.weak = oneWord(x.name)
}

// longer keeps the forms of more than one word.
func longer(forms []string) (out []string) {
	for _, f := range forms {
		if !oneWord(f) {
			out = append(out, f)
		}
	}
	return out
}
