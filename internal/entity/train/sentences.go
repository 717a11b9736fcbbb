package main

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

//go:embed sentences/*.txt
var sentences embed.FS

// marked reads our own sentences. Where a language has fewer than enough, each is
// written several times: once as it is, then with other names in the place of
// some.
func marked(base *entity.Base, npm string, rnd *rand.Rand, enough int) (out []tagger.Example, err error) {
	stock, err := gather(base, npm)
	if err != nil {
		return nil, err
	}
	for _, lang := range tongues {
		data, err := sentences.ReadFile("sentences/" + lang + ".txt")
		if err != nil {
			return nil, err
		}
		patterns, err := patterns.ReadFile("patterns/" + lang + ".txt")
		if err != nil {
			return nil, err
		}
		c := composer{lang: lang, stock: stock, rnd: rnd, parts: sections(string(patterns))}
		times := min(12, enough/strings.Count(string(data), "\n")+1)
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			for i := range times {
				e, err := c.replace(base, line, i > 0)
				if err != nil {
					return nil, err
				}
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// replace writes a marked sentence, with other names for two marks in three
// where others is set.
func (c *composer) replace(base *entity.Base, line string, others bool) (tagger.Example, error) {
	c.text.Reset()
	c.spans = c.spans[:0]
	for rest := line; ; {
		before, after, ok := strings.Cut(rest, "[")
		c.text.WriteString(before)
		if !ok {
			break
		}
		mark1, tail, ok := strings.Cut(after, "]")
		kind, name, spaced := strings.Cut(mark1, " ")
		if !ok || !spaced || len(kind) != 1 {
			return tagger.Example{}, fmt.Errorf("sentence %q: a mark is not [K name]", line)
		}
		rest = tail
		if others && c.rnd.IntN(3) > 0 {
			name = c.other(kind[0], name)
		}
		start := c.text.Len()
		c.text.WriteString(name)
		c.spans = append(c.spans, mark{start, c.text.Len(), kind[0]})
	}
	e := tagger.Example{Words: token.Split(c.text.String()), Lang: c.lang}
	for _, m := range c.spans {
		e.Spans = cover(e.Spans, e.Words, int32(m.start), int32(m.end), m.kind)
	}
	e.Hints = base.Hints(nil, e.Words, c.lang)
	return e, nil
}

// other is a name like the one given: of its kind and, for people, its length.
func (c *composer) other(kind byte, name string) string {
	single := !strings.ContainsAny(name, " -")
	switch kind {
	case 'P':
		if single {
			if c.rnd.IntN(4) == 0 {
				return c.given()
			}
			return c.family()
		}
		return c.person()
	case 'L':
		if strings.ToLower(name[:1]) == name[:1] {
			return name
		}
		if !single && c.rnd.IntN(2) == 0 {
			return c.part("L")
		}
		if c.rnd.IntN(4) == 0 {
			return c.one(c.stock.cities[c.lang])
		}
		return c.town()
	case 'O':
		if single && c.rnd.IntN(3) > 0 {
			return c.one([]string{c.acronym(), c.family(), c.town(), title(c.one(c.stock.words[c.lang]))})
		}
		return c.organisation()
	}
	return c.part("M")
}
