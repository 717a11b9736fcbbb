package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// never answers that no try can mend it.
func never(context.Context, note, bus.Meta) ([]bus.Out, error) {
	return nil, verdict.Permanent(errors.New("an article without a head"))
}

// operator is a plain client of the broker, as an operator has one.
func operator(t *testing.T, b *bus.Bus) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(b.Server()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func TestADeadLetterTellsWhyAndGoesBack(t *testing.T) {
	b := bustest.Start(t)
	say(t, b, 41)
	say(t, b, 42)
	stop := consume(t, b, worker(), never)
	eventually(t, "both are settled", idle(t, b, worker()))
	stop()
	letters, err := bus.DeadLetters(t.Context(), b, "enricher", 0, 10)
	if err != nil || len(letters) != 2 {
		t.Fatalf("%d letters, %v, want 2", len(letters), err)
	}
	l := letters[1]
	if l.Worker != "enricher" || l.Stream != events.StreamArticles || l.Sequence != 2 || l.Subject != "tocsin.article.test" ||
		l.Reason != "an article without a head" || l.Tries != 1 || string(l.Data) != `{"n":42}` {
		t.Errorf("the letter is %+v", l)
	}
	if _, err := bus.RetryDead(t.Context(), b, l.Seq); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.GetDead(t.Context(), b, l.Seq); !errors.Is(err, bus.ErrNotFound) {
		t.Errorf("after the retry the letter is %v, want ErrNotFound", err)
	}
	var got atomic.Int64
	consume(t, b, worker(), func(_ context.Context, v note, m bus.Meta) ([]bus.Out, error) {
		if m.ID != "note-42" {
			t.Errorf("id %s, want the old one", m.ID)
		}
		got.Store(int64(v.N))
		return nil, nil
	})
	eventually(t, "it comes again", func() bool { return got.Load() == 42 })
	if rest, err := bus.DeadLetters(t.Context(), b, "", 0, 10); err != nil || len(rest) != 1 {
		t.Errorf("%d letters left, %v, want 1", len(rest), err)
	}
}

func TestWithoutADeadLetterNothingIsAcknowledged(t *testing.T) {
	reg := prometheus.NewRegistry()
	b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
	js := operator(t, b)
	s, err := js.Stream(t.Context(), events.StreamDead)
	if err != nil {
		t.Fatal(err)
	}
	sealed := s.CachedInfo().Config
	sealed.MaxMsgSize = 10 // no letter fits
	if _, err := js.UpdateStream(t.Context(), sealed); err != nil {
		t.Fatal(err)
	}
	say(t, b, 1)
	consume(t, b, worker(), never)
	eventually(t, "keeping the letter fails, loudly", func() bool {
		return metric(t, reg, "tocsin_bus_dead_letter_failures_total") >= 3
	})
	if err := b.Ready(); err == nil || !strings.Contains(err.Error(), "dead letters of enricher") {
		t.Errorf("Ready is %v, want the dead letters' trouble", err)
	}
	if lag, err := b.Lag(t.Context(), worker()); err != nil || lag.Unacked != 1 {
		t.Errorf("lag %+v, %v, want one unacknowledged", lag, err)
	}
	if got := metric(t, reg, "tocsin_bus_acked_total"); got != 0 {
		t.Errorf("acked %v, want none", got)
	}
	sealed.MaxMsgSize = -1
	if _, err := js.UpdateStream(t.Context(), sealed); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is kept once it can be", idle(t, b, worker()))
	if got := messages(t, b, events.StreamDead); got != 1 {
		t.Errorf("%d letters, want 1", got)
	}
	eventually(t, "ready again", func() bool { return b.Ready() == nil })
}

func TestStrangeMessages(t *testing.T) {
	tests := map[string]struct {
		kind, data string
		dead       bool
		parked     bool
	}{
		"data that is not JSON":               {kind: events.TypeArticle, data: "\x00{", dead: true},
		"data of another shape":               {kind: events.TypeArticle, data: `{"n":"word"}`, dead: true},
		"a type of another family":            {kind: "com.example.order.v1", data: `{}`, dead: true},
		"a newer major version":               {kind: "news.tocsin.article.v2", data: `{"n":[]}`, parked: true},
		"no type at all: a plain NATS client": {kind: "", data: `{"n":1}`},
		"an unknown field of a newer minor":   {kind: events.TypeArticle, data: `{"n":1,"later":true}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			reg := prometheus.NewRegistry()
			b := bustest.StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{Metrics: reg})
			if _, err := bus.Publish(t.Context(), b, "tocsin.article.x", tt.kind, "strange", json.RawMessage(tt.data)); err != nil {
				t.Fatal(err)
			}
			say(t, b, 2)
			var plain atomic.Int64
			consume(t, b, worker(), func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
				plain.Add(1)
				return nil, nil
			})
			want := func() bool { return plain.Load() == 2 }
			switch {
			case tt.dead:
				want = func() bool { return messages(t, b, events.StreamDead) == 1 && plain.Load() == 1 }
			case tt.parked:
				want = func() bool { return metric(t, reg, "tocsin_bus_parked_total") == 1 && plain.Load() == 1 }
			}
			eventually(t, "each goes where it belongs", want)
			if dead := messages(t, b, events.StreamDead) == 1; dead != tt.dead {
				t.Errorf("dead %v, want %v", dead, tt.dead)
			}
			if lag, err := b.Lag(t.Context(), worker()); tt.parked && (err != nil || lag.Unacked == 0) {
				t.Errorf("lag %+v, %v: what is set aside is not acknowledged", lag, err)
			}
		})
	}
}
