package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// people are office-holders and legislators (from Wikidata, CC0). Roles stop
// in 2022, so none is kept; only how high the office was counts, as a prior.
func (s *source) people() (out []fact) {
	s.rows("kb/people.tsv.gz", func(cell func(string) string) {
		if strings.Contains(cell("source"), "supraverden") || cell("qid") == "" && cell("name_en") == "" {
			return
		}
		x := fact{id: cell("qid"), kind: "PER", country: homeland(cell("role"), cell("country")), prior: standing(cell("role"))}
		if x.id == "" {
			x.id = "per." + slug(cell("name_en"))
		}
		forms := []string{cell("name_en"), "fr:" + cell("name_fr")}
		forms = append(forms, strings.Split(cell("aliases"), "|")...)
		for _, f := range forms {
			if n := personName(f); n != "" {
				if x.name == "" {
					x.name = bare(n)
					continue
				}
				x.names = append(x.names, n)
			}
		}
		if x.name == "" {
			return
		}
		x.names = dedup(x.name, x.names)
		x.role = strings.TrimSpace(cell("kind"))
		out = append(out, x)
	})
	return out
}

// artists are the people of the National Gallery of Art's open data (CC0):
// painters, and writers whose books were illustrated. Their lives tell them
// from namesakes.
func (s *source) artists() (out []fact) {
	s.csv(s.artistList, func(cell func(string) string) {
		name := personName(cell("forwarddisplayname"))
		if name == "" || cell("constituenttype") != "individual" || !strings.HasPrefix(cell("wikidataid"), "Q") {
			return
		}
		life := strings.Trim(cell("beginyear")+"–"+cell("endyear"), "–")
		out = append(out, fact{id: cell("wikidataid"), kind: "PER", name: bare(name), role: "artist or author, " + life, prior: 3})
	})
	return out
}

// personName returns the form with its language, or "" when it is in a script
// that we do not read or is no full name.
func personName(f string) string {
	lang, n := "", strings.TrimSpace(f)
	if l, rest, ok := strings.Cut(n, ":"); ok && len(l) <= 6 {
		lang, n = l, strings.TrimSpace(rest)
	}
	words := strings.Fields(n)
	if len(words) < 2 || len(words) > 6 || strings.ContainsAny(n, "(),;/|~0123456789") {
		return ""
	}
	switch r := firstRune(n); {
	case unicode.Is(unicode.Cyrillic, r):
		return "ru,uk,bg:" + n
	case !unicode.Is(unicode.Latin, r) || utf8.RuneCountInString(words[0]) < 2:
		return ""
	}
	if n == strings.ToUpper(n) {
		return ""
	}
	if lang == "fr" || lang == "pl" || lang == "es" || lang == "de" || lang == "it" || lang == "pt" || lang == "nl" {
		return lang + ":" + n
	}
	return "en:" + n
}

func bare(f string) string {
	if _, n, ok := strings.Cut(f, ":"); ok {
		return n
	}
	return f
}

// homeland is the country of the first role, else the first that the row names.
func homeland(role, country string) string {
	if len(role) > 3 && role[2] == ':' && unicode.IsUpper(rune(role[0])) {
		return role[:2]
	}
	if len(country) >= 2 {
		return country[:2]
	}
	return ""
}

// standing is the prior of a person by the highest office held.
func standing(role string) int {
	r := strings.ToLower(role)
	top := 2
	for _, x := range []struct {
		word  string
		prior int
	}{
		{"minister", 3},
		{"secretary of state", 3},
		{"foreign", 4},
		{"defence", 4},
		{"defense", 4},
		{"prime minister", 5},
		{": president", 5},
		{"president of", 4},
	} {
		if strings.Contains(r, x.word) && !strings.Contains(r, "deputy") {
			top = max(top, x.prior)
		}
	}
	if strings.Contains(r, "–)") { // was in office when the list was made
		top++
	}
	return top
}

func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(fold(s)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
