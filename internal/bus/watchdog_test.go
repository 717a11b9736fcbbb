package bus_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func pass(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
	return []bus.Out{enriched(v.N)}, nil
}

func TestADeletedConsumerIsMadeAgain(t *testing.T) {
	b := bustest.Start(t)
	say(t, b, 1)
	consume(t, b, worker(), pass)
	eventually(t, "the first is done", idle(t, b, worker()))
	if err := operator(t, b).DeleteConsumer(t.Context(), events.StreamArticles, "enricher"); err != nil {
		t.Fatal(err)
	}
	say(t, b, 2)
	eventually(t, "the second is done", func() bool { return messages(t, b, events.StreamEnriched) == 2 })
	eventually(t, "it is ready", func() bool { return b.Ready() == nil })
}

func TestAStuckConsumerIsMadeAgain(t *testing.T) {
	reg := prometheus.NewRegistry()
	b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
	w := worker()
	w.Stall = 300 * time.Millisecond
	if err := b.EnsureWorker(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	// A consumer that hands out nothing, for as long as it is paused.
	if _, err := operator(t, b).PauseConsumer(t.Context(), w.Stream, w.Name, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	say(t, b, 1)
	consume(t, b, w, pass)
	eventually(t, "the message comes all the same", func() bool { return messages(t, b, events.StreamEnriched) == 1 })
	if got := metric(t, reg, "tocsin_bus_consumer_recreated_total"); got != 1 {
		t.Errorf("made again %v times, want once", got)
	}
}

func TestAConsumerAheadOfItsStreamStartsOver(t *testing.T) {
	reg := prometheus.NewRegistry()
	b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
	w := worker()
	w.Stall = 300 * time.Millisecond
	say(t, b, 1)
	// What a restore of an older copy leaves: a consumer that has had more
	// than there is.
	if _, err := operator(t, b).CreateConsumer(t.Context(), w.Stream, jetstream.ConsumerConfig{
		Durable: w.Name, AckPolicy: jetstream.AckExplicitPolicy, AckWait: w.AckWait, MaxDeliver: -1, MaxAckPending: -1,
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: 100,
	}); err != nil {
		t.Fatal(err)
	}
	var got atomic.Int64
	consume(t, b, w, func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
		got.Add(1)
		return nil, nil
	})
	eventually(t, "the message comes all the same", func() bool { return got.Load() == 1 })
	if metric(t, reg, "tocsin_bus_missing_messages_total") == 0 {
		t.Error("nothing was counted as missing")
	}
}
