package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/token"
)

func fold(s string) string { return token.Fold(s) }

// orgs are parties (partyfacts, MIT), agencies (name-suggestion-index,
// BSD-3-Clause; misp-galaxy, CC0) and military units (uawardata). Rows of
// supraverden are CC BY-SA and stay out; the cabinets name no organisation.
func (s *source) orgs() (out []fact) {
	s.rows("kb/orgs.tsv.gz", func(cell func(string) string) {
		if strings.Contains(cell("source"), "supraverden") || cell("kind") == "cabinet" || cell("name_en") == "" {
			return
		}
		x := fact{id: cell("qid"), kind: "ORG", name: cell("name_en"), country: iso(cell("country")), prior: 2, role: strings.ReplaceAll(cell("kind"), "_", " ")}
		if x.id == "" {
			x.id = "org." + slug(x.name)
			if x.country != "" {
				x.id += "-" + strings.ToLower(x.country)
			}
		}
		if strings.Contains(cell("role"), "–)") {
			x.prior = 3
		}
		if n := cell("name_fr"); n != "" && n != x.name {
			x.names = append(x.names, "fr:"+n)
		}
		for a := range strings.SplitSeq(cell("aliases"), "|") {
			a = strings.TrimPrefix(a, "native:")
			if l, n, ok := strings.Cut(a, ":"); ok && len(l) <= 3 {
				a = n
			}
			if orgName(a) {
				x.names = append(x.names, weakly(a))
			}
		}
		if strings.ContainsAny(x.name, "|~(") || !unicode.IsUpper(firstRune(x.name)) {
			return
		}
		x.weak = !strings.Contains(x.name, " ")
		x.names = unique(x.name, x.names)
		out = append(out, x)
	})
	return out
}

// weakly marks a form that alone may mean much else: one word, or capitals.
func weakly(a string) string {
	if !strings.Contains(a, " ") {
		return "~" + a
	}
	return a
}

func orgName(a string) bool {
	n := utf8.RuneCountInString(a)
	r := firstRune(a)
	return n >= 3 && n < 80 && unicode.IsUpper(r) && (unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Cyrillic, r)) &&
		!strings.ContainsAny(a, "(),;/|~")
}

func unique(name string, in []string) (out []string) {
	seen := map[string]bool{name: true}
	for _, n := range in {
		if !seen[strings.TrimPrefix(n, "~")] {
			seen[strings.TrimPrefix(n, "~")] = true
			out = append(out, n)
		}
	}
	return out
}

func iso(c string) string {
	if len(c) == 2 && strings.ToUpper(c) == c {
		return c
	}
	return ""
}

// weapons are models of equipment: oryx (MIT) and misp-galaxy (CC0). Models
// whose name is one plain word stay out.
func (s *source) weapons() (out []fact) {
	s.rows("kb/weapons.tsv.gz", func(cell func(string) string) {
		name := cell("name_en")
		if cell("source") == "dg-v1-equipment" || !strings.ContainsAny(name, "0123456789") || len(name) < 4 ||
			len(strings.Fields(name)) > 3 || strings.ContainsAny(name, "|~/()") || !unicode.IsUpper(firstRune(name)) {
			return
		}
		x := fact{id: "arm." + slug(name), kind: "MISC", name: name, country: iso(cell("country")), role: strings.ToLower(cell("kind")), prior: 2}
		if x.country == "SU" {
			x.country = "RU"
		}
		for a := range strings.SplitSeq(cell("aliases"), "|") {
			if orgName(a) && strings.ContainsAny(a, "0123456789") && len(a) > 3 {
				x.names = append(x.names, a)
			}
		}
		x.names = unique(x.name, x.names)
		out = append(out, x)
	})
	return out
}

// media are publishers (fundus, MIT; Le Monde diplomatique's map, ODC-By).
func (s *source) media() (out []fact) {
	s.rows("kb/media.tsv.gz", func(cell func(string) string) {
		name := cell("name_en")
		if utf8.RuneCountInString(name) < 4 || strings.ContainsAny(name, "|~(") || !unicode.IsUpper(firstRune(name)) {
			return
		}
		x := fact{id: cell("qid"), kind: "ORG", name: name, country: iso(cell("country")), role: "news publisher", prior: 3}
		if x.id == "" {
			x.id = "org." + slug(name)
		}
		x.weak = !strings.Contains(name, " ")
		out = append(out, x)
	})
	return out
}

// groups are threat actors (misp-galaxy, CC0).
func (s *source) groups() (out []fact) {
	s.lines("gazetteer/misp.jsonl.gz", func(line string) {
		var g struct {
			Kind, Name, Country string
			Synonyms            []string
		}
		if err := json.Unmarshal([]byte(line), &g); err != nil {
			s.fail(err)
			return
		}
		if g.Kind != "threat-actor" || !orgName(g.Name) || len(g.Name) < 4 {
			return
		}
		x := fact{id: "org." + slug(g.Name), kind: "ORG", name: g.Name, country: iso(g.Country), role: "threat actor", prior: 2}
		x.weak = !strings.ContainsAny(g.Name, " 0123456789")
		for _, a := range g.Synonyms {
			if orgName(a) && a != strings.ToUpper(a) && strings.Contains(a, " ") && !strings.HasPrefix(a, "Group ") {
				x.names = append(x.names, a)
			}
		}
		x.names = unique(x.name, x.names)
		out = append(out, x)
	})
	return out
}

// commonWords are words that a place's name may be by chance.
func (s *source) commonWords(npm string) map[string]bool {
	out := map[string]bool{}
	for _, lang := range []string{"dutch", "english", "french", "german", "italian", "portuguese", "russian", "spanish"} {
		s.lines("gazetteer/snowball/"+lang+".tsv.gz", func(l string) {
			w, _, _ := strings.Cut(l, "\t")
			out[w] = true
		})
	}
	for _, file := range []string{"gazetteer/given-names.tsv.gz", "gazetteer/person-names.txt.gz"} {
		s.lines(file, func(l string) {
			w, _, _ := strings.Cut(l, "\t")
			out[strings.ToLower(w)] = true
		})
	}
	if npm == "" {
		return out
	}
	for _, lang := range []string{"english", "french", "spanish"} {
		data, err := os.ReadFile(filepath.Join(npm, "an-array-of-"+lang+"-words", "index.json"))
		if err != nil {
			s.fail(err)
			return out
		}
		var list []string
		s.fail(json.Unmarshal(data, &list))
		for _, w := range list {
			out[w] = true
		}
	}
	return out
}
