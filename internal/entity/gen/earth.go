package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// earthRow is a row of one of Natural Earth's tables (public domain), by the
// names of its columns in lower case.
type earthRow map[string]string

func (r earthRow) number(column string) float64 {
	x, _ := strconv.ParseFloat(r[column], 64)
	return x
}

// qid is the row's Wikidata id, or "".
func (r earthRow) qid() string {
	if q := r["wikidataid"]; strings.HasPrefix(q, "Q") {
		return q
	}
	return ""
}

// earth gives the rows of Natural Earth's table, ne_10m_<table>.tsv.
func (s *source) earth(table string) (rows []earthRow) {
	data, err := os.ReadFile(filepath.Join(s.earthDir, "ne_10m_"+table+".tsv"))
	if err != nil {
		s.fail(err)
		return nil
	}
	var head []string
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if head == nil {
			head = strings.Split(strings.ToLower(strings.Join(cells, "\t")), "\t")
			continue
		}
		r := earthRow{}
		for i, c := range cells {
			r[head[i]] = strings.TrimSpace(c)
		}
		rows = append(rows, r)
	}
	return rows
}

// earthTowns gives the rows of Natural Earth's table of towns, which comes as
// GeoJSON.
func (s *source) earthTowns() (rows []earthRow) {
	data, err := os.ReadFile(filepath.Join(s.earthDir, "ne_10m_populated_places.json"))
	if err != nil {
		s.fail(err)
		return nil
	}
	var doc struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		s.fail(fmt.Errorf("towns of Natural Earth: %w", err))
		return nil
	}
	for _, f := range doc.Features {
		r := earthRow{}
		for k, v := range f.Properties {
			switch v := v.(type) {
			case string:
				r[strings.ToLower(k)] = strings.TrimSpace(v)
			case float64:
				r[strings.ToLower(k)] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// forms are a row's names in our languages, each with its language.
func (r earthRow) forms() (out []string) {
	for _, lang := range tongues {
		if n := earthName(r["name_"+lang]); n != "" {
			out = append(out, lang+":"+n)
		}
	}
	return out
}

// slight reports whether a form is one Cyrillic word so short that the cases of
// other words are easily taken for it: Бута, Меня.
func slight(form string) bool {
	n := bare(form)
	return unicode.Is(unicode.Cyrillic, firstRune(n)) && oneWord(n) && utf8.RuneCountInString(n) < 5
}

// title is a row's English name, or "" when it has none that is good.
func (r earthRow) title() string {
	for _, n := range []string{r["name_en"], r["name"]} {
		if n = earthName(n); n != "" && (n != strings.ToUpper(n) || utf8.RuneCountInString(n) < 4) {
			return n
		}
	}
	return ""
}

// earthName is a name without what a map adds to it, or "" when it is none:
// an abbreviation, two names in one, a mere genitive.
func earthName(n string) string {
	n, _, _ = strings.Cut(n, " (")
	n, _, _ = strings.Cut(n, ", ")
	n = strings.ReplaceAll(clean(n), "\u0301", "") // stress marks
	for _, of := range []string{"de ", "d'", "d’", "du ", "dell'", "della ", "di "} {
		if strings.HasPrefix(n, of) {
			return ""
		}
	}
	r := firstRune(n)
	letters := unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Cyrillic, r)
	if !letters || n == strings.ToLower(n) || utf8.RuneCountInString(n) < 3 || strings.HasSuffix(n, ".") || strings.ContainsAny(n, "/|~;0123456789") {
		return ""
	}
	return n
}

// ofRegion takes away the words that a language puts before the bare name of a region.
var ofRegion = strings.NewReplacer(
	"canton de ", "", "canton du ", "", "canton des ", "", "canton d'", "", "province de ", "", "province du ", "", "province d'", "",
	"oblast de ", "", "oblast d'", "", "voïvodie de ", "", "voïvodie d'", "", "comté de ", "", "comté d'", "", "région de ", "",
	"Kanton ", "", "Provinz ", "", "Oblast ", "", "Woiwodschaft ", "", "Provincia de ", "", "provincia de ", "", "provincia di ", "", "Canton ", "", "canton ", "",
)

// bareForms adds to forms those without the word for a region: Argovie, where
// the map says canton d'Argovie. Voivodeships are not called so alone: Sainte-Croix
// is many other places.
func bareForms(forms []string) []string {
	for _, f := range forms {
		lang, n, _ := strings.Cut(f, ":")
		short := ofRegion.Replace(n)
		if short == n || earthName(short) == "" || short[0] >= 'a' {
			continue
		}
		if low := strings.ToLower(n); strings.HasPrefix(low, "voïvodie") || strings.HasPrefix(low, "woiwodschaft") {
			short = "~" + short
		}
		forms = append(forms, lang+":"+short)
	}
	return forms
}

// oneWord reports whether a form with its language is a single word, but for an
// article before it.
func oneWord(form string) bool { return !strings.ContainsAny(word(form), " -'’") }

// word is a form without its language and its article.
func word(form string) string {
	form = strings.TrimPrefix(bare(form), "~")
	if article, rest, ok := strings.Cut(form, " "); ok && slices.Contains([]string{"la", "le", "les", "the", "el", "los", "las"}, strings.ToLower(article)) {
		return rest
	}
	return form
}

// weaken marks the forms that are one word and that doubtful says may mean
// something else.
func (x *fact) weaken(doubtful func(word string) bool) {
	x.mark(func(form string) bool {
		return oneWord(form) && (doubtful(word(form)) || x.prior < 6 && slight(form))
	})
}

// mark marks the forms that weak says of as such.
func (x *fact) mark(weak func(form string) bool) {
	for i, n := range x.names {
		form := bare(n)
		if !strings.HasPrefix(form, "~") && weak(form) {
			x.names[i] = n[:len(n)-len(form)] + "~" + form
		}
	}
	x.weak = x.weak || weak(x.name)
}
