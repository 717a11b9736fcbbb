package notify_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// sink is a receiver that remembers what it took, and answers as it is told.
type sink struct {
	mu     sync.Mutex
	got    []channel.Message
	tried  int
	answer func(m channel.Message) error
}

func (s *sink) Send(_ context.Context, m channel.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried++
	if s.answer != nil {
		if err := s.answer(m); err != nil {
			return err
		}
	}
	s.got = append(s.got, m)
	return nil
}

func (s *sink) tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tried
}

func (s *sink) set(answer func(channel.Message) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// log is what was taken, in order: "a1/2 updated", a failure's report with "!".
func (s *sink) log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{}
	for _, m := range s.got {
		line := fmt.Sprintf("%s/%d %s", m.Alert.ID, m.Alert.Version, m.Alert.State)
		if m.Undelivered != nil {
			line = "!" + m.Undelivered.Channel + " " + line
		}
		out = append(out, line)
	}
	return out
}

func say(id string, version int, state string) events.Alert {
	return events.Alert{
		ID: id, Version: version, State: state, Level: events.High, Watch: "nato-missile", Story: "s-" + id,
		Headline: "A headline", At: time.Date(2024, 11, 22, 12, version, 0, 0, time.UTC), Reason: "three origins in an hour",
	}
}

func opened(name string, s channel.Channel) notify.Opened {
	return notify.Opened{Config: channel.Config{Name: name, Kind: "log"}, Channel: s}
}

func to(names ...string) []subscription.Subscription {
	var out []subscription.Subscription
	for _, n := range names {
		out = append(out, subscription.Subscription{Name: n, Watches: []string{"nato-*"}, MinLevel: events.Elevated, Channel: n})
	}
	return out
}

// bench is a notifier on its stores, running.
type bench struct {
	*notify.Notifier
	*memory
	stop func()
}

func start(t *testing.T, m *memory, cfg notify.Config) bench {
	t.Helper()
	cfg.Outbox, cfg.Deliveries = outbox{m}, deliveries{m}
	n, err := notify.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	t.Cleanup(stop)
	return bench{n, m, stop}
}

func (b bench) handle(t *testing.T, seq uint64, alerts ...events.Alert) {
	t.Helper()
	for i, a := range alerts {
		if err := b.Handle(t.Context(), a, seq+uint64(i)); err != nil {
			t.Fatal(err)
		}
	}
}

func wantLog(t *testing.T, s *sink, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, s.log()); diff != "" {
		t.Errorf("the receiver took (-want +got):\n%s", diff)
	}
}

type sendFunc func(context.Context, channel.Message) error

func (f sendFunc) Send(ctx context.Context, m channel.Message) error { return f(ctx, m) }
