package pack

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/internal/watch"
)

func shipped(t testing.TB) []watch.Watch {
	t.Helper()
	ws, err := Watches()
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func TestEachWatchIsWhole(t *testing.T) {
	ws := shipped(t)
	if len(ws) < 30 {
		t.Errorf("%d watches", len(ws))
	}
	if _, err := watch.NewSet(ws); err != nil {
		t.Fatal(err)
	}
	for _, w := range ws {
		fires, silent := 0, 0
		for _, x := range w.Tests {
			if x.Fires {
				fires++
			} else {
				silent++
			}
		}
		if fires < 2 || silent < 1 {
			t.Errorf("%s: %d texts that fire and %d that must not; want one in each language, and one", w.Name, fires, silent)
		}
		if w.About == "" || w.When.Surprise == 0 || w.When.Origins < 2 {
			t.Errorf("%s lacks about, surprise or origins", w.Name)
		}
	}
}

// TestEachWatchKeepsToItsExamples runs them through the real enricher.
func TestEachWatchKeepsToItsExamples(t *testing.T) {
	base, err := entity.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	topics, err := topic.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	by := enrich.Enricher{Entities: &entity.Finder{Base: base}, Topics: topics}
	for _, w := range shipped(t) {
		t.Run(w.Name, func(t *testing.T) {
			for _, f := range w.Test(by) {
				t.Error(f)
			}
		})
	}
}

// TestNoWatchIsWrong looks for topics and entities that nobody knows, and for
// contradictions.
func TestNoWatchIsWrong(t *testing.T) {
	base, err := entity.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	topics, err := topic.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	l := watch.Linter{Topic: topics.Has, Entity: func(id string) bool { _, ok := base.ByID(id); return ok }}
	for _, f := range l.Lint(shipped(t)) {
		if f.Severity == watch.Wrong {
			t.Error(f)
		}
	}
}
