package watch

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// plain understands nothing but the language.
type plain struct{ lang string }

func (p plain) Enrich(a events.Article) events.Enriched {
	return events.Enriched{Article: a, Lang: p.lang}
}

func hits(s *Set, title string) []string {
	e := plain{"en"}.Enrich(events.Article{Title: title})
	var out []string
	for _, h := range s.Match(query.NewView(&e, query.Source{})) {
		out = append(out, h.Watch.Name)
	}
	return out
}

func TestSet(t *testing.T) {
	ws := load(t, "watches:\n- {name: b, query: missile}\n- {name: a, query: nato OR missile}\n- {name: c, query: coup}\n")
	s, err := NewSet(ws)
	if err != nil {
		t.Fatal(err)
	}
	check := func(step string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, hits(s, "NATO missile")); d != "" {
			t.Errorf("%s: %s", step, d)
		}
	}
	check("the watches that match, by name", "a", "b")
	if err := s.Put(load(t, "watches: [{name: b, query: coup}]")[0]); err != nil {
		t.Fatal(err)
	}
	check("a watch put in place of its former self", "a")
	if !s.Remove("a") || s.Remove("a") {
		t.Error("removing a watch twice")
	}
	check("a watch removed")
	if err := s.Replace(append(ws, ws[0])); err == nil {
		t.Error("two watches of one name were taken")
	}
	check("a wrong list changes nothing")
	if err := s.Put(Watch{Name: "b"}); err == nil {
		t.Error("a watch without a query was taken")
	}
	if w, ok := s.Get("b"); !ok || w.Query.String() != "coup" {
		t.Error("a wrong watch replaced a good one")
	}
	if err := s.Replace(ws); err != nil {
		t.Fatal(err)
	}
	check("all watches replaced", "a", "b")
	if got := s.Watches(); len(got) != 3 || got[0].Name != "a" || got[2].Name != "c" {
		t.Errorf("listed %+v", got)
	}
}

func TestSetShowsEvidence(t *testing.T) {
	s, err := NewSet(load(t, "watches: [{name: a, query: 'nato AND missile~'}]"))
	if err != nil {
		t.Fatal(err)
	}
	e := plain{"en"}.Enrich(events.Article{Title: "NATO sees missiles"})
	var words []string
	for _, h := range s.Match(query.NewView(&e, query.Source{})) {
		for _, ev := range h.Evidence() {
			words = append(words, ev.Term+"="+ev.Mentions[0].Of(e.Article))
		}
	}
	if d := cmp.Diff([]string{"nato=NATO", `"missile"~=missiles`}, words); d != "" {
		t.Error(d)
	}
}

func TestSetMayChangeWhileItAnswers(t *testing.T) {
	ws := load(t, "watches: [{name: a, query: 'nato~'}, {name: b, query: missil*}]")
	s, err := NewSet(ws)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				hits(s, "NATO missile")
				_ = s.Put(ws[1])
			}
		})
	}
	wg.Wait()
}

func TestWatchTest(t *testing.T) {
	w := load(t, `watches:
  - name: a
    query: nato AND NOT sport
    tests:
      - fires: {title: NATO meets}
      - silent: {title: NATO sport}
      - fires: {title: Otan}
      - silent: {title: "NATO, no games"}
`)[0]
	var got []string
	for _, f := range w.Test(plain{"en"}) {
		got = append(got, f.Error())
	}
	want := []string{
		`watches.yaml:7: watch a should fire on "Otan": missing nato`,
		`watches.yaml:8: watch a should stay silent on "NATO, no games": matched nato`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestHashCoversWhatDecides(t *testing.T) {
	base := "watches: [{name: a, about: x, query: nato  missile, when: {origins: 3}}]"
	h := load(t, base)[0].Hash()
	for old, now := range map[string]string{"name: a": "name: b", "about: x": "about: y", "nato  missile": "nato AND Missile"} {
		if load(t, strings.Replace(base, old, now, 1))[0].Hash() != h {
			t.Errorf("%s changed it", now)
		}
	}
	for old, now := range map[string]string{"missile": "missiles", "origins: 3": "origins: 4", "about: x": "by: query"} {
		if load(t, strings.Replace(base, old, now, 1))[0].Hash() == h {
			t.Errorf("%s did not change it", now)
		}
	}
}

func TestRelaxed(t *testing.T) {
	w := load(t, "watches: [{name: a, query: x, when: {origins: 4}, escalate: [{origins: 8, level: high}, {articles: 50, level: critical}]}]")[0]
	r := w.Relaxed(1)
	if r.When.Origins != 1 || r.Escalate[0].Origins != 5 || r.Escalate[1].Articles != 50 {
		t.Errorf("%+v", r)
	}
	if w.When.Origins != 4 || w.Escalate[0].Origins != 8 {
		t.Error("the watch itself was changed")
	}
	if got := w.Relaxed(6); got.When.Origins != 4 {
		t.Error("a watch that asks for less was raised")
	}
}
