package main

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// counts are the alerts that opened, by watch: on the history as it was, and
// with its times dealt out anew.
type counts struct{ was, chance map[string]int }

// solver runs all watches over one history, again and again.
type solver struct {
	cfg        app.Config
	maxOrigins int
	watches    []watch.Watch
	history    []events.Enriched
	chance     []events.Enriched // the same, with their times dealt out anew; none where it is short
	span       timespan
	// counted are the alerts of each watch by how far from its own thresholds
	// all were moved: a step that several watches ask for is run once.
	counted map[watch.When]counts
}

func (s *solver) read(all []events.Enriched) error {
	s.history = append(s.history, all...)
	for i := range all {
		s.span.add(all[i].Article.StreamTime())
	}
	return nil
}

// dealtAnew is a history with its times dealt out anew, always in the same way.
func dealtAnew(history []events.Enriched) []events.Enriched {
	times := make([]time.Time, len(history))
	for i := range history {
		times[i] = history[i].Article.StreamTime()
	}
	r := rand.New(rand.NewPCG(uint64(len(history)), 1))
	r.Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
	out := slices.Clone(history)
	for i := range out {
		out[i].Article.FetchedAt, out[i].Article.PublishedAt = times[i], times[i]
	}
	slices.SortStableFunc(out, func(a, b events.Enriched) int { return a.Article.FetchedAt.Compare(b.Article.FetchedAt) })
	return out
}

// solve finds the thresholds of every watch with a budget, and sets them.
func (s *solver) solve() ([]solved, error) {
	asTheyStand, err := s.run(s.watches, s.history)
	if err != nil {
		return nil, err
	}
	var out []solved
	answers := make([]watch.When, len(s.watches))
	for i, w := range s.watches {
		answers[i] = w.When
		if w.Budget.Per == 0 {
			continue
		}
		when, tries, err := watch.Solve(w, func(when watch.When) (float64, error) { return s.perDay(w, when) })
		x := solved{
			Watch: w.Name, Budget: w.Budget.String(), Clause: clause(when), Articles: s.span.articles, Days: s.span.days(),
			From: s.span.from, To: s.span.to, Before: float64(asTheyStand[w.Name]) / s.span.days(),
		}
		if len(tries) > 0 { // the last one tried may be another
			n := s.counted[stepOf(w, when)]
			x.PerDay = float64(n.was[w.Name]) / s.span.days()
			if s.chance != nil {
				byChance := float64(n.chance[w.Name]) / s.span.days()
				x.ByChance = &byChance
			}
		}
		if err != nil {
			x.Error = err.Error()
		} else {
			answers[i] = when
		}
		out = append(out, x)
	}
	for i := range s.watches {
		s.watches[i].When = answers[i]
	}
	return out, nil
}

// stepOf is how far thresholds are from a watch's own.
func stepOf(w watch.Watch, when watch.When) watch.When {
	return watch.When{Origins: when.Origins - w.When.Origins, Surprise: when.Surprise}
}

// perDay counts the alerts of w with other thresholds, while all other watches
// are moved as far: those of the history, or those by chance where they are
// more.
func (s *solver) perDay(w watch.Watch, when watch.When) (float64, error) {
	step := stepOf(w, when)
	n, ok := s.counted[step]
	if !ok {
		moved := make([]watch.Watch, len(s.watches))
		for i, o := range s.watches {
			o.When.Origins += step.Origins
			o.When.Surprise = step.Surprise
			moved[i] = o
		}
		var err error
		if n.was, err = s.run(moved, s.history); err != nil {
			return 0, err
		}
		if n.chance, err = s.run(moved, s.chance); err != nil {
			return 0, err
		}
		s.counted[step] = n
	}
	return float64(max(n.was[w.Name], n.chance[w.Name])) / s.span.days(), nil
}

// run counts the alerts that open on a history, by watch: its own, and those of
// others of its group that stand for it too.
func (s *solver) run(watches []watch.Watch, history []events.Enriched) (map[string]int, error) {
	d, err := detectorOf(s.cfg, watches, s.maxOrigins)
	if err != nil {
		return nil, err
	}
	var opened report.Openings
	for i := range history {
		for _, a := range d.Apply(history[i], 0) {
			opened.Add(a)
		}
	}
	return opened.Of, nil
}
