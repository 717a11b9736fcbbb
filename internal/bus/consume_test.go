package bus_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestConsumePublishesEachResultOnce(t *testing.T) {
	reg := prometheus.NewRegistry()
	b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
	const n = 1500
	for i := range n {
		say(t, b, i)
	}
	consume(t, b, worker(), func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
		return []bus.Out{enriched(v.N)}, nil
	})
	eventually(t, "all are acknowledged", idle(t, b, worker()))
	if got := messages(t, b, events.StreamEnriched); got != n {
		t.Errorf("%d results, want %d", got, n)
	}
	if got := metric(t, reg, "tocsin_bus_redelivered_total"); got != 0 {
		t.Errorf("%v redeliveries, want none", got)
	}
	if got := metric(t, reg, "tocsin_bus_acked_total"); got != n {
		t.Errorf("acked %v, want %d", got, n)
	}
}

func TestABatchRefusedForDuplicatesIsCutAgain(t *testing.T) {
	for _, sync := range []string{bus.SyncAlways, "2m"} { // an atomic batch, a flow
		t.Run("sync "+sync, func(t *testing.T) { refuseAndCut(t, sync) })
	}
}

func refuseAndCut(t *testing.T, sync string) {
	reg := prometheus.NewRegistry()
	b := bustest.StartWith(t, bus.Config{Sync: sync}, bus.Hooks{Metrics: reg})
	const n = 200
	for i := range n {
		say(t, b, i)
	}
	for _, i := range []int{0, 77, 199} { // the stream has these results already
		o := enriched(i)
		if _, err := bus.Publish(t.Context(), b, o.Subject, o.Type, o.ID, o.Value); err != nil {
			t.Fatal(err)
		}
	}
	consume(t, b, worker(), func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
		return []bus.Out{enriched(v.N), enriched(v.N)}, nil // said twice in one breath, too
	})
	eventually(t, "all are acknowledged", idle(t, b, worker()))
	seen := map[int]int{}
	for _, v := range read[note](t, b, events.StreamEnriched) {
		seen[v.N]++
	}
	for i := range n {
		if seen[i] != 1 {
			t.Fatalf("result %d is there %d times, want once", i, seen[i])
		}
	}
	if got := metric(t, reg, "tocsin_bus_batches_recut_total"); got == 0 && sync == bus.SyncAlways {
		t.Error("no batch was cut again: the test tests nothing")
	}
}

func TestACrashBetweenPublishAndAckGivesNoSecondResult(t *testing.T) {
	b := bustest.Start(t)
	w := worker()
	const n = 50
	for i := range n {
		say(t, b, i)
	}
	// What a worker that was killed has left: results published, nothing
	// acknowledged.
	for i := range n / 2 {
		o := enriched(i)
		if _, err := bus.Publish(t.Context(), b, o.Subject, o.Type, o.ID, o.Value); err != nil {
			t.Fatal(err)
		}
	}
	var again atomic.Int64
	var first sync.Map
	consume(t, b, w, func(_ context.Context, v note, m bus.Meta) ([]bus.Out, error) {
		if _, had := first.LoadOrStore(v.N, true); !had {
			return nil, errors.New("the first try is lost") // so each comes again
		}
		again.Add(1)
		return []bus.Out{enriched(v.N)}, nil
	})
	eventually(t, "all are acknowledged", idle(t, b, w))
	if again.Load() != n {
		t.Errorf("%d came again, want %d", again.Load(), n)
	}
	if got := messages(t, b, events.StreamEnriched); got != n {
		t.Errorf("%d results, want %d", got, n)
	}
}

func TestVerdicts(t *testing.T) {
	tests := map[string]struct {
		handle  func(try int) error
		tries   int // in the end
		dead    int
		results int
	}{
		"nil is done":                            {handle: func(int) error { return nil }, tries: 1, results: 1},
		"an error is tried again":                {handle: failUntil(3), tries: 3, results: 1},
		"too many tries become a dead letter":    {handle: func(int) error { return errors.New("no") }, tries: 3, dead: 1},
		"permanent is not tried again":           {handle: func(int) error { return verdict.Permanent(errors.New("never")) }, tries: 1, dead: 1},
		"after waits and does not count as dead": {handle: laterUntil(6), tries: 6, results: 1},
		"a panic counts as a failure":            {handle: func(int) error { panic("poison") }, tries: 3, dead: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := bustest.Start(t)
			say(t, b, 1)
			var tries atomic.Int64
			consume(t, b, worker(), func(_ context.Context, v note, m bus.Meta) ([]bus.Out, error) {
				tries.Add(1)
				return []bus.Out{enriched(v.N)}, tt.handle(m.Tries)
			})
			eventually(t, "the message is settled", idle(t, b, worker()))
			if int(tries.Load()) != tt.tries {
				t.Errorf("%d tries, want %d", tries.Load(), tt.tries)
			}
			if got := int(messages(t, b, events.StreamDead)); got != tt.dead {
				t.Errorf("%d dead letters, want %d", got, tt.dead)
			}
			if got := int(messages(t, b, events.StreamEnriched)); got != tt.results {
				t.Errorf("%d results, want %d", got, tt.results)
			}
		})
	}
}

func failUntil(n int) func(int) error {
	return func(try int) error {
		if try < n {
			return errors.New("not yet")
		}
		return nil
	}
}

func laterUntil(n int) func(int) error {
	return func(try int) error {
		if try < n {
			return verdict.After(time.Millisecond, nil)
		}
		return nil
	}
}

func TestDrainLeavesNothingToRedeliver(t *testing.T) {
	for range 5 {
		reg := prometheus.NewRegistry()
		b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
		w := worker()
		w.Batch = 64
		const n = 3000
		var publishing sync.WaitGroup
		publishing.Go(func() {
			for i := range n {
				say(t, b, i)
			}
		})
		for round := range 4 {
			var seen atomic.Int64
			stop := consume(t, b, w, func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
				seen.Add(1)
				return []bus.Out{enriched(v.N)}, nil
			})
			if round < 3 {
				eventually(t, "some are handled", func() bool { return seen.Load() > 100 })
			} else {
				publishing.Wait()
				eventually(t, "all are acknowledged", idle(t, b, w))
			}
			stop()
		}
		if got := messages(t, b, events.StreamEnriched); got != n {
			t.Errorf("%d results, want %d", got, n)
		}
		if got := metric(t, reg, "tocsin_bus_redelivered_total"); got != 0 {
			t.Errorf("%v redeliveries, want none", got)
		}
	}
}

func TestASlowHandlerKeepsItsMessage(t *testing.T) {
	b := bustest.Start(t)
	w := worker()
	w.AckWait, w.Parallel = 300*time.Millisecond, 1
	for i := range 3 {
		say(t, b, i)
	}
	var calls atomic.Int64
	consume(t, b, w, func(ctx context.Context, v note, m bus.Meta) ([]bus.Out, error) {
		calls.Add(1)
		select { // longer than AckWait: the work itself, not a wait for something
		case <-time.After(700 * time.Millisecond):
		case <-ctx.Done():
		}
		return []bus.Out{enriched(v.N)}, nil
	})
	eventually(t, "all are acknowledged", idle(t, b, w))
	if calls.Load() != 3 {
		t.Errorf("%d calls, want 3", calls.Load())
	}
}
