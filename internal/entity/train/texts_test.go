package main

import (
	"slices"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
)

func TestReadsCorpora(t *testing.T) {
	base, err := entity.Load()
	if err != nil {
		t.Fatal(err)
	}
	named := func(c *corpora) (out []string) {
		for _, e := range c.examples {
			for _, s := range e.Spans {
				name := string(s.Kind)
				for _, w := range e.Words[s.From:s.To] {
					name += " " + w.Fold
				}
				out = append(out, name)
			}
		}
		return out
	}
	cases := map[string]struct {
		read func(*corpora) error
		want []string
	}{
		"of nested marks the outermost counts, and places are characters": {
			func(c *corpora) error {
				spans, err := outermost("Été à l'université de Brest.", "T1\tLocation 22 27\tBrest\nT2\tOrganization 8 27\tu\nT3\tDate 0 3\tÉté\n")
				c.cut("Été à l'université de Brest.", 0, spans, "fr")
				return err
			},
			[]string{"O universite de brest"},
		},
		"words are put together again": {
			func(c *corpora) error {
				s := sentence{lang: "en"}
				for _, w := range [][2]string{{"Ann", "B-PER"}, {"Lee", "I-PER"}, {"'s", "O"}, {"flat", "O"}, {"(", "O"}, {"Hull", "B-LOC"}, {")", "O"}} {
					s.word(w[0], w[1], true)
				}
				s.end(c)
				return nil
			},
			[]string{"P ann lee", "L hull"},
		},
		"a phrase's name is its proper nouns, without the title": {
			func(c *corpora) error {
				line := func(n, w, tag, entity string) string {
					return n + "\t" + w + "\t_\t_\t" + tag + "\t_\t_\t_\t_\tEntity=" + entity + "\n"
				}
				c.phrases(line("1", "the", "DT", "(1-person-new-s-cf1-2,3-coref") + line("2", "Mayor", "NNP", "_") + line("3", "Li", "NNP", "1)") +
					line("4", "of", "IN", "_") + line("5", "Rome", "NNP", "(2-place-new-s-cf2-1-sgl-Rome)"))
				return nil
			},
			[]string{"P li", "L rome"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := &corpora{base: base}
			if err := tc.read(c); err != nil {
				t.Fatal(err)
			}
			if got := named(c); !slices.Equal(got, tc.want) {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}
