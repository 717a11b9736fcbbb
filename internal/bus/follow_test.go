package bus_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var articles = bus.Stream{Name: events.StreamArticles}

func TestFollowGivesHistoryThenLive(t *testing.T) {
	b := bustest.Start(t)
	for i := range 100 {
		say(t, b, i)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got, live atomic.Int64
	done := make(chan error, 1)
	go func() {
		done <- bus.Follow(ctx, b, articles, 1, func(v note, m bus.Meta) error {
			if int64(v.N) != got.Load() || m.Seq != uint64(v.N)+1 {
				t.Errorf("message %d at %d out of order", v.N, m.Seq)
			}
			got.Add(1)
			return nil
		}, func() { live.Store(got.Load()) })
	}()
	eventually(t, "live after the history", func() bool { return live.Load() == 100 })
	for i := 100; i < 120; i++ {
		say(t, b, i)
	}
	eventually(t, "what comes later", func() bool { return got.Load() == 120 })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Follow: %v", err)
	}
}

func TestFollowGoesOnFromTheReadersOwnPosition(t *testing.T) {
	b := bustest.Start(t)
	for i := range 10 {
		say(t, b, i)
	}
	stop := errors.New("stop here")
	position := uint64(0)
	var got []int
	take := func(v note, m bus.Meta) error {
		got, position = append(got, v.N), m.Seq
		if m.Seq == 4 {
			return stop
		}
		return nil
	}
	if err := bus.Follow(t.Context(), b, articles, 1, take, nil); !errors.Is(err, stop) {
		t.Fatalf("Follow: %v, want the reader's own error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := bus.Follow(ctx, b, articles, position+1, take, cancel); err != nil {
		t.Fatal(err)
	}
	if len(got) != 10 || got[3] != 3 || got[4] != 4 {
		t.Errorf("got %v, want each once", got)
	}
}

func TestFollowOfNothingIsLiveAtOnce(t *testing.T) {
	b := bustest.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	if err := bus.Follow(ctx, b, articles, 0, func(note, bus.Meta) error { return nil }, cancel); err != nil {
		t.Fatal(err)
	}
}

func TestFollowFindsARegressedStream(t *testing.T) {
	tests := map[string]struct {
		from    uint64
		lastID  string
		created bool
		spoil   func(*testing.T, *bus.Bus, jetstream.JetStream)
		missing uint64
	}{
		"the position is ahead of the stream": {from: 15, missing: 4},
		"the stream was purged from the front": {from: 4, missing: 2, spoil: func(t *testing.T, _ *bus.Bus, js jetstream.JetStream) {
			s, err := js.Stream(t.Context(), events.StreamArticles)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Purge(t.Context(), jetstream.WithPurgeSequence(6)); err != nil {
				t.Fatal(err)
			}
		}},
		"the stream was made anew and has grown past": {from: 5, created: true, missing: 4, spoil: remake},
		"another message stands at the position":      {from: 5, lastID: "note-999", missing: 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := bustest.Start(t)
			for i := range 10 {
				say(t, b, i)
			}
			s := articles
			s.LastID = tt.lastID
			if tt.created {
				info, err := b.Stream(t.Context(), s.Name)
				if err != nil {
					t.Fatal(err)
				}
				s.Created = info.Created
			}
			if tt.spoil != nil {
				tt.spoil(t, b, operator(t, b))
			}
			err := bus.Follow(t.Context(), b, s, tt.from, func(note, bus.Meta) error {
				t.Error("a message was handed over")
				return nil
			}, func() { t.Error("it was called live") })
			var r *bus.Regressed
			if !errors.Is(err, bus.ErrRegressed) || !errors.As(err, &r) || r.Missing != tt.missing {
				t.Errorf("got %v, want a regress with %d missing", err, tt.missing)
			}
		})
	}
}

// remake deletes the stream, and fills it again.
func remake(t *testing.T, b *bus.Bus, js jetstream.JetStream) {
	t.Helper()
	if err := js.DeleteStream(t.Context(), events.StreamArticles); err != nil {
		t.Fatal(err)
	}
	if err := b.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		say(t, b, i)
	}
}

func TestFollowFindsARegressWhileItIsLive(t *testing.T) {
	b := bustest.Start(t)
	for i := range 10 {
		say(t, b, i)
	}
	live := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- bus.Follow(t.Context(), b, articles, 1, func(note, bus.Meta) error { return nil }, func() { close(live) })
	}()
	<-live
	if err := operator(t, b).DeleteStream(t.Context(), events.StreamArticles); err != nil {
		t.Fatal(err)
	}
	if err := b.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, bus.ErrRegressed) {
		t.Errorf("got %v, want a regress", err)
	}
}

func TestFollowTellsOfAGap(t *testing.T) {
	b := bustest.Start(t)
	for i := range 10 {
		say(t, b, i)
	}
	s, err := operator(t, b).Stream(t.Context(), events.StreamArticles)
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []uint64{5, 6} {
		if err := s.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	var gaps []bus.Gap
	f := articles
	f.Gap = func(g bus.Gap) { gaps = append(gaps, g) }
	n := 0
	ctx, cancel := context.WithCancel(t.Context())
	err = bus.Follow(ctx, b, f, 1, func(note, bus.Meta) error { n++; return nil }, cancel)
	if err != nil || n != 8 {
		t.Errorf("%d messages, %v, want 8", n, err)
	}
	if len(gaps) != 1 || gaps[0].From != 5 || gaps[0].To != 6 || gaps[0].Missing() != 2 {
		t.Errorf("gaps %+v, want 5 to 6", gaps)
	}
}

func TestFollowNeverPassesOverANewerVersion(t *testing.T) {
	b := bustest.Start(t)
	say(t, b, 0)
	if _, err := bus.Publish(t.Context(), b, "tocsin.article.x", "news.tocsin.article.v2", "new", note{}); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := bus.Follow(t.Context(), b, articles, 1, func(note, bus.Meta) error { n++; return nil }, nil)
	var unknown *bus.UnknownType
	if !errors.As(err, &unknown) || !unknown.Newer || n != 1 {
		t.Errorf("%d messages, %v, want 1 and a newer type", n, err)
	}
}

func TestAPanicEndsFollowWithAnError(t *testing.T) {
	b := bustest.Start(t)
	say(t, b, 0)
	err := bus.Follow(t.Context(), b, articles, 1, func(note, bus.Meta) error { panic("no") }, nil)
	if err == nil {
		t.Error("no error")
	}
}
