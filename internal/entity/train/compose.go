package main

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

//go:embed patterns/*.txt
var patterns embed.FS

// tongues are the languages that we compose in.
var tongues = []string{"en", "fr", "de", "es", "it", "nl", "pl", "pt", "ru", "uk"}

// compose makes each sentences in every language, four times as many in German.
func compose(base *entity.Base, npm string, rnd *rand.Rand, each int) (out []tagger.Example, err error) {
	stock, err := gather(base, npm)
	if err != nil {
		return nil, err
	}
	for _, lang := range tongues {
		data, err := patterns.ReadFile("patterns/" + lang + ".txt")
		if err != nil {
			return nil, err
		}
		c := composer{lang: lang, stock: stock, rnd: rnd, parts: sections(string(data))}
		n := each
		if lang == "de" { // a capital says least there
			n = 4 * each
		}
		for range n {
			e, err := c.example(base)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// sections reads a file of patterns: S sentences, O, K, G, L and M names, V verbs,
// B what sentences begin with, E what they end with.
func sections(data string) map[string][]string {
	out := map[string][]string{}
	at := ""
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#' && len(line) > 1:
		case len(line) == 1 && strings.Contains("SOLMVBEKG", line):
			at = line
		default:
			out[at] = append(out[at], line)
		}
	}
	return out
}

type composer struct {
	lang  string
	stock *stock
	rnd   *rand.Rand
	parts map[string][]string

	text  strings.Builder
	spans []mark
}

type mark struct {
	start, end int
	kind       byte
}

func (c *composer) one(list []string) string {
	if len(list) == 0 {
		return "Xanadu"
	}
	return list[c.rnd.IntN(len(list))]
}

// example composes one to three sentences.
func (c *composer) example(base *entity.Base) (tagger.Example, error) {
	c.text.Reset()
	c.spans = c.spans[:0]
	for i := range 1 + c.rnd.IntN(3) {
		if i > 0 {
			c.text.WriteByte(' ')
		}
		p := c.one(c.parts["S"])
		if c.rnd.IntN(100) < 25 {
			p = c.one(c.parts["B"]) + p
		}
		if c.rnd.IntN(100) < 25 && strings.HasSuffix(p, ".") {
			p = strings.TrimSuffix(p, ".") + c.one(c.parts["E"]) + "."
		}
		if err := c.sentence(c.vary(p)); err != nil {
			return tagger.Example{}, err
		}
	}
	e := tagger.Example{Words: token.Split(c.text.String()), Lang: c.lang}
	for _, m := range c.spans {
		e.Spans = cover(e.Spans, e.Words, int32(m.start), int32(m.end), m.kind)
	}
	e.Hints = base.Hints(nil, e.Words, c.lang)
	return e, nil
}

// vary puts other common words in the place of some, so that no word is
// trusted too much.
func (c *composer) vary(p string) string {
	list := c.stock.common[c.lang]
	if len(list) == 0 {
		return p
	}
	words := strings.Split(p, " ")
	for i, w := range words {
		if i > 0 && len(w) > 3 && !strings.ContainsAny(w, "{}.,:;'\"«»()") && strings.ToLower(w) == w && c.rnd.IntN(100) < 12 {
			words[i] = c.one(list)
		}
	}
	return strings.Join(words, " ")
}

// sentence writes a pattern with its slots filled.
func (c *composer) sentence(p string) error {
	for {
		before, rest, ok := strings.Cut(p, "{")
		c.text.WriteString(before)
		if !ok {
			return nil
		}
		slot, after, ok := strings.Cut(rest, "}")
		if !ok {
			return fmt.Errorf("pattern %q lacks a bracket", p)
		}
		p = after
		s, kind := c.fill(slot)
		if strings.HasSuffix(before, "'") { // l'{O}
			s = strings.TrimPrefix(s, "The ")
		}
		open, shut := c.quotes(kind, before)
		c.text.WriteString(open)
		start := c.text.Len()
		c.text.WriteString(s)
		if kind != 0 {
			c.spans = append(c.spans, mark{start, c.text.Len(), kind})
		}
		c.text.WriteString(shut)
	}
}

// quotes are the marks around a name, in some languages more often than in others.
func (c *composer) quotes(kind byte, before string) (open, shut string) {
	chance := 0
	switch {
	case strings.HasSuffix(before, "\"") || strings.HasSuffix(before, "« ") || strings.HasSuffix(before, "«") || strings.HasSuffix(before, "„"):
	case kind == 'M':
		chance = 45
	case kind == 'O' && cyrillic(c.lang):
		chance = 30
	case kind == 'O':
		chance = 3
	}
	if c.rnd.IntN(100) >= chance {
		return "", ""
	}
	switch c.lang {
	case "fr":
		if c.rnd.IntN(2) == 0 {
			return "« ", " »"
		}
	case "ru", "uk":
		return "«", "»"
	case "de", "pl":
		return c.one([]string{"„", "\""}), "\""
	}
	return "\"", "\""
}

// fill returns the words for a slot, and the kind of name that they are.
func (c *composer) fill(slot string) (string, byte) {
	bent := strings.HasSuffix(slot, "*")
	slot = strings.TrimSuffix(slot, "*")
	var s string
	var kind byte
	switch slot {
	case "P":
		s, kind = c.person(), 'P'
	case "p":
		s, kind = c.family(), 'P'
	case "L":
		s, kind = c.place(), 'L'
	case "C":
		s, kind = c.one(c.stock.countries[c.lang]), 'L'
	case "O":
		s, kind = c.organisation(), 'O'
	case "K":
		s, kind = c.club(), 'O'
	case "T": // a country's team
		s, kind = c.one(c.stock.countries[c.lang]), 'O'
	case "G":
		s, kind = c.maker(), 'O'
	case "M":
		s, kind = c.part("M"), 'M'
	case "X":
		s, kind = c.acronym(), 'O'
	case "x": // that names nothing
		s = c.acronym()
	case "D":
		s, kind = c.one(c.stock.adjectives[c.lang]), 'M'
	case "d":
		s = strings.ToLower(c.one(c.stock.adjectives[c.lang]))
	case "f":
		s, kind = c.given(), 'P'
	case "V":
		s = c.one(c.parts["V"])
	case "N":
		s = c.noun()
	case "#":
		s = strconv.Itoa(1 + c.rnd.IntN(3000))
	}
	if bent {
		s = bend(c.rnd, c.lang, s)
	}
	return s, kind
}

// part makes a name of parts.
func (c *composer) part(section string) string {
	p := c.one(c.parts[section])
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(p, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		p = after
		bent := strings.HasSuffix(slot, "*")
		var s string
		switch strings.TrimSuffix(slot, "*") {
		case "l":
			s = c.town()
		case "n":
			s = c.family()
		case "f":
			s = c.given()
		case "w":
			s = c.one(c.stock.words[c.lang])
		case "W":
			s = title(c.one(c.stock.words[c.lang]))
		case "a":
			s = c.one(c.stock.adjectives[c.lang])
		case "A":
			s = title(c.one(c.stock.adjectives[c.lang]))
		case "#":
			s = strconv.Itoa(1 + c.rnd.IntN(120))
		case "X":
			s = c.acronym()
		}
		if bent {
			s = bend(c.rnd, c.lang, s)
		}
		b.WriteString(s)
	}
}

// noun is a German common noun, often a compound of two.
func (c *composer) noun() string {
	list := c.stock.nouns
	if len(list) == 0 {
		list = c.stock.words["de"]
	}
	n := c.one(list)
	if c.rnd.IntN(100) < 40 {
		n += c.one([]string{"", "s", "n"}) + strings.ToLower(c.one(list))
	}
	return n
}

func title(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// acronym makes two to five capitals.
func (c *composer) acronym() string {
	letters := []rune("ABCDEFGHIKLMNOPRSTUVWZ")
	if c.lang == "ru" || c.lang == "uk" {
		letters = []rune("АБВГДЕЗИКЛМНОПРСТУФХЦЧШ")
	}
	var b strings.Builder
	for range 2 + c.rnd.IntN(4) {
		b.WriteRune(letters[c.rnd.IntN(len(letters))])
	}
	return b.String()
}
