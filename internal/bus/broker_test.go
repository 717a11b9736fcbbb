package bus_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func server(t *testing.T, dir, listen string) *bus.Server {
	t.Helper()
	s, err := bus.StartServer(t.Context(), bus.Config{Dir: dir, Listen: listen, Sync: bus.SyncAlways}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// address is one that is free now.
func address(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// lines counts the lines of a log that tests run along.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), what)
}

func TestABrokerAwayAtTheStartIsWaitedFor(t *testing.T) {
	at, dir, log := address(t), t.TempDir(), &lines{}
	opened := make(chan *bus.Bus, 1)
	go func() {
		b, err := bus.Open(t.Context(), bus.Config{URL: "nats://" + at}, bus.Hooks{Log: slog.New(slog.NewTextHandler(log, nil))})
		if err != nil {
			t.Error(err)
		}
		opened <- b
	}()
	eventually(t, "it says that the broker is away", func() bool { return log.count("the broker is away") == 1 })
	s := server(t, dir, at)
	defer s.Stop()
	b := <-opened
	defer b.Close()
	if err := errors.Join(b.Ensure(t.Context()), b.Ready()); err != nil {
		t.Error(err)
	}
	if got := log.count("the broker is away"); got != 1 {
		t.Errorf("said %d times that the broker is away, want once", got)
	}
}

func TestWaitingForABrokerEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := bus.Open(ctx, bus.Config{URL: "nats://" + address(t)}, bus.Hooks{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
}

func TestABrokerThatDiesInBetweenLosesNothing(t *testing.T) {
	at, dir := address(t), t.TempDir()
	s := server(t, dir, at)
	b, err := bus.Open(t.Context(), bus.Config{URL: "nats://" + at}, bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	const n = 400
	var published, followed atomic.Int64
	var work sync.WaitGroup
	work.Go(func() {
		for i := range n {
			say(t, b, i)
			published.Add(1)
		}
	})
	stop := consume(t, b, worker(), func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
		return []bus.Out{enriched(v.N)}, nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	work.Go(func() {
		next := uint64(1)
		err := bus.Follow(ctx, b, bus.Stream{Name: events.StreamEnriched}, 1, func(_ note, m bus.Meta) error {
			if m.Seq != next {
				t.Errorf("followed %d, want %d", m.Seq, next)
			}
			next++
			followed.Add(1)
			return nil
		}, nil)
		if err != nil {
			t.Errorf("Follow: %v", err)
		}
	})
	for _, at := range []int64{50, 150, 250} {
		eventually(t, "some are published", func() bool { return published.Load() > at })
		s.Stop()
		eventually(t, "it is not ready without its broker", func() bool { return b.Ready() != nil })
		s = server(t, dir, s.Address())
		eventually(t, "it is ready again", func() bool { return b.Ready() == nil })
	}
	defer func() { s.Stop() }()
	eventually(t, "all arrive", func() bool { return followed.Load() == n })
	cancel()
	work.Wait()
	stop()
	if got := messages(t, b, events.StreamEnriched); got != n {
		t.Errorf("%d results, want %d", got, n)
	}
}

func TestTheEmbeddedBrokerKeepsWhatItAcknowledged(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		b, err := bus.Open(t.Context(), bus.Config{Embedded: true, Dir: dir}, bus.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Ensure(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := messages(t, b, events.StreamArticles); got != uint64(round) {
			t.Errorf("round %d: %d messages", round, got)
		}
		say(t, b, round)
		b.Close()
	}
}

func TestBadSettingsSayWhatToDo(t *testing.T) {
	tests := map[string]struct {
		config bus.Config
		says   string
	}{
		"no broker at all":           {bus.Config{}, "url is empty"},
		"embedded without a place":   {bus.Config{Embedded: true}, "dir is empty"},
		"two replicas":               {bus.Config{URL: "nats://x", Replicas: 2}, "use 1, 3 or 5"},
		"three in one process":       {bus.Config{Embedded: true, Dir: "x", Replicas: 3}, "use 1"},
		"a sync that is no time":     {bus.Config{Embedded: true, Dir: "x", Sync: "often"}, "use always"},
		"a listen without a port":    {bus.Config{Embedded: true, Dir: "DIR", Listen: "localhost"}, "use host:port"},
		"a directory that is a file": {bus.Config{Embedded: true, Dir: "/dev/null"}, "directory"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.config.Dir == "DIR" {
				tt.config.Dir = t.TempDir()
			}
			_, err := bus.Open(t.Context(), tt.config, bus.Hooks{})
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %q in it", err, tt.says)
			}
		})
	}
}
