package watch

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// sample is n articles of a text in a language.
func sample(n int, lang, text string) (out []*query.View) {
	for range n {
		e := plain{lang}.Enrich(events.Article{Title: text})
		out = append(out, query.NewView(&e, query.Source{}))
	}
	return out
}

func TestLint(t *testing.T) {
	known := func(ids ...string) func(string) bool {
		return func(id string) bool { return strings.Contains(" "+strings.Join(ids, " ")+" ", " "+id+" ") }
	}
	l := Linter{
		Topic: known("weapons", "weapons.missile", "sport"), Entity: known("Q7184"), Langs: []string{"fr", "en"},
		Sample: append(append(sample(1500, "en", "Two missiles and a strike"), sample(600, "fr", "Des essais nucléaires ; un essai nucléaire")...), sample(3, "en", "coup")...),
	}
	for name, c := range map[string]struct {
		watch string
		want  []string // severity, place and message; notes on tests left out
	}{
		"nothing to say": {"query: entity:Q7184 AND strike", []string{
			"note 3:12 entity:Q7184 is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of the 2103 articles of the sample",
		}},
		"a topic nobody knows": {"query: coup AND topic:wepons", []string{
			"error 3:21 no topic wepons: this never matches",
			"note 3:21 topic:wepons is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of the 2103 articles of the sample",
		}},
		"an entity nobody knows": {"query: coup OR entity:Q99999999", []string{
			"error 3:20 no entity Q99999999 in the knowledge base: this never matches",
			"note 3:20 entity:Q99999999 is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of 600 articles in fr",
		}},
		"an operator in lower case": {"query: coup or missiles", []string{
			`warning 3:17 "or" is taken as a word of the article`,
			"note 3:17 or is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of the 2103 articles of the sample",
		}},
		"a QID without its field": {"query: coup OR Q7184", []string{
			`warning 3:20 "q7184" is taken as a word of the article`,
			"note 3:20 q7184 is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of 600 articles in fr",
		}},
		"a topic without its field": {"query: coup OR weapons.missile", []string{
			`warning 3:20 this looks for the words, not the topic`,
			`note 3:20 "weapons missile" is in none of the 2103 articles of the sample`,
			"warning 2:1 query matches none of 600 articles in fr",
		}},
		"a contradiction": {"query: coup AND (x OR strike) AND NOT (sport OR coup)", []string{
			"error 3:12 coup is asked for and excluded: the query never matches",
			"note 3:22 x is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of the 2103 articles of the sample",
		}},
		"two languages at once": {"query: lang:fr AND lang:en AND coup", []string{
			"error 3:24 an article has one lang, not fr and en",
			"warning 2:1 query matches none of the 2103 articles of the sample",
		}},
		"a term that is covered": {"query: coup AND (topic:weapons OR topic:weapons.missile OR strike OR strike)", []string{
			"note 3:22 topic:weapons is in none of the 2103 articles of the sample",
			"note 3:39 topic:weapons.missile adds nothing beside topic:weapons",
			"note 3:39 topic:weapons.missile is in none of the 2103 articles of the sample",
			"note 3:74 strike stands twice",
			"warning 2:1 query matches none of the 2103 articles of the sample",
		}},
		"a missing inflection": {"query: coup OR missile", []string{
			"warning 3:20 missile is in 0 articles of the sample, its other forms in 1500 more",
			"note 3:20 missile is in none of the 2103 articles of the sample",
			"warning 2:1 query matches none of 600 articles in fr",
		}},
		"missing accents": {"query: nucleaire~ AND essai", []string{
			`warning 3:12 "nucleaire"~ has no accents; the press writes nucléaire`,
			"warning 2:1 query matches 29 % of the sample",
			"warning 2:1 query matches none of 1503 articles in en",
		}},
		"whole streams": {"query: lang:fr AND kind:news", []string{
			"warning 2:1 query asks for no word, entity or topic: it takes whole streams",
			"warning 2:1 query matches 29 % of the sample",
		}},
		"clauses at odds": {"query: coup\n    when: {origins: 1, within: 2d}\n    level: high\n    resolve_after: 1h", []string{
			"warning 2:1 an alert ends after 1h, before its window of 2d does",
			"warning 2:1 one article alone raises an alert",
			"warning 2:1 one origin alone raises an alert at high",
			"warning 2:1 query matches none of 600 articles in fr",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ws := load(t, "watches:\n  - name: a\n    "+c.watch+"\n")
			got := map[string]bool{}
			for _, f := range l.Lint(ws) {
				if f.Message != "watch has no tests" {
					got[fmt.Sprintf("%s %d:%d %s", f.Severity, f.Line, f.Column, f.Message)] = true
				}
			}
			want := map[string]bool{}
			for _, s := range c.want {
				want[s] = true
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLintPredicts(t *testing.T) {
	ws := load(t, "watches:\n- {name: a, query: x, tests: [{fires: {title: x}}]}\n- {name: b, query: x, budget: 1/week, tests: [{fires: {title: x}}]}\n")
	for perDay, want := range map[float64]string{
		0.05: "note: 0.05 alerts a day predicted; note: 0.05 alerts a day predicted",
		2:    "note: 2 alerts a day predicted; warning: 2 alerts a day predicted, above the budget of 1/week",
		9:    "warning: 9 alerts a day predicted, above 5; warning: 9 alerts a day predicted, above the budget of 1/week",
	} {
		l := Linter{PerDay: func(Watch) (float64, error) { return perDay, nil }}
		var got []string
		for _, f := range l.Lint(ws) {
			got = append(got, string(f.Severity)+": "+f.Message)
		}
		if d := cmp.Diff(want, strings.Join(got, "; ")); d != "" {
			t.Error(d)
		}
	}
}

func TestSolve(t *testing.T) {
	w := load(t, "watches: [{name: a, query: x, budget: 1/week, when: {origins: 2}}]")[0]
	history := func(scale float64) Evaluate {
		return func(x When) (float64, error) {
			return scale * math.Sqrt(x.Surprise) / float64(x.Origins*x.Origins), nil
		}
	}
	t.Run("surprise is tightened no more than needed", func(t *testing.T) {
		got, tries, err := Solve(w, history(100))
		if err != nil || got.Origins != 2 || got.Surprise != 1e-5 || len(tries) > 4 {
			t.Errorf("%+v after %d tries: %v", got, len(tries), err)
		}
	})
	t.Run("then origins are raised", func(t *testing.T) {
		got, _, err := Solve(w, history(1e6))
		if err != nil || got.Origins != 3 || got.Surprise != 1e-12 {
			t.Errorf("%+v: %v", got, err)
		}
	})
	t.Run("a budget that cannot be kept", func(t *testing.T) {
		got, _, err := Solve(w, history(1e9))
		want := `watch "a" cannot keep to 1/week: 28 alerts a day at 6 origins and surprise 1e-12 (narrow the query)`
		if err == nil || err.Error() != want || got.Origins != 6 {
			t.Errorf("%+v: %v", got, err)
		}
	})
	t.Run("an evaluator that fails", func(t *testing.T) {
		broken := errors.New("history is empty")
		if got, _, err := Solve(w, func(When) (float64, error) { return 0, broken }); !errors.Is(err, broken) || got != w.When {
			t.Errorf("%+v: %v", got, err)
		}
	})
	t.Run("no budget, nothing to solve", func(t *testing.T) {
		w.Budget = Budget{}
		if got, tries, err := Solve(w, nil); err != nil || got != w.When || tries != nil {
			t.Errorf("%+v: %v", got, err)
		}
	})
}
