package notify

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func entry(alert, version int, state string, seq uint64) Entry {
	id := fmt.Sprintf("a%d", alert)
	return Entry{Key: fmt.Sprintf("%s.%d", id, version), Channel: "desk", Seq: seq, Alert: events.Alert{ID: id, Version: version, State: state}}
}

// Whatever order entries come in, and however often, what leaves leaves in the
// order of its alert's versions, and only updates with a later version are
// left out.
func TestOrderOfTheQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQueue()
		var entries []Entry
		version := map[int]int{}
		for i := range rapid.IntRange(1, 30).Draw(t, "entries") {
			alert := rapid.IntRange(0, 3).Draw(t, "alert")
			version[alert]++
			state := rapid.SampledFrom([]string{events.Opened, events.Updated, events.Updated, events.Escalated, events.Resolved}).Draw(t, "state")
			entries = append(entries, entry(alert, version[alert], state, uint64(i+1)))
		}
		for _, e := range rapid.Permutation(entries).Draw(t, "order") {
			q.add(e)
			q.add(e)
		}
		now := time.Now()
		failed := time.Time{}
		if rapid.Bool().Draw(t, "failing") {
			failed = now.Add(time.Hour)
		}
		left, last, dropped := map[string]bool{}, map[string]int{}, map[string]string{}
		for {
			it, found, superseded, _ := q.next(now, failed)
			for _, s := range superseded {
				if s.state != events.Updated || s.version >= it.version || s.thread != it.thread {
					t.Fatalf("%+v was superseded by %+v", s, it)
				}
				dropped[s.key] = it.key
				q.supersede(s, it)
			}
			if !found {
				break
			}
			if it.version <= last[it.thread] {
				t.Fatalf("version %d of %s leaves after version %d", it.version, it.thread, last[it.thread])
			}
			last[it.thread], left[it.key] = it.version, true
			q.done(it)
		}
		for _, e := range entries {
			if !left[e.Key] && dropped[e.Key] == "" {
				t.Fatalf("%s never left", e.Key)
			}
			if failed.IsZero() && !left[e.Key] {
				t.Fatalf("%s was superseded on a channel that works", e.Key)
			}
		}
		if n, _ := q.waiting(); n != 0 || len(q.keys) != 0 {
			t.Fatalf("%d wait, %d keys are kept", n, len(q.keys))
		}
	})
}

func TestRecordOfVersions(t *testing.T) {
	var r Record
	r.handle(3)
	for v, want := range map[int]bool{1: false, 2: false, 3: true, 4: false} {
		if r.has(v) != want {
			t.Errorf("has(%d) = %v", v, !want)
		}
	}
	r.handle(1)
	if !r.has(1) || r.has(2) {
		t.Errorf("after a late one: %+v", r)
	}
	r.handle(500)
	if len(r.Skipped) > maxSkipped || r.has(499) || !r.has(2) {
		t.Errorf("a long jump is kept as %d skipped", len(r.Skipped))
	}
	for v := range 100 {
		r.end(entry(1, v+1, events.Updated, 1), Outcome{End: Delivered})
	}
	if n := len(r.Channels["desk"].Outcomes); n != maxOutcomes || !r.ended(entry(1, 1, events.Updated, 1)) {
		t.Errorf("%d outcomes are kept", n)
	}
}

// With many alerts waiting for a dead channel, choosing the next must stay
// small beside a send.
func BenchmarkNextOf10000Alerts(b *testing.B) {
	q := newQueue()
	for i := range 10_000 {
		q.add(entry(i, 1, events.Opened, uint64(i+1)))
	}
	now := time.Now()
	for b.Loop() {
		q.next(now, time.Time{})
	}
}
