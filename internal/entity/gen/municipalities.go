package main

import "strings"

// municipal says, for each country whose towns and municipalities are one in
// Wikidata, at which level the list of regions has them. It was chosen by
// comparing with the towns that Natural Earth confirms: of those countries, 95
// in a hundred agree at least.
var municipal = map[string]string{
	"AT": "admin2", "BR": "admin2", "CH": "admin2", "CO": "admin2", "DO": "admin2", "DZ": "admin3",
	"GT": "admin2", "HR": "admin2", "IT": "admin3", "PT": "admin2", "RO": "admin2", "SK": "admin3", "SV": "admin2",
}

// divided gives each region of usc-isi-i2/datamart-api's list (MIT): its level,
// admin1 to admin3, its id, its name and its country's code.
func (s *source) divided(each func(level, qid, name, country string)) {
	s.csv(s.regionList, func(cell func(string) string) {
		for _, level := range []string{"admin1", "admin2", "admin3"} {
			if q := cell(level + "_id"); q != "" {
				each(level, q, cell(level), s.countryCodes[cell("country_id")])
			}
		}
	})
}

// municipalities claims the QIDs of that list for towns whose name is alone in
// both lists of its country.
func (s *source) municipalities(towns []fact, byName map[[2]string][]int, claims map[int]identity, taken map[string]bool) {
	ids := map[[2]string]map[string]bool{}
	s.divided(func(level, q, name, country string) {
		key := [2]string{fold(name), country}
		if level == "admin1" || municipal[country] == "" {
			return
		}
		if ids[key] == nil {
			ids[key] = map[string]bool{}
		}
		if level != municipal[country] {
			q = "" // a district of that name: in doubt
		}
		ids[key][q] = true
	})
	for i := range towns {
		for _, n := range append([]string{"en:" + towns[i].name}, towns[i].names...) {
			lang, form, _ := strings.Cut(n, ":")
			key := [2]string{fold(strings.TrimPrefix(form, "~")), towns[i].country}
			if lang != "en" || len(ids[key]) != 1 || len(byName[key]) != 1 {
				continue
			}
			for q := range ids[key] {
				if _, twice := claims[i]; !twice && q != "" && !taken[q] {
					claims[i] = identity{qid: q}
					taken[q] = true
				}
			}
		}
	}
}
