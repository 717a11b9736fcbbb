package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/web"
)

// running is an app that a test runs.
type running struct {
	*App
	stop func() error
}

// start runs an app on a store of its own, with whatever edit changes, and
// stops it when the test ends.
func start(t *testing.T, edit func(*Config)) *running {
	t.Helper()
	c := Config{Listen: "127.0.0.1:0", NATS: bus.Config{Embedded: true, Dir: t.TempDir(), Sync: "2m"}, Publishers: sample.Sources()}
	if edit != nil {
		edit(&c)
	}
	return run(t, c)
}

func run(t *testing.T, c Config) *running {
	t.Helper()
	c.Understanding = loaded(t)
	a, err := New(c, All, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	select {
	case err := <-ran:
		t.Fatal("it did not start: ", err)
	case <-a.Up():
	}
	r := &running{App: a}
	stopped := false
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-ran
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error("it did not stop well: ", err)
		}
	})
	return r
}

var loadedOnce = sync.OnceValues(func() (*Understanding, error) { return Understand(Config{}) })

// loaded is the understanding that the tests of this process share: loading it
// takes longer than most of them.
func loaded(t *testing.T) *Understanding {
	t.Helper()
	u, err := loadedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// play accepts the sample's articles that keep says, with their own times,
// and waits until all is decided.
func (r *running) play(t *testing.T, from, to string) {
	t.Helper()
	for _, a := range sample.Articles() {
		at := a.FetchedAt.Format("2006-01-02T15:04")
		if at < from || at > to {
			continue
		}
		if err := r.Accept(t.Context(), a, true); err != nil {
			t.Fatal(err)
		}
	}
	r.settle(t)
}

// offer accepts them one at a time, as a sender does who tries again until each
// is durable.
func (r *running) offer(t *testing.T, from, to string, between time.Duration) {
	t.Helper()
	for _, a := range sample.Articles() {
		at := a.FetchedAt.Format("2006-01-02T15:04")
		if at < from || at > to {
			continue
		}
		for ok := false; !ok; ok = r.Accept(t.Context(), a, true) == nil {
			if !pause(t.Context(), between) {
				t.Fatal("an article is never taken")
			}
		}
	}
}

func (r *running) settle(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if err := r.Settled(ctx); err != nil {
		t.Fatal(err)
	}
}

// lives are the alerts of one watch, the one that changed last first.
func (r *running) lives(watch string) []web.Life { return r.Board().Alerts(web.Filter{Watch: watch}) }

// allianceWatch is a watch that the Palm Beach meeting is made for.
const allianceWatch = `watches:
  - name: alliance-missile
    query: entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~)
    when: {origins: 3, within: 2h}
    level: elevated
    escalate: {origins: 8, level: high}
    resolve_after: 12h
`

func withWatches(t *testing.T, text string) func(*Config) {
	path := filepath.Join(t.TempDir(), "watches.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *Config) { c.WatchFiles = []string{path} }
}

// The case to keep in mind: a French article tells of NATO's secretary general
// meeting the president-elect. Alone it raises nothing; three independent
// origins open one alert; reprints do not count; English joins the same story;
// the alert grows, escalates, and resolves when the story fades.
func TestPalmBeach(t *testing.T) {
	r := start(t, withWatches(t, allianceWatch))

	r.play(t, "2024-11-23T13:38", "2024-11-23T13:38")
	if got := r.lives(""); len(got) != 0 {
		t.Fatalf("one article alone raised %+v", got)
	}
	r.play(t, "2024-11-23T13:46", "2024-11-23T13:57")
	if got := r.lives(""); len(got) != 0 {
		t.Fatalf("an agency text in three papers raised %+v", got)
	}
	r.play(t, "2024-11-23T14:18", "2024-11-23T14:18")
	got := r.lives("alliance-missile")
	if len(got) != 1 {
		t.Fatalf("%d alerts after the third origin, want 1", len(got))
	}
	first := got[0].Last()
	if first.State != "opened" || first.Level != "elevated" || first.Origins != 3 || len(first.Articles) != 5 {
		t.Errorf("opened as %s %s with %d origins in %d articles, want opened elevated 3 5", first.State, first.Level, first.Origins, len(first.Articles))
	}
	origins := map[string]int{}
	for _, e := range first.Articles {
		origins[e.Origin]++
	}
	if origins["afp"] != 3 || len(origins) != 3 {
		t.Errorf("counted %v, want afp three times and two others", origins)
	}

	r.play(t, "2024-11-23T14:27", "2024-11-23T23:59")
	got = r.lives("alliance-missile")
	if len(got) != 1 || got[0].ID != first.ID {
		t.Fatalf("%d alerts in the end, want the same one", len(got))
	}
	last := got[0].Last()
	if last.Level != "high" {
		t.Errorf("level %s with %d origins, want high from 8 on", last.Level, last.Origins)
	}
	langs := map[string]bool{}
	for _, e := range last.Articles {
		if x, ok := r.alerter.enriched(t.Context(), e.ID); ok {
			langs[x.Lang] = true
		}
	}
	if !langs["fr"] || !langs["en"] {
		t.Errorf("the story is told in %v, want French and English", langs)
	}

	// A day later, of something else: the stream's time moves, and the story
	// has faded.
	late := sample.Articles()[0]
	late.FetchedAt = late.FetchedAt.AddDate(0, 0, 4)
	late.PublishedAt = late.FetchedAt
	late.URL, late.Title, late.Text = "https://courier.example/pumpkins", "Pumpkins are late this year", "Farmers blame the wet spring."
	if err := r.Accept(t.Context(), late, true); err != nil {
		t.Fatal(err)
	}
	r.settle(t)
	if got := r.lives("alliance-missile"); got[0].Last().State != "resolved" {
		t.Errorf("state %s a day later, want resolved", got[0].Last().State)
	}
	for i, v := range got[0].Versions {
		if v.Version != i+1 {
			t.Errorf("version %d in place %d", v.Version, i+1)
		}
	}
}

// The explanation goes down to the words, and says what did not count again.
func TestExplain(t *testing.T) {
	r := start(t, withWatches(t, allianceWatch))
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	lives := r.lives("alliance-missile")
	if len(lives) != 1 {
		t.Fatalf("%d alerts", len(lives))
	}
	e, ok := r.Explain(t.Context(), lives[0].ID)
	if !ok {
		t.Fatal("no explanation")
	}
	counted, marked, said, again := 0, 0, 0, ""
	for _, g := range e.Articles {
		if g.Counts {
			counted++
		} else {
			again += g.NotCounted() + "\n"
		}
		x, ok := r.alerter.enriched(t.Context(), g.ID)
		if !ok || g.Lang != x.Lang || g.Kind != x.Kind {
			t.Errorf("%s: %s %s, understood as %s %s", g.ID, g.Lang, g.Kind, x.Lang, x.Kind)
		}
		for _, l := range g.Lines {
			for _, p := range l.Pieces {
				if x.Article.Text[p.Start:p.End] != p.Words {
					t.Errorf("%q is not at %d of %s", p.Words, p.Start, g.ID)
				}
				if p.Mark != "" {
					marked++
				}
			}
		}
		for _, s := range g.Says {
			if said++; x.Article.Text[s.Start:s.End] != s.Words {
				t.Errorf("%q is not what %s says", s.Words, s.Speaker)
			}
		}
	}
	if said < 3 {
		t.Errorf("%d statements", said)
	}
	for _, want := range []string{"the agency afp again, as in ", "% of the words copied", "its text says “(AFP)”"} {
		if !strings.Contains(again, want) {
			t.Errorf("not counted again: %s, want %s", again, want)
		}
	}
	afp := slices.ContainsFunc(e.Origins, func(o web.Origin) bool { return o.Key == "afp" && o.Articles == 3 && len(o.Sources) == 3 })
	if len(e.Origins) != 3 || !afp || len(e.Versions) != 1 || e.Story == nil {
		t.Errorf("origins %+v, versions %+v, story %+v", e.Origins, e.Versions, e.Story)
	}
	if counted != 3 || marked < len(e.Articles) {
		t.Errorf("%d of %d articles count, %d words are marked", counted, len(e.Articles), marked)
	}
	if len(e.Clauses) == 0 || !e.Clauses[0].Met || e.Missing == "" {
		t.Errorf("clauses %+v, missing %q", e.Clauses, e.Missing)
	}
	if _, ok := r.Explain(t.Context(), "nothing"); ok {
		t.Error("an alert that is not there is explained")
	}
}

// A full replay from the first article changes nothing, whether the state was
// kept or lost; nor does a consumer that starts again.
func TestReplayDecidesNothingTwice(t *testing.T) {
	c := Config{Listen: "127.0.0.1:0", NATS: bus.Config{Embedded: true, Dir: t.TempDir(), Sync: "2m"}, Publishers: sample.Sources()}
	withWatches(t, allianceWatch)(&c)
	r := run(t, c)
	r.play(t, "2024-11-23T13:00", "2024-11-23T15:00")
	was := fmt.Sprint(r.lives(""))
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}

	r = run(t, c) // with the state that was written down
	r.settle(t)
	if is := fmt.Sprint(r.lives("")); is != was {
		t.Errorf("after a restart:\n%s\nwas\n%s", is, was)
	}
	if err := r.alerter.objects.Delete(t.Context(), snapshotKey); err != nil {
		t.Fatal(err)
	}
	r.alerter.made.since = 0 // nothing is written down at the end
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}

	r = run(t, c) // without it
	r.settle(t)
	if is := fmt.Sprint(r.lives("")); is != was {
		t.Errorf("after a full replay:\n%s\nwas\n%s", is, was)
	}
	r.play(t, "2024-11-23T15:00", "2024-11-23T23:59")
	b, err := r.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !b.Balanced() || b.InFlight != 0 || b.Unread != 0 {
		t.Error(b)
	}
	if got := r.lives("alliance-missile"); len(got) != 1 || len(got[0].Versions) < 3 {
		t.Errorf("the alert did not live on: %+v", got)
	}
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tocsin.yaml")
	overwrite(t, path, text)
	return path
}

func overwrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
