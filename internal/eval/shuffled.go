package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// budgets are what the shipped watches are solved for on the stream as it was,
// before they meet it shuffled.
var budgets = []struct {
	name   string
	perDay float64 // of one watch
}{{"1/week", 1. / 7}, {"1/month", 12 / 365.}}

// mostPerDay is the budget of all shipped watches as they ship.
const mostPerDay = 5.

// shuffled: the English stream with its times permuted. Nothing clusters there
// but by chance, so every alert is a false one, and there may be no more of
// them than were asked for.
func shuffled(ctx context.Context, s Suite, w io.Writer) error {
	stream := s.data("stream-en", "bbc.jsonl.gz")
	asItWas, err := s.pipe(ctx, "asItWas.enriched.jsonl", s.Tocsin, "enrich", stream)
	if err != nil {
		return err
	}
	mixed := filepath.Join(s.Work, "mixed.jsonl")
	if err := shuffle(stream, mixed); err != nil {
		return err
	}
	if mixed, err = s.pipe(ctx, "mixed.enriched.jsonl", s.Tocsin, "enrich", mixed); err != nil {
		return err
	}
	was, err := s.raised(ctx, asItWas, "--pack")
	if err != nil {
		return err
	}
	chance, err := s.raised(ctx, mixed, "--pack")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-28s  asked %.2f a day  as it was %.3f  shuffled %.3f  at high or above %.3f\n", "as shipped", mostPerDay, was.perDay, chance.perDay, chance.loud)
	for _, b := range budgets {
		solved, err := s.pipe(ctx, "solved.yaml", s.Tocsin, "watch", "solve", "--pack", "--budget", b.name, "--max-origins", "1", "--on", asItWas, "-o", "yaml")
		if err != nil {
			return err
		}
		if was, err = s.raised(ctx, asItWas, "--watches", solved); err != nil {
			return err
		}
		if chance, err = s.raised(ctx, mixed, "--watches", solved); err != nil {
			return err
		}
		over, worst := 0, ""
		for _, name := range sorted(chance.of) {
			if chance.of[name] > b.perDay {
				over++
			}
			if worst == "" || chance.of[name] > chance.of[worst] {
				worst = name
			}
		}
		fmt.Fprintf(w, "%-28s  asked %.3f a day of each watch  as it was %.3f of all  shuffled %.3f of all, %.3f of the worst (%s)  watches over budget %d\n",
			"solved for "+b.name, b.perDay, was.perDay, chance.perDay, chance.of[worst], worst, over)
	}
	return nil
}

// shuffle writes the articles of a packed stream with their times dealt out
// anew, always in the same way.
func shuffle(from, to string) error {
	var articles []events.Article
	if err := eachLine(from, func(a events.Article) { articles = append(articles, a) }); err != nil {
		return err
	}
	times := make([]time.Time, len(articles))
	for i, a := range articles {
		times[i] = a.StreamTime()
	}
	r := rand.New(rand.NewPCG(20241121, 1))
	r.Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
	for i := range articles {
		articles[i].FetchedAt, articles[i].PublishedAt = times[i], times[i]
	}
	slices.SortStableFunc(articles, func(a, b events.Article) int { return a.FetchedAt.Compare(b.FetchedAt) })
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	return encode(f, articles)
}

// rates are openings a day.
type rates struct {
	perDay, loud float64
	of           map[string]float64
}

// raised counts how often alerts open on an enriched stream.
func (s Suite) raised(ctx context.Context, stream string, flags ...string) (rates, error) {
	path, err := s.pipe(ctx, "raised.jsonl", s.Tocsin, append(append([]string{"backtest", "--max-origins", "1"}, flags...), stream)...)
	if err != nil {
		return rates{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return rates{}, err
	}
	defer f.Close()
	r := rates{of: map[string]float64{}}
	var opened report.Openings
	for dec := json.NewDecoder(f); ; {
		var a events.Alert
		if err := dec.Decode(&a); errors.Is(err, io.EOF) {
			for name, n := range opened.Of {
				r.of[name] = float64(n) / streamDays
			}
			return r, nil
		} else if err != nil {
			return r, err
		}
		if events.LevelRank(a.Level) >= events.LevelRank(events.High) && a.State != events.Resolved && a.State != events.Updated {
			r.loud += 1 / streamDays
		}
		if a.State == events.Opened && events.LevelRank(a.Level) >= events.LevelRank(events.Elevated) {
			r.perDay += 1 / streamDays
		}
		opened.Add(a)
	}
}

// streamDays is the length of the English stream.
const streamDays = 354.
