package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// countries are those of countries.jsonl: CLDR names, QIDs of t2wml. The QIDs
// of kb/countries are not used: some are those of former states. A country's
// place is in the middle of its regions' in Natural Earth.
func (s *source) countries() (out []fact) {
	lats, lons := map[string][]float64{}, map[string][]float64{}
	for _, r := range s.earth("admin_1_states_provinces") {
		lats[r["iso_a2"]] = append(lats[r["iso_a2"]], r.number("latitude"))
		lons[r["iso_a2"]] = append(lons[r["iso_a2"]], r.number("longitude"))
	}
	s.countryIDs, s.countryCodes, s.countryNames = map[string]bool{}, map[string]string{}, map[string]string{}
	s.lines("gazetteer/countries.jsonl.gz", func(line string) {
		var c struct {
			ISO2, QID string
			Names     map[string][]string
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			s.fail(err)
			return
		}
		x := fact{id: c.QID, kind: "LOC", name: c.Names["en"][0], country: c.ISO2, role: "country or territory", prior: 9}
		if x.id == "" {
			x.id = "iso." + strings.ToLower(c.ISO2)
		}
		if c.ISO2 == "NL" { // the country; t2wml names the kingdom
			x.id = "Q55"
		}
		for _, lang := range tongues {
			for _, n := range c.Names[lang] {
				x.names = append(x.names, lang+":"+n)
			}
		}
		x.lat, x.lon = middle(lats[c.ISO2]), middle(lons[c.ISO2])
		s.countryIDs[x.id], s.countryCodes[x.id], s.countryNames[c.ISO2] = true, c.ISO2, x.name
		out = append(out, x)
	})
	return out
}

// middle is the median of degrees.
func middle(degrees []float64) string {
	if len(degrees) == 0 {
		return ""
	}
	slices.Sort(degrees)
	return strconv.FormatFloat(degrees[len(degrees)/2], 'f', 1, 64)
}

// parted are the countries whose divisions have one code in GeoNames and in
// Natural Earth.
const parted = "US CA AU DE CH RU UA IN MX BR"

// divisions gives the QID of each first division by GeoNames' code of it.
func (s *source) divisions() map[string]string {
	out := map[string]string{}
	s.regionNames = map[string]string{}
	for _, r := range s.earth("admin_1_states_provinces") {
		if strings.Contains(parted, r["iso_a2"]) && r.qid() != "" && r.title() != "" {
			out[r["gn_a1_code"]] = r.qid()
			s.regionNames[r.qid()] = r.title()
		}
	}
	return out
}

// tongues are the languages whose names the base keeps.
var tongues = []string{"fr", "en", "de", "es", "it", "nl", "pl", "pt", "ru", "uk", "cs", "bg"}

// places are GeoNames' of 2,000 people or more (CC BY 4.0).
func (s *source) places(common map[string]bool) (out []fact) {
	local := map[string][]string{}
	s.rows("gazetteer/place-names.tsv.gz", func(cell func(string) string) {
		id := cell("geonameid")
		for _, lang := range tongues {
			for n := range strings.SplitSeq(cell(lang), "|") {
				if n != "" {
					local[id] = append(local[id], lang+":"+n)
				}
			}
		}
	})
	same := map[string]int{}
	s.rows("gazetteer/places.tsv.gz", func(cell func(string) string) {
		pop, _ := strconv.Atoi(cell("population"))
		x := fact{
			id: "geo." + cell("geonameid"), kind: "LOC", name: cell("name"), country: cell("country"),
			role: placeRole(cell("feature"), pop), lat: short(cell("latitude")), lon: short(cell("longitude")),
			prior: placePrior(cell("feature"), pop), names: local[cell("geonameid")],
			part: s.regionIDs[cell("country")+"."+cell("admin1")],
		}
		if strings.ContainsAny(x.name, "|~") || useless(x.name) {
			return
		}
		if same[x.name]++; same[x.name] > 12 {
			return
		}
		x.weak = pop < 100_000 && (common[strings.ToLower(x.name)] || len(x.name) < 4)
		x.names = append(x.names, saints(x.name)...)
		x.names = dedup(x.name, append(x.names, cyrillic(cell("alternate_names"), cell("country"))...))
		if x.weak {
			for i, n := range x.names {
				lang, form, _ := strings.Cut(n, ":")
				x.names[i] = lang + ":~" + form
			}
		}
		out = append(out, x)
	})
	// The best known first: of places of one name, the first is offered first.
	slices.SortStableFunc(out, func(a, b fact) int { return b.prior - a.prior })
	out = s.identify(out)
	for i := range out {
		if out[i].part == out[i].id { // Berlin is a state
			out[i].part = ""
		}
	}
	return out
}

// saints are the short ways to write a saint's town: St-Denis, St. Louis.
func saints(name string) []string {
	switch {
	case strings.HasPrefix(name, "Saint-"):
		return []string{"fr:St-" + name[6:]}
	case strings.HasPrefix(name, "Sainte-"):
		return []string{"fr:Ste-" + name[7:]}
	case strings.HasPrefix(name, "Saint "):
		return []string{"en:St. " + name[6:]}
	case strings.HasPrefix(name, "St. "):
		return []string{"en:Saint " + name[4:], "fr:Saint-" + name[4:]}
	}
	return nil
}

func short(deg string) string {
	if i := strings.IndexByte(deg, '.'); i >= 0 && len(deg) > i+4 {
		return deg[:i+4]
	}
	return deg
}

func placeRole(feature string, pop int) string {
	switch {
	case feature == "PPLC":
		return "capital"
	case feature == "PPLX":
		return "part of a town"
	case pop >= 50_000:
		return "city"
	}
	return "town"
}

func placePrior(feature string, pop int) int {
	p := 1
	for _, least := range []int{5_000, 20_000, 50_000, 100_000, 300_000, 1_000_000, 5_000_000} {
		if pop >= least {
			p++
		}
	}
	switch feature {
	case "PPLC":
		p = min(9, p+3)
	case "PPLX":
		p = max(1, p-3)
	}
	return p
}

func useless(name string) bool {
	return utf8.RuneCountInString(name) < 3 || !unicode.IsUpper(firstRune(name))
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// cyrillic keeps the Cyrillic ones of names whose language is unknown, for
// places where Cyrillic is written or that are large enough to have one.
func cyrillic(alternates, country string) (out []string) {
	for n := range strings.SplitSeq(alternates, "|") {
		if r := firstRune(n); r >= 0x410 && r <= 0x42f && len(out) < 4 {
			out = append(out, "ru,uk,bg:"+n)
		}
	}
	if len(out) > 1 && !strings.Contains("RU UA BY KZ BG RS MK KG TJ UZ MD", country) {
		out = out[:1]
	}
	return out
}

func dedup(name string, forms []string) []string {
	seen := map[string]bool{name: true}
	var out []string
	for _, f := range forms {
		_, form, _ := strings.Cut(f, ":")
		if seen[form] || strings.ContainsAny(form, "~|\t") {
			continue
		}
		seen[form] = true
		out = append(out, f)
	}
	return out
}
