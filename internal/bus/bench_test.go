package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// payload is an article of about 2 KB, as JSON.
func payload() json.RawMessage {
	a := events.Article{
		ID: "0123456789abcdef0123456789abcdef", Source: "example.org", URL: "https://example.org/a",
		Title: "A headline of the usual length about nothing in particular",
		Text:  strings.Repeat("Some words that a reader would skip. ", 45),
	}
	data, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return data
}

func benchBus(b *testing.B, sync string) *bus.Bus {
	return bustest.StartWith(b, bus.Config{Sync: sync}, bus.Hooks{Log: slog.New(slog.DiscardHandler)})
}

// BenchmarkThreeStages moves the same messages through three stages with empty
// handlers, each hop stored in a file, acknowledged to its sender and by its
// reader; and through a relay of three hops over core NATS, which stores
// nothing; turn about. Both have a connection for each hop, on brokers in
// process. The ratio is the median of the ratios of their speeds.
func BenchmarkThreeStages(b *testing.B) {
	const n = 10000
	s, r := newStages(b, "2m"), newRelay(b)
	s.run(b, 2000)
	r.run(b, 2000)
	compare(b, "relayed/s",
		func() float64 { return s.run(b, n) },
		func() float64 { return r.run(b, n) })
	b.ReportMetric(0.4, "≥ratio")
}

// BenchmarkThreeStagesSynced is the same with every write synced, against the
// same three writes one synced message at a time: publish, wait for the
// PubAck, next.
func BenchmarkThreeStagesSynced(b *testing.B) {
	s := newStages(b, bus.SyncAlways)
	s.run(b, 2000)
	compare(b, "one-by-one/s",
		func() float64 { return s.run(b, 6000) },
		func() float64 { return s.oneByOne(b, 100) })
	b.ReportMetric(8, "≥ratio")
}

// compare runs both turn about, b.N times, and reports the medians of their
// speeds and of the ratios.
func compare(b *testing.B, other string, ours, theirs func() float64) {
	var us, them, ratios []float64
	b.ResetTimer()
	for range b.N {
		them, us = append(them, theirs()), append(us, ours())
		ratios = append(ratios, us[len(us)-1]/them[len(them)-1])
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(us), "staged/s")
	b.ReportMetric(median(them), other)
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// stages are three workers in a row: articles, enriched, alerts.
type stages struct {
	bus  *bus.Bus
	data json.RawMessage
	id   atomic.Int64
	left atomic.Int64
	done chan struct{}
}

func newStages(b *testing.B, sync string) *stages {
	s := &stages{bus: benchBus(b, sync), data: payload(), done: make(chan struct{}, 1)}
	s.start(b)
	return s
}

func (s *stages) start(b *testing.B) {
	s.stage(b, "one", events.StreamArticles, "tocsin.enriched.en", events.TypeEnriched)
	s.stage(b, "two", events.StreamEnriched, "tocsin.alert.w.a", events.TypeAlert)
	s.stage(b, "three", events.StreamAlerts, "", "")
}

func (s *stages) stage(b *testing.B, name, stream, to, kind string) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	w := bus.Worker{Name: name, Stream: stream, Batch: 1000, Parallel: 2}
	go func() {
		done <- bus.Consume(ctx, s.bus, w, func(_ context.Context, v json.RawMessage, m bus.Meta) ([]bus.Out, error) {
			if to == "" {
				if s.left.Add(-1) == 0 {
					s.done <- struct{}{}
				}
				return nil, nil
			}
			return []bus.Out{{Subject: to, Type: kind, ID: m.ID + name, Value: v}}, nil
		})
	}()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
}

// run moves n messages through the stages; it returns messages a second.
func (s *stages) run(b *testing.B, n int) float64 {
	s.left.Store(int64(n))
	start := time.Now()
	var group sync.WaitGroup
	for range 4 { // as an ingestor has several sources at hand
		group.Go(func() {
			for range n / 2000 {
				s.publish(b, 500)
			}
		})
	}
	group.Wait()
	<-s.done
	return float64(n) / time.Since(start).Seconds()
}

func (s *stages) publish(b *testing.B, n int) {
	outs := make([]bus.Out, n)
	for i := range outs {
		outs[i] = bus.Out{Subject: "tocsin.article.a", Type: events.TypeArticle, ID: fmt.Sprint("m", s.id.Add(1)), Value: s.data}
	}
	if _, err := bus.PublishAll(context.Background(), s.bus, outs); err != nil {
		b.Error(err)
	}
}

// oneByOne makes the three writes of each of n messages, each write after the
// PubAck of the one before; it returns messages a second.
func (s *stages) oneByOne(b *testing.B, n int) float64 {
	start := time.Now()
	for range n {
		id := fmt.Sprint("o", s.id.Add(1))
		for hop := range 3 { // to the stream that no stage reads
			if _, err := bus.Publish(context.Background(), s.bus, "tocsin.dead.bench", events.TypeDead, fmt.Sprint(id, "-", hop), s.data); err != nil {
				b.Fatal(err)
			}
		}
	}
	return float64(n) / time.Since(start).Seconds()
}

// relay is three hops over core NATS, on a broker in process like the other.
type relay struct {
	server *bus.Server
	nc     *nats.Conn
	msg    *nats.Msg
	left   atomic.Int64
	done   chan struct{}
}

func newRelay(b *testing.B) *relay {
	server := benchBus(b, "2m").Server()
	r := &relay{server: server, nc: line(b, server), done: make(chan struct{}, 1), msg: &nats.Msg{Subject: "hop.1", Data: payload(), Header: nats.Header{
		"ce-id": {"0123456789abcdef0123456789abcdef"}, "ce-type": {events.TypeArticle}, "ce-source": {"/tocsin/bench"},
		"ce-specversion": {"1.0"}, "ce-time": {time.Now().Format(time.RFC3339Nano)}, "datacontenttype": {"application/json"},
		"Nats-Msg-Id": {"0123456789abcdef0123456789abcdef"},
	}}}
	r.hop(b, "hop.1", "hop.2")
	r.hop(b, "hop.2", "hop.3")
	r.hop(b, "hop.3", "")
	return r
}

func (r *relay) hop(b *testing.B, from, to string) {
	nc := line(b, r.server)
	sub, err := nc.Subscribe(from, func(m *nats.Msg) {
		if to == "" {
			if r.left.Add(-1) == 0 {
				r.done <- struct{}{}
			}
			return
		}
		if err := nc.PublishMsg(&nats.Msg{Subject: to, Header: m.Header, Data: m.Data}); err != nil {
			b.Error(err)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(sub.SetPendingLimits(-1, -1), nc.Flush()); err != nil {
		b.Fatal(err)
	}
}

func (r *relay) run(b *testing.B, n int) float64 {
	r.left.Store(int64(n))
	start := time.Now()
	for range n {
		if err := r.nc.PublishMsg(r.msg); err != nil {
			b.Fatal(err)
		}
	}
	<-r.done
	return float64(n) / time.Since(start).Seconds()
}

func line(b *testing.B, server *bus.Server) *nats.Conn {
	nc, err := nats.Connect("", nats.InProcessServer(server))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(nc.Close)
	return nc
}
