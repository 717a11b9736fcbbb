package bus_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.uber.org/goleak"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("TOCSIN_BUS_VICTIM"); dir != "" {
		victim(dir)
		return
	}
	// A file store that meets a full disk is given up by the server with these
	// still running, now and then; everything else, and all of ours, must be gone.
	const store = "github.com/nats-io/nats-server/v2/server."
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction(store+"(*msgBlock).flushLoop"),
		goleak.IgnoreTopFunction(store+"(*fileStore).flushStreamStateLoop"),
		goleak.IgnoreTopFunction("github.com/nats-io/nats-server/v2/server/ats.Register.func1"))
}

// note is the message of these tests.
type note struct {
	N int `json:"n"`
}

func say(t *testing.T, b *bus.Bus, n int) bus.Ack {
	t.Helper()
	ack, err := bus.Publish(t.Context(), b, "tocsin.article.test", events.TypeArticle, fmt.Sprintf("note-%d", n), note{n})
	if err != nil {
		t.Fatal(err)
	}
	return ack
}

// enriched is what a worker of these tests answers for n.
func enriched(n int) bus.Out {
	return bus.Out{Subject: "tocsin.enriched.en", Type: events.TypeEnriched, ID: fmt.Sprintf("enriched-%d", n), Value: note{n}}
}

func worker() bus.Worker {
	return bus.Worker{
		Name: "enricher", Stream: events.StreamArticles,
		Backoff: 5 * time.Millisecond, AckWait: 2 * time.Second,
	}
}

// consume runs a Consume until the test, or stop, ends it.
func consume(t *testing.T, b *bus.Bus, w bus.Worker, handle func(context.Context, note, bus.Meta) ([]bus.Out, error)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- bus.Consume(ctx, b, w, handle) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Consume: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// eventually waits until is holds.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); !is(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func messages(t *testing.T, b *bus.Bus, stream string) uint64 {
	t.Helper()
	i, err := b.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return i.Messages
}

// idle reports whether w has acknowledged all of its stream.
func idle(t *testing.T, b *bus.Bus, w bus.Worker) func() bool {
	js := operator(t, b)
	return func() bool {
		s, err := b.Stream(t.Context(), w.Stream)
		if err != nil {
			return false
		}
		c, err := js.Consumer(t.Context(), w.Stream, w.Name)
		return err == nil && c.CachedInfo().AckFloor.Stream == s.Last
	}
}

// read follows stream from its beginning to its end.
func read[T any](t *testing.T, b *bus.Bus, stream string) (all []T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := bus.Follow(ctx, b, bus.Stream{Name: stream}, 1, func(v T, _ bus.Meta) error {
		all = append(all, v)
		return nil
	}, cancel)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// metric sums the values of a counter or gauge over its labels.
func metric(t *testing.T, g prometheus.Gatherer, name string) float64 {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			switch f.GetType() {
			case dto.MetricType_GAUGE:
				sum += m.GetGauge().GetValue()
			case dto.MetricType_COUNTER:
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}
