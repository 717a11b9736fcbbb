package detect

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func encoded(t interface{ Fatal(...any) }, as []events.Alert) []byte {
	var b bytes.Buffer
	for _, a := range as {
		line, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// restarted is d as it comes back from its snapshot.
func restarted(t *rapid.T, tt testing.TB, d *Detector) *Detector {
	var b bytes.Buffer
	if err := d.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	again := detector(tt, d.cfg)
	if err := again.Restore(&b); err != nil {
		t.Fatal(err)
	}
	return again
}

func TestLiveEqualsReplay(t *testing.T) {
	t.Parallel()
	opened := 0
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		es := stream(r, rapid.IntRange(20, 250).Draw(rt, "articles"))
		whole := detector(t, Config{})
		want := fold(whole, es, 1)
		opened += len(want)

		// Live: restarts at any point, redelivery of any article by its old
		// sequence, and full replays from the first one.
		d := detector(t, Config{})
		var got []events.Alert
		for i, e := range es {
			got = append(got, d.Apply(e, uint64(i+1))...)
			switch r.IntN(12) {
			case 0:
				d = restarted(rt, t, d)
			case 1:
				k := r.IntN(i + 1)
				got = append(got, d.Apply(es[k], uint64(k+1))...)
			case 2:
				if r.IntN(8) == 0 {
					got = append(got, fold(d, es[:i+1], 1)...)
				}
			}
		}
		if !bytes.Equal(encoded(rt, want), encoded(rt, got)) {
			rt.Fatalf("live differs from replay: %d versions against %d\n%s\n%s", len(got), len(want), first(encoded(rt, want), encoded(rt, got)), "")
		}
		if again := fold(d, es, 1); len(again) != 0 {
			rt.Fatalf("a full replay over the state decided %d versions", len(again))
		}
		if again := fold(d, es, uint64(len(es)+1)); len(again) != 0 {
			rt.Fatalf("articles seen before, under new sequences, decided %d versions", len(again))
		}
		gapless(rt, want)
	})
	if opened == 0 {
		t.Error("no world opened an alert: the test says nothing")
	}
}

// first shows the first line that differs.
func first(a, b []byte) string {
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(x), len(y)) {
		if !bytes.Equal(x[i], y[i]) {
			return string(x[i]) + "\n" + string(y[i])
		}
	}
	return ""
}

// gapless checks that versions count from 1 without a gap, that states follow
// one another as they may, and that every version is valid.
func gapless(t *rapid.T, as []events.Alert) {
	type last struct {
		version int
		state   string
		level   string
		at      time.Time
	}
	seen := map[string]last{}
	for _, a := range as {
		if err := a.Validate(); err != nil {
			t.Fatalf("invalid version: %v", err)
		}
		l := seen[a.ID]
		if a.Version != l.version+1 {
			t.Fatalf("alert %s: version %d after %d", a.ID, a.Version, l.version)
		}
		if (a.State == events.Opened) != (l.state == "" || l.state == events.Resolved) {
			t.Fatalf("alert %s: %s after %q", a.ID, a.State, l.state)
		}
		if a.State == events.Escalated && events.LevelRank(a.Level) <= events.LevelRank(l.level) {
			t.Fatalf("alert %s: escalated from %s to %s", a.ID, l.level, a.Level)
		}
		if a.At.Before(l.at) {
			t.Fatalf("alert %s: time runs backwards", a.ID)
		}
		seen[a.ID] = last{a.Version, a.State, a.Level, a.At}
	}
}

func TestPublishersDatesDecideNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		es := stream(r, rapid.IntRange(20, 150).Draw(rt, "articles"))
		for i := range es {
			es[i].Article.PublishedAt = time.Time{}
		}
		want := fold(detector(t, Config{}), es, 1)
		for i := range es {
			es[i].Article.PublishedAt = es[i].Article.FetchedAt.Add(-time.Duration(r.Int64N(int64(ordinary))))
			if r.IntN(5) == 0 {
				es[i].Article.PublishedAt = es[i].Article.FetchedAt.Add(time.Duration(r.Int64N(int64(9000 * time.Hour))))
			}
		}
		got := fold(detector(t, Config{}), es, 1)
		if len(got) != len(want) {
			rt.Fatalf("%d versions with dates, %d without", len(got), len(want))
		}
		for i := range got {
			if got[i].ID != want[i].ID || got[i].State != want[i].State || !got[i].At.Equal(want[i].At) || got[i].Level != want[i].Level {
				rt.Fatalf("version %d is %s %s at %s, without dates %s %s at %s", i, got[i].ID, got[i].State, got[i].At, want[i].ID, want[i].State, want[i].At)
			}
		}
	})
}

// Dates may be anything: all that they can do is keep a closed window closed.
func TestPublishersDatesOpenNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
		es := stream(r, rapid.IntRange(20, 120).Draw(rt, "articles"))
		for i := range es {
			es[i].Article.PublishedAt = time.Time{}
		}
		first := map[string]time.Time{} // of each alert, without dates
		for _, a := range fold(detector(t, Config{}), es, 1) {
			if _, ok := first[a.ID]; !ok {
				first[a.ID] = a.At
			}
		}
		for i := range es {
			es[i].Article.PublishedAt = es[i].Article.FetchedAt.Add(time.Duration(r.Int64N(int64(800*time.Hour))) - 400*time.Hour)
		}
		got := fold(detector(t, Config{}), es, 1)
		gapless(rt, got)
		for _, a := range got {
			if at, ok := first[a.ID]; a.Watch == "missile" && (!ok || a.At.Before(at)) {
				rt.Fatalf("alert of %q opened at %s with dates, at %s (%v) without", a.Watch, a.At, at, ok)
			}
		}
	})
}

func TestOldNews(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	h := happening{place: "Lyon", subject: "depot", doing: "hit", topic: "weapons.missile", words: []string{"smoke", "sirens"}}
	d := detector(t, Config{Watches: load(t, missileOnly)})
	n := 0
	apply := func(source string, at, published time.Time) []events.Alert {
		n++
		e := h.told(r, source, n, at)
		e.Article.PublishedAt = published
		return d.Apply(e, uint64(n))
	}
	old := day0.Add(-5 * 24 * time.Hour)
	var out []events.Alert
	for i, s := range []string{"lemonde.fr", "bbc.com", "spiegel.de"} {
		out = append(out, apply(s, day0.Add(time.Duration(i)*time.Minute), old)...)
	}
	if states(out) != "opened:elevated:3" {
		t.Fatalf("news to us counts in its window whatever its date: got %q", states(out))
	}
	quiet := article("bbc.com", "Orchestra plays new symphony", "The audience applauded.", 900, day0.Add(8*time.Hour), happening{place: "Graz"})
	n++
	out = d.Apply(quiet, uint64(n))
	if states(out) != "resolved:elevated:3" {
		t.Fatalf("got %q", states(out))
	}
	x, _ := d.Explain(out[0].ID)
	if len(x.Clauses) != 1 || !x.Clauses[0].Met || x.Clauses[0].Have != "3" {
		t.Errorf("a resolved alert is explained by the window of now: %+v", x.Clauses)
	}
	for i, s := range []string{"dn.se", "yle.fi", "rp.pl", "publico.pt"} {
		if out := apply(s, day0.Add(9*time.Hour+time.Duration(i)*time.Minute), day0); len(out) != 0 {
			t.Fatalf("articles of a closed window fired it again: %q", states(out))
		}
	}
	if d.Counts().Late == 0 {
		t.Error("late articles are not counted")
	}
}
