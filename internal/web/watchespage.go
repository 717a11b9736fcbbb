package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/watch"
)

// watched is a watch and what it does now.
type watched struct {
	watch.Definition
	// From is its file, or who wrote it here.
	From         string
	Open, Misses int
}

// watchesPage lists the watches that run, those with open alerts first.
func (s *Server) watchesPage(w http.ResponseWriter, _ *http.Request) {
	open, misses := map[string]int{}, map[string]int{}
	if s.Board != nil {
		for _, l := range s.Board.Alerts(Filter{State: "open"}) {
			for _, name := range append([]string{l.Last().Watch}, l.Last().Also...) {
				open[name]++
			}
		}
	}
	if s.Misses != nil {
		for _, m := range s.Misses() {
			misses[m.Watch]++
		}
	}
	var all []watched
	for _, d := range s.Watches.Documents() {
		if def, ok := d.Value.(watch.Definition); ok {
			all = append(all, watched{def, written(d), open[d.Name], misses[d.Name]})
		}
	}
	slices.SortStableFunc(all, func(a, b watched) int { return cmp.Compare(b.Open, a.Open) })
	render(w, http.StatusOK, "watches.html", struct {
		frame
		Watches []watched
		Found   string
	}{s.frame("Watches", "/watches"), all, plural(len(all), "watch", "watches")})
}

// written says where a document stands.
func written(d Document) string {
	if d.From != "" {
		return d.From
	}
	return cmp.Or(d.By, "here")
}

// silenced is a silence and whether it holds now.
type silenced struct {
	subscription.Silence
	State string // holds, to come, over
}

// silencesPage lists what is not told now, and why.
func (s *Server) silencesPage(w http.ResponseWriter, _ *http.Request) {
	var all []silenced
	for _, d := range s.Silences.Documents() {
		if x, ok := d.Value.(subscription.Silence); ok {
			all = append(all, silenced{x, holds(x, s.now())})
		}
	}
	slices.SortStableFunc(all, func(a, b silenced) int { return b.Until.Compare(a.Until) })
	render(w, http.StatusOK, "silences.html", struct {
		frame
		Silences []silenced
	}{s.frame("Silences", "/silences"), all})
}

func holds(x subscription.Silence, now time.Time) string {
	switch {
	case !now.Before(x.Until):
		return "over"
	case now.Before(x.From):
		return "to come"
	}
	return "holds"
}
