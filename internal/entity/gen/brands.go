package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

// newsworthy says of a description that news may name what it describes:
// companies that work beyond a town, banks, carriers, broadcasters, agencies,
// universities, national bodies.
var newsworthy = regexp.MustCompile(`(?i)\b(multinational|compan(y|ies)|corporation|conglomerate|manufacturer|maker|airline|bank|banking|insurer|insurance|rail|railway|railroad|energy|petroleum|oil|gas|electric|power|utility|telecommunications?|telecom|mobile network|police|gendarmerie|carabinieri|armed forces|army|navy|air force|military|government agency|federal agency|ministry|department of the|agency of|executive agency|university|newspaper|broadcaster|postal|mail|retailer|retail|supermarket|hypermarket|fashion house|automotive|car brand|technology|Red Cross|Red Crescent|political party|trade union|international organi[sz]ation|non-governmental|denomination|church|logistics|courier|shipping|airport|hotel)\b`)

// local says that only a town will name it.
var local = regexp.MustCompile(`(?i)\b(schools?|municipal|municipality|district|county|cit(y|ies)|town|bus|tram|transit|library|libraries|fire department|restaurant|bakery|hairdress|park|pharmacy|wash|franchise|village|local|regional distribution|savings bank|credit union|cooperative bank|house number|clothing chain|fast food|flag|brand of|station brand|verbandsgemeinde|in (Ohio|Texas|Florida|Iowa|Oregon|Wisconsin|Minnesota))\b`)

// state says that a flag's subject is a country or a part of one, now or once.
var state = regexp.MustCompile(`(?i)\b(country|state|empire|kingdom|republic|province|region|community|territory|union)\b`)

// brands are companies and bodies of name-suggestion-index (BSD-3-Clause), with
// the label and the description that it takes from Wikidata (CC0): the index
// itself knows a million shops, so the description decides what is kept.
// What regions has is left out.
func (s *source) brands(towns townNames, regions []fact, common map[string]bool) (out []fact) {
	mapped := map[string]bool{}
	for _, x := range regions {
		mapped[x.id], mapped[x.name] = true, true
	}
	var index struct {
		NSI map[string]struct {
			Items []struct {
				LocationSet struct{ Include []any }
				Tags        map[string]string
			}
		}
	}
	var known struct {
		Wikidata map[string]struct{ Label, Description string }
	}
	s.brandsFile("json/nsi.min.json", &index)
	s.brandsFile("wikidata/wikidata.min.json", &known)
	doubtful := func(w string) bool {
		w = strings.TrimPrefix(w, "~")
		return utf8.RuneCountInString(w) < 4 || common[strings.ToLower(w)] || towns.has(w, "", 1)
	}
	at := map[string]int{}
	for _, tree := range sortedKeys(index.NSI) {
		for _, item := range index.NSI[tree].Items {
			for _, role := range []string{"brand", "operator", "network", "subject"} {
				q := item.Tags[role+":wikidata"]
				w := known.Wikidata[q]
				if !strings.HasPrefix(q, "Q") || s.countryIDs[q] || !orgName(w.Label) {
					continue
				}
				i, seen := at[q]
				if !seen {
					x := fact{id: q, kind: "ORG", name: w.Label, role: clean(w.Description), prior: 3}
					switch {
					case mapped[q] || role == "subject" && mapped[w.Label]:
						continue
					case role == "subject" && state.MatchString(w.Description) && !strings.Contains(w.Description, "city"):
						x.kind, x.prior = "LOC", 4
					case role == "subject" || local.MatchString(w.Description) || !newsworthy.MatchString(w.Description):
						continue
					}
					if in := item.LocationSet.Include; len(in) == 1 {
						code, _ := in[0].(string)
						x.country = iso(strings.ToUpper(code))
					}
					i = len(out)
					at[q] = i
					out = append(out, x)
				}
				for _, tag := range []string{role, role + ":en", role + ":fr", role + ":ru", role + ":uk", role + ":short"} {
					if n := item.Tags[tag]; orgName(n) && (tag != role+":short" || n == strings.ToUpper(n)) {
						out[i].names = append(out[i].names, cyrillicOr(n, ""))
					}
				}
			}
		}
	}
	for i := range out {
		x := &out[i]
		x.names = unique(x.name, x.names)
		if x.kind == "ORG" {
			x.weaken(doubtful)
		}
	}
	return out
}

// settled says that a description is that of a town.
var settled = regexp.MustCompile(`^(?:(?:capital|port|largest|county) )?(?:city|town|municipality|commune|borough)\b.*\b(?:in|of) `)

// cities gives the towns whose own governments the index knows their QIDs: the
// description must name the region or the country of the only town of the name
// there.
func (s *source) cities(towns []fact, byName map[[2]string][]int, claims map[int]identity, taken map[string]bool) {
	var known struct {
		Wikidata map[string]struct{ Label, Description string }
	}
	s.brandsFile("wikidata/wikidata.min.json", &known)
	for _, q := range sortedKeys(known.Wikidata) {
		w := known.Wikidata[q]
		if taken[q] || !settled.MatchString(w.Description) {
			continue
		}
		var here []int
		for country, name := range s.countryNames {
			for _, i := range byName[[2]string{fold(w.Label), country}] {
				region := s.regionNames[towns[i].part]
				in := region != "" && strings.Contains(w.Description, region)
				if in || region == "" && strings.Contains(w.Description, name) {
					here = append(here, i)
				}
			}
		}
		if len(here) != 1 {
			continue
		}
		if _, twice := claims[here[0]]; !twice {
			claims[here[0]] = identity{qid: q}
			taken[q] = true
		}
	}
}

// brandsFile reads a file of the package.
func (s *source) brandsFile(path string, into any) {
	data, err := os.ReadFile(filepath.Join(s.brandsDir, "dist", path))
	if err != nil {
		s.fail(err)
		return
	}
	s.fail(json.Unmarshal(data, into))
}
