package ingest

import (
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestWhatWasOldAtFirstSightStaysOut(t *testing.T) {
	i, s, l := at(t, http.NotFoundHandler())
	i.Now = func() time.Time { return noon }
	item := func(path string, age time.Duration) events.Article {
		return events.Article{Source: s.ID, URL: "https://example.org/" + path, Title: path, PublishedAt: noon.Add(-age)}
	}
	for _, poll := range []struct {
		name string
		st   State
	}{
		{"at the first poll", State{}},
		{"and at those after it", State{Since: noon}},
	} {
		b := i.begin(s, &poll.st)
		for _, a := range []events.Article{item("today", time.Hour), item("last-week", 7*24*time.Hour), {Source: s.ID, URL: "https://example.org/undated", Title: "undated"}} {
			if err := b.take(t.Context(), a, "", 0, false); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(l.all()); got != 2 {
			t.Errorf("%s: %d articles in all, want the one of today and the undated one", poll.name, got)
		}
	}
	if n := testutil.ToFloat64(i.Metrics.Filtered.WithLabelValues("old")); n != 2 {
		t.Errorf("%v counted as old, want 2", n)
	}
	b := i.begin(s, &State{Since: noon.Add(-30 * 24 * time.Hour)})
	if err := b.take(t.Context(), item("late", 7*24*time.Hour), "", 0, false); err != nil {
		t.Fatal(err)
	}
	if err := b.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(l.all()); got != 3 {
		t.Error("a late item of a source that is known for a month was left out")
	}
}
