package bus_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestEnsureMakesTheTopologyAsOftenAsAsked(t *testing.T) {
	b := bustest.Start(t)
	say(t, b, 1)
	if err := b.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	js := operator(t, b)
	for _, name := range []string{events.StreamArticles, events.StreamEnriched, events.StreamAlerts, events.StreamDead} {
		s, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		c := s.CachedInfo().Config
		if c.Retention != jetstream.LimitsPolicy || c.Compression != jetstream.S2Compression || c.Storage != jetstream.FileStorage || !c.AllowAtomicPublish {
			t.Errorf("stream %s is %+v", name, c)
		}
	}
	for _, name := range []string{bus.Sources, bus.Seen, bus.Watches, bus.Subscriptions, bus.Silences, bus.Outbox, bus.Deliveries} {
		if _, err := js.KeyValue(t.Context(), name); err != nil {
			t.Errorf("bucket %s: %v", name, err)
		}
	}
	if got := messages(t, b, events.StreamArticles); got != 1 {
		t.Errorf("%d messages after the second Ensure, want the 1 before it", got)
	}
}

func TestEnsureChangesWhatMayBeChanged(t *testing.T) {
	dir := t.TempDir()
	for _, age := range []time.Duration{0, 24 * time.Hour} {
		b, err := bus.Open(t.Context(), bus.Config{Embedded: true, Dir: dir, Sync: "2m", MaxAge: age}, bus.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Ensure(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := operator(t, b).Stream(t.Context(), events.StreamArticles)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.CachedInfo().Config.MaxAge; got != age {
			t.Errorf("max age %s, want %s", got, age)
		}
		b.Close()
	}
}

func TestEnsureSaysWhatItMayNotChange(t *testing.T) {
	b, err := bus.Open(t.Context(), bus.Config{Embedded: true, Dir: t.TempDir(), Sync: "2m"}, bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := operator(t, b).CreateStream(t.Context(), jetstream.StreamConfig{
		Name: events.StreamArticles, Subjects: []string{events.SubjectArticles}, Storage: jetstream.MemoryStorage,
	}); err != nil {
		t.Fatal(err)
	}
	err = b.Ensure(t.Context())
	if err == nil || !strings.Contains(err.Error(), "ARTICLES") || !strings.Contains(err.Error(), "in place") {
		t.Errorf("got %v, want the stream's name and what to do", err)
	}
}

func TestMetricsAreWellNamed(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
	say(t, b, 1)
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}
