package app

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// eagerWatch is allianceWatch for who would rather be told too early.
const eagerWatch = `watches:
  - name: alliance-missile
    query: entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~)
    when: {origins: 2, within: 2h}
    level: elevated
    escalate: [{origins: 4, level: high}, {origins: 6, level: critical}]
    resolve_after: 12h
`

func TestTurns(t *testing.T) {
	list := turns{List: []turn{{0, "a"}, {10, "b"}, {10, "c"}, {25, "a"}}}
	for position, want := range map[uint64]string{0: "a", 9: "a", 10: "c", 24: "c", 25: "a", 1000: "a"} {
		if got := list.at(position); got != want {
			t.Errorf("behind %d counts %q, want %q", position, got, want)
		}
	}
	for position, want := range map[uint64]int{0: 4, 1: 3, 10: 3, 11: 1, 25: 1, 26: 0} {
		if got := len(list.from(position)); got != want {
			t.Errorf("at %d there are %d turns to make, want %d", position, got, want)
		}
	}
	if (turns{}).at(5) != "" || (turns{}).last() != (turn{}) {
		t.Error("an empty list knows something")
	}
}

func TestARulebookIsTheSameWhileItDecidesTheSame(t *testing.T) {
	read := func(text string) rulebook {
		ws, err := watch.Load(strings.NewReader(text), "watches.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return rulebook{Watches: ws}
	}
	base := read(allianceWatch).id()
	for name, text := range map[string]string{
		"spaces and a comment": strings.ReplaceAll(allianceWatch, "level: elevated\n", "level:   elevated # at first\n"),
		"another purpose":      strings.Replace(allianceWatch, "    query:", "    about: for the desk\n    query:", 1),
	} {
		if read(text).id() != base {
			t.Errorf("%s makes another rulebook", name)
		}
	}
	for name, text := range map[string]string{
		"a clause": strings.ReplaceAll(allianceWatch, "origins: 3", "origins: 2"),
		"a name":   strings.ReplaceAll(allianceWatch, "alliance-missile", "alliance"),
		"a group":  strings.Replace(allianceWatch, "    query:", "    group: desk\n    query:", 1),
		"a watch":  allianceWatch + "  - {name: second, query: otan, when: {origins: 2, within: 2h}}\n",
	} {
		if read(text).id() == base {
			t.Errorf("%s makes no other rulebook", name)
		}
	}
	more := read(allianceWatch)
	more.MaxOrigins = 2
	if more.id() == base {
		t.Error("a bound on origins makes no other rulebook")
	}
}

// A watch is changed while the alerter is dead, killed after its snapshot: what
// it decided since stands, what is left of the stream is judged as it would
// have been, and the changed watch counts from the next article on.
func TestAWatchChangedWhileTheAlerterWasDead(t *testing.T) {
	var c Config
	r := start(t, func(x *Config) { withWatches(t, allianceWatch)(x); c = *x })
	r.play(t, "2024-11-23T13:00", "2024-11-23T13:57")
	halt(t, r)

	r = run(t, c)
	before := saved(t, r)
	r.play(t, "2024-11-23T14:00", "2024-11-23T16:30")
	if len(r.lives("alliance-missile")) == 0 {
		t.Fatal("nothing was decided that a replay could get wrong")
	}
	halt(t, r)
	putBack(t, c, before)

	overwrite(t, c.WatchFiles[0], eagerWatch)
	r = run(t, c)
	changed, err := r.bus.Stream(t.Context(), events.StreamEnriched)
	if err != nil {
		t.Fatal(err)
	}
	r.play(t, "2024-11-23T16:31", "2024-11-25T00:00")
	list := r.alerter.books.turns.List
	if len(list) != 2 || list[0].After != 0 || list[1].After != changed.Last {
		t.Errorf("the turns are %+v, want the first watches from 0 and the others behind %d", list, changed.Last)
	}
	asOneReader(t, r)

	// A state that is lost altogether is made again from the whole stream, and
	// decides nothing else.
	halt(t, r)
	putBack(t, c, nil)
	r = run(t, c)
	r.settle(t)
	asOneReader(t, r)
	if b, err := r.Ledger(t.Context()); err != nil || !b.Balanced() {
		t.Error(b, err)
	}
}

// Watches are changed while it runs, and the state of before the change is what
// is left: the replay makes the change at the same article.
func TestAWatchChangedWhileItRuns(t *testing.T) {
	var c Config
	r := start(t, func(x *Config) { withWatches(t, allianceWatch)(x); c = *x })
	r.play(t, "2024-11-23T13:00", "2024-11-23T13:57")
	halt(t, r)

	r = run(t, c)
	before := saved(t, r)
	r.play(t, "2024-11-23T14:00", "2024-11-23T15:00")
	for _, text := range []string{eagerWatch, allianceWatch, eagerWatch} {
		overwrite(t, c.WatchFiles[0], text)
		ws, err := c.Watches()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.alerter.adopt(t.Context(), c, ws); err != nil {
			t.Fatal(err)
		}
	}
	r.play(t, "2024-11-23T15:01", "2024-11-25T00:00")
	if n := len(r.alerter.books.turns.List); n != 4 {
		t.Errorf("%d turns, want 4", n)
	}
	asOneReader(t, r)
	halt(t, r)
	putBack(t, c, before)
	r = run(t, c)
	r.settle(t)
	asOneReader(t, r)
	if got, want := r.alerter.book, r.cfg.rulebook(r.alerter.watches).id(); got != want {
		t.Errorf("it decides by %s, want %s", got, want)
	}
}

// asOneReader checks that the stream of alerts is what one reader decides who
// folds the enriched articles once, in order, by the rulebooks that were
// written down.
func asOneReader(t *testing.T, r *running) {
	t.Helper()
	kept := books{objects: r.alerter.objects}
	stream, err := r.bus.Stream(t.Context(), events.StreamEnriched)
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.open(t.Context(), stream); err != nil {
		t.Fatal(err)
	}
	todo := kept.turns.List
	reference, err := rulebook{}.detector()
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	if err := scan(t.Context(), r.bus, events.StreamEnriched, func(e events.Enriched, m bus.Meta) {
		for ; len(todo) > 0 && todo[0].After < m.Seq; todo = todo[1:] {
			book, err := kept.get(t.Context(), todo[0].Book)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := book.config()
			if err != nil {
				t.Fatal(err)
			}
			if err := reference.Set(cfg); err != nil {
				t.Fatal(err)
			}
		}
		for _, a := range reference.Apply(e, 0) {
			want = append(want, text(t, a))
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := scan(t.Context(), r.bus, events.StreamAlerts, func(a events.Alert, _ bus.Meta) { got = append(got, text(t, a)) }); err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		t.Error("nothing was decided: the test says nothing")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the decisions are not those of one reader (-want +got):\n%s", d)
	}
}

// halt stops r in good order.
func halt(t *testing.T, r *running) {
	t.Helper()
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
}

// saved is the state that was written down last.
func saved(t *testing.T, r *running) []byte {
	t.Helper()
	in, err := r.alerter.objects.Get(t.Context(), snapshotKey)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// putBack leaves a store as kill -9 would have: with the state that was written
// down before, or with none.
func putBack(t *testing.T, c Config, state []byte) {
	t.Helper()
	b, err := bus.Open(t.Context(), c.NATS, bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	o, err := bus.OpenObjects(t.Context(), b, bus.Snapshots)
	if err != nil {
		t.Fatal(err)
	}
	if state == nil {
		err = o.Delete(t.Context(), snapshotKey)
	} else {
		err = o.Put(t.Context(), snapshotKey, bytes.NewReader(state))
	}
	if err != nil {
		t.Fatal(err)
	}
}
