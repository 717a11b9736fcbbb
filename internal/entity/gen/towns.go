package main

import (
	"math"
	"strconv"
	"strings"
)

// townNames are the names of towns, by country and with "" for any, each with
// the highest prior of those who bear it.
type townNames map[[2]string]int

func (t townNames) add(x *fact) {
	for _, n := range append([]string{x.name}, x.names...) {
		for _, country := range []string{x.country, ""} {
			key := [2]string{fold(strings.TrimPrefix(bare(n), "~")), country}
			t[key] = max(t[key], x.prior)
		}
	}
}

// has reports whether a town of the country, or of any for "", is called name
// and is as well known as least.
func (t townNames) has(name, country string, least int) bool {
	return t[[2]string{fold(name), country}] >= max(1, least)
}

// identity is what Natural Earth knows of a town.
type identity struct {
	qid   string
	names []string
	prior int // at least
}

// identify gives GeoNames' towns the QIDs that Natural Earth confirms, by
// GeoNames' id where the map has it and the two lie together, else by name,
// country and place; and then those of municipalities. Towns that only the map
// has are appended.
func (s *source) identify(towns []fact) []fact {
	byID, byName := map[string]int{}, map[[2]string][]int{}
	for i := range towns {
		x := &towns[i]
		byID[x.id] = i
		for _, n := range append([]string{x.name}, x.names...) {
			key := [2]string{fold(strings.TrimPrefix(bare(n), "~")), x.country}
			byName[key] = append(byName[key], i)
		}
	}
	claims := map[int]identity{}
	taken := map[string]bool{}
	for _, r := range s.earthTowns() {
		q := r.qid()
		if q == "" || taken[q] || s.countryIDs[q] {
			continue
		}
		i, ok := byID["geo."+r["geonameid"]]
		if !ok || r.from(&towns[i]) > 40 {
			i, ok = nearest(r, towns, byName)
		}
		if !ok {
			if x := r.town(); x.name != "" {
				taken[q] = true
				towns = append(towns, x)
			}
			continue
		}
		if _, twice := claims[i]; !twice {
			claims[i] = identity{q, r.forms(), r.fame()}
			taken[q] = true
		}
	}
	s.municipalities(towns, byName, claims, taken)
	s.cities(towns, byName, claims, taken)
	for i, c := range claims {
		x := &towns[i]
		x.id = c.qid
		x.prior = max(x.prior, c.prior)
		x.names = dedup(x.name, append(x.names, c.names...))
		x.weaken(func(string) bool { return false })
	}
	return towns
}

// fame is the prior of a town that a map of the world shows: Venice is better
// known than its size tells.
func (r earthRow) fame() int {
	switch rank := r.number("scalerank"); {
	case rank < 5:
		return 6
	case rank < 8:
		return 4
	}
	return 0
}

// nearest is the town of one of r's names that lies within 40 km of it.
func nearest(r earthRow, towns []fact, byName map[[2]string][]int) (best int, ok bool) {
	least := 40.0
	for _, n := range append(r.forms(), "en:"+r["name"], "en:"+r["nameascii"], "en:"+r["namealt"]) {
		for _, i := range byName[[2]string{fold(bare(n)), r["iso_a2"]}] {
			if d := r.from(&towns[i]); d < least {
				best, least, ok = i, d, true
			}
		}
	}
	return best, ok
}

// from is the distance between r and x in kilometres, nearly.
func (r earthRow) from(x *fact) float64 {
	lat, _ := strconv.ParseFloat(x.lat, 64)
	lon, _ := strconv.ParseFloat(x.lon, 64)
	north := r.number("latitude") - lat
	east := (r.number("longitude") - lon) * math.Cos(lat*math.Pi/180)
	return 111.2 * math.Hypot(north, east)
}

// town is a town that GeoNames' list does not have.
func (r earthRow) town() fact {
	pop := int(r.number("pop_max"))
	x := fact{
		id: r.qid(), kind: "LOC", name: r.title(), country: iso(r["iso_a2"]), role: placeRole("PPL", pop),
		lat: short(r["latitude"]), lon: short(r["longitude"]), prior: min(4, placePrior("PPL", pop)),
	}
	x.names = dedup(x.name, r.forms())
	return x
}
