package detect

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// sets are configurations that a detector may be turned to: watches changed,
// gone, added, asked for fewer origins, and publishers known otherwise.
func sets(t testing.TB) []Config {
	all := watches(t)
	eager := slices.Clone(all)
	eager[0].When.Origins = 3
	eager[1].Level = events.Elevated
	shipped, err := origin.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return []Config{
		{Watches: all},
		{Watches: eager},
		{Watches: all[:1]},
		{Watches: []watch.Watch{all[2], all[0]}, MaxOrigins: 1},
		{Watches: all, Families: shipped.With([]origin.Publisher{{Source: "bbc.com", Family: "lemonde"}, {Source: "rt.com", Family: "rt", Tier: 1}})},
	}
}

// made is a detector of cfg.
func made(t interface{ Fatal(...any) }, cfg Config) *Detector {
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// takenUp is a detector of cfg with the state of d, which had cfg.
func takenUp(t interface{ Fatal(...any) }, d *Detector, cfg Config) *Detector {
	var b bytes.Buffer
	if err := d.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	again := made(t, cfg)
	if err := again.Restore(&b); err != nil {
		t.Fatal(err)
	}
	return again
}

// What the detector is made of changes at any positions of the stream. Who
// folds the stream again, from any snapshot on, and makes the same turns at the
// same positions, decides the same.
func TestReplayMakesTheSameTurns(t *testing.T) {
	t.Parallel()
	choice := sets(t)
	turned := 0
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 11))
		es := stream(r, rapid.IntRange(20, 120).Draw(rt, "articles"))
		turns := map[int]int{0: r.IntN(len(choice))} // before which article, to which
		for range rapid.IntRange(1, 6).Draw(rt, "turns") {
			turns[r.IntN(len(es))] = r.IntN(len(choice))
		}
		var live []events.Alert
		d, set := made(rt, choice[turns[0]]), turns[0]
		cut := r.IntN(len(es))
		var saved *Detector
		var decided int
		for i, e := range es {
			if next, ok := turns[i]; ok {
				set = next
				if err := d.Set(choice[set]); err != nil {
					rt.Fatal(err)
				}
			}
			if i == cut {
				saved, decided = takenUp(rt, d, choice[set]), len(live)
			}
			live = append(live, d.Apply(e, uint64(i+1))...)
			if r.IntN(15) == 0 {
				d = takenUp(rt, d, choice[set])
			}
		}
		got := replay(rt, made(rt, choice[turns[0]]), es, 0, turns, choice)
		rest := replay(rt, saved, es, cut, turns, choice) // a turn at the cut is made once more
		if want := encoded(rt, live); !bytes.Equal(want, encoded(rt, got)) {
			rt.Fatalf("a replay from the beginning differs:\n%s", first(want, encoded(rt, got)))
		}
		if want := encoded(rt, live[decided:]); !bytes.Equal(want, encoded(rt, rest)) {
			rt.Fatalf("a replay from article %d differs:\n%s", cut, first(want, encoded(rt, rest)))
		}
		turned += len(live)
	})
	if turned == 0 {
		t.Error("no world opened an alert: the test says nothing")
	}
}

// replay folds es from an article on, with the turns.
func replay(t interface{ Fatal(...any) }, d *Detector, es []events.Enriched, from int, turns map[int]int, choice []Config) (out []events.Alert) {
	for i := from; i < len(es); i++ {
		if next, ok := turns[i]; ok {
			if err := d.Set(choice[next]); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, d.Apply(es[i], uint64(i+1))...)
	}
	return out
}

// From a snapshot of any position, the stream may be read again from any place
// before it: what comes of it is what came live, no more and no less. Where
// sequences are of another stream, ids tell.
func TestFromTheMiddle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 12))
		es := stream(r, rapid.IntRange(20, 120).Draw(rt, "articles"))
		cut := r.IntN(len(es))
		d := made(rt, Config{Watches: watches(t)})
		fold(d, es[:cut], 1)
		saved := takenUp(rt, d, Config{Watches: watches(t)})
		byID := takenUp(rt, d, Config{Watches: watches(t)})
		want := encoded(rt, fold(d, es[cut:], uint64(cut+1)))
		back := r.IntN(cut + 1)
		if got := encoded(rt, fold(saved, es[back:], uint64(back+1))); !bytes.Equal(want, got) {
			rt.Fatalf("read again from %d over a snapshot of %d:\n%s", back, cut, first(want, got))
		}
		var got []events.Alert
		for _, e := range es[back:] {
			got = append(got, byID.Apply(e, 0)...)
		}
		if !bytes.Equal(want, encoded(rt, got)) {
			rt.Fatalf("read again from %d without sequences:\n%s", back, first(want, encoded(rt, got)))
		}
	})
}

// Workers side by side hand articles on in another order than they were
// fetched. Whatever the order: every article is considered once, versions have
// no gap, and the stream in its own order is the whole truth, for who reads it
// live, again, or after a restart.
func TestArrivalOutOfOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 13))
		inOrder := stream(r, rapid.IntRange(20, 120).Draw(rt, "articles"))
		es := displaced(r, inOrder, rapid.IntRange(1, 40).Draw(rt, "displaced"))
		whole := made(rt, Config{Watches: watches(t)})
		want := fold(whole, es, 1)
		gapless(rt, want)
		plain := made(rt, Config{Watches: watches(t)})
		fold(plain, inOrder, 1)
		if a, b := whole.Counts(), plain.Counts(); a.Considered+a.Stale != b.Considered+b.Stale || a.Duplicates != b.Duplicates {
			rt.Fatalf("out of order %+v, in order %+v", a, b)
		}
		d := made(rt, Config{Watches: watches(t)})
		var got []events.Alert
		for i, e := range es {
			got = append(got, d.Apply(e, uint64(i+1))...)
			switch r.IntN(10) {
			case 0:
				d = takenUp(rt, d, Config{Watches: watches(t)})
			case 1: // delivered again, any of those before, out of order too
				got = append(got, d.Apply(es[r.IntN(i+1)], 0)...)
			}
		}
		if !bytes.Equal(encoded(rt, want), encoded(rt, got)) {
			rt.Fatalf("live differs from replay:\n%s", first(encoded(rt, want), encoded(rt, got)))
		}
	})
}

// displaced is es with each article at most so many places from its own.
func displaced(r *rand.Rand, es []events.Enriched, most int) []events.Enriched {
	type placed struct {
		at int
		e  events.Enriched
	}
	var all []placed
	for i, e := range es {
		all = append(all, placed{i + r.IntN(most+1), e})
	}
	slices.SortStableFunc(all, func(a, b placed) int { return a.at - b.at })
	out := make([]events.Enriched, len(es))
	for i, p := range all {
		out[i] = p.e
	}
	return out
}

// Within the clamp, publishers' dates may be handed around among the articles
// like cards: what is decided, and when, stays.
func TestDatesPermutedWithinTheClamp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 14))
		es := stream(r, rapid.IntRange(20, 100).Draw(rt, "articles"))
		age := make([]time.Duration, len(es)) // between its date and its fetching
		for i := range es {
			age[i] = time.Duration(r.Int64N(int64(ordinary+events.ClampFuture))) - events.ClampFuture
			es[i].Article.PublishedAt = es[i].Article.FetchedAt.Add(-age[i])
		}
		want := fold(made(rt, Config{Watches: watches(t)}), es, 1)
		r.Shuffle(len(age), func(i, j int) { age[i], age[j] = age[j], age[i] })
		for i := range es {
			es[i].Article.PublishedAt = es[i].Article.FetchedAt.Add(-age[i])
		}
		got := fold(made(rt, Config{Watches: watches(t)}), es, 1)
		if len(got) != len(want) {
			rt.Fatalf("%d versions, before %d", len(got), len(want))
		}
		for i := range got {
			a, b := want[i], got[i]
			if a.ID != b.ID || a.Version != b.Version || a.State != b.State || a.Level != b.Level || !a.At.Equal(b.At) || a.Origins != b.Origins {
				rt.Fatalf("version %d was %s %s %s at %s, and is %s %s %s at %s", i, a.ID, a.State, a.Level, a.At, b.ID, b.State, b.Level, b.At)
			}
		}
	})
}
