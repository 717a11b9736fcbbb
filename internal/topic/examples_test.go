package topic

import (
	"slices"
	"sync"
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// shipped is the taxonomy that most tests read with; it never changes.
var shipped = sync.OnceValues(Builtin)

func builtinTaxonomy(t testing.TB) *Taxonomy {
	t.Helper()
	tax, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return tax
}

// readText reads a text as an article without a title.
func readText(t *Taxonomy, lang, text string) Reading {
	return t.Read(events.Article{Text: text}, token.Of("", text), lang, nil)
}

func fired(r Reading, topic string) bool {
	return slices.ContainsFunc(append(r.Tags, r.Contexts...), func(g events.Tag) bool { return Below(g.Topic, topic) })
}

func TestEveryRuleFiresOnItsExampleAndIsSilentOnTheOther(t *testing.T) {
	tax := builtinTaxonomy(t)
	for _, r := range tax.Rules() {
		t.Run(r.Name, func(t *testing.T) {
			if len(r.Fires) == 0 || len(r.Silent) == 0 {
				t.Errorf("%s: the rule needs a text that fires and one that must not", r.Where)
			}
			for _, e := range r.Fires {
				if got := readText(tax, e.Lang, e.Text); !fired(got, r.Topic) {
					t.Errorf("%s: silent on %q (got %v)", r.Where, e.Text, topics(got))
				}
			}
			for _, e := range r.Silent {
				if got := readText(tax, e.Lang, e.Text); fired(got, r.Topic) {
					t.Errorf("%s: fires on %q (got %v)", r.Where, e.Text, topics(got))
				}
			}
		})
	}
}

func topics(r Reading) []string {
	var out []string
	for _, g := range append(r.Tags, r.Contexts...) {
		out = append(out, g.Topic)
	}
	return out
}
