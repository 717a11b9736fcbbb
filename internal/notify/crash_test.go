package notify_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// A notifier is killed between the receiver's yes and the record of it.
func TestAKillAfterTheReceiversYesSendsAgainWithTheSameKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		w := &world{memory: m}
		desk := &sink{answer: func(channel.Message) error { w.kill(); return nil }}
		cfg := notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")}
		stop := w.live(t, cfg, func(n *notify.Notifier) {
			if err := n.Handle(t.Context(), say("a1", 1, events.Opened), 1); err != nil {
				t.Error(err)
			}
		})
		stop()
		desk.set(nil)
		stop = w.live(t, cfg, nil)
		stop()
		wantLog(t, desk, "a1/1 opened", "a1/1 opened")
		if desk.got[0].Key != desk.got[1].Key {
			t.Error("the second has another key")
		}
		stop = w.live(t, cfg, nil)
		stop()
		wantLog(t, desk, "a1/1 opened", "a1/1 opened")
	})
}

// world is stores that outlive their notifiers: from a kill on, nothing that
// the killed one does reaches them.
type world struct {
	*memory
	mu    sync.Mutex
	dead  bool
	kills int
}

var errKilled = errors.New("killed")

func (w *world) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.dead {
		w.dead = true
		w.kills++
	}
}

func (w *world) killed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dead
}

// live is life within a bubble: what it returns ends the notifier once
// everything has settled.
func (w *world) live(t *testing.T, cfg notify.Config, do func(*notify.Notifier)) (stop func()) {
	t.Helper()
	end := w.life(t, cfg, do)
	return func() { synctest.Wait(); end() }
}

// life runs a notifier over the stores, until stop.
func (w *world) life(t *testing.T, cfg notify.Config, do func(*notify.Notifier)) (stop func()) {
	t.Helper()
	w.mu.Lock()
	w.dead = false
	w.mu.Unlock()
	alive := true // of this notifier, for ever
	w.memory.mu.Lock()
	w.memory.before = func(string, string) error {
		if !alive || w.killed() {
			alive = false
			return errKilled
		}
		return nil
	}
	w.memory.mu.Unlock()
	cfg.Outbox, cfg.Deliveries = outbox{w.memory}, deliveries{w.memory}
	n, err := notify.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { _ = n.Run(ctx); close(ended) }()
	if do != nil {
		do(n)
	}
	return func() { cancel(); <-ended }
}

// Many histories, each with failing channels and notifiers that are killed at
// any of their steps; after all that, what must hold is looked up in what the
// receivers saw.
func TestWhateverCrashes(t *testing.T) {
	seeds := 150
	if testing.Short() {
		seeds = 30
	}
	for seed := range seeds {
		ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { history(t, rand.New(rand.NewPCG(uint64(seed), 1))) })
		})
		if !ok {
			return
		}
	}
}

func history(t *testing.T, r *rand.Rand) {
	w := &world{memory: newMemory()}
	alerts := stream(r)
	names := []string{"desk", "mail", "wire"}
	sinks := map[string]*sink{}
	calm := false
	var chance sync.Mutex // r is used by all workers
	flip := func(p float64) bool {
		chance.Lock()
		defer chance.Unlock()
		return !calm && r.Float64() < p
	}
	var channels []notify.Opened
	for _, name := range names {
		s := &sink{answer: func(m channel.Message) error {
			switch {
			case flip(0.3):
				return errors.New("not now")
			case flip(0.05):
				return verdict.After(time.Minute, errors.New("too many"))
			}
			if flip(0.1) { // taken, and the notifier dies of it
				w.kill()
			}
			return nil
		}}
		sinks[name] = s
		channels = append(channels, opened(name, s))
	}
	cfg := notify.Config{Channels: channels, Subscriptions: to(names...)}
	next := 0
	for life := 0; next < len(alerts) || life == 0; life++ {
		stop := w.live(t, cfg, func(n *notify.Notifier) {
			step := w.memory.before
			w.memory.mu.Lock()
			w.memory.before = func(op, key string) error {
				if err := step(op, key); err != nil {
					return err
				}
				if flip(0.02) {
					w.kill()
					return step(op, key)
				}
				return nil
			}
			w.memory.mu.Unlock()
			if next > 0 && flip(0.3) {
				next = 0 // the broker forgot how far it was: everything again
			}
			for ; next < len(alerts); next++ {
				if err := n.Handle(t.Context(), alerts[next], uint64(next+1)); err != nil {
					return // not acknowledged: it comes again
				}
				if flip(0.5) {
					time.Sleep(time.Duration(1+life) * 10 * time.Second)
				}
			}
		})
		stop()
		if life > 200 {
			calm = true
		}
	}
	calm = true
	stop := w.live(t, cfg, func(n *notify.Notifier) {
		for i, a := range alerts { // and a full replay
			if err := n.Handle(t.Context(), a, uint64(i+1)); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(6 * time.Hour)
	})
	stop()
	if w.waiting() != 0 {
		t.Errorf("%d messages are left in the outbox", w.waiting())
	}
	doubles := 0
	for _, s := range sinks {
		sent := map[string]bool{}
		for _, m := range s.got {
			if sent[m.Key] {
				doubles++
			}
			sent[m.Key] = true
		}
	}
	t.Logf("%d kills, %d raw duplicates", w.kills, doubles)
	if most := w.kills * len(names); doubles > most { // each channel may have one in flight
		t.Errorf("%d raw duplicates, more than the %d that were in flight at kills", doubles, most)
	}
	for name, s := range sinks {
		inOrder(t, name, s.got)
		complete(t, name, s.got, alerts)
	}
}

// stream is a few alerts' versions, mixed.
func stream(r *rand.Rand) []events.Alert {
	var out []events.Alert
	version := map[string]int{}
	for range 4 + r.IntN(12) {
		id := fmt.Sprintf("a%d", r.IntN(3))
		version[id]++
		state := []string{events.Updated, events.Updated, events.Escalated, events.Resolved}[r.IntN(4)]
		if version[id] == 1 {
			state = events.Opened
		}
		out = append(out, say(id, version[id], state))
	}
	return out
}

// inOrder: a receiver never sees version n after n+1, except as a duplicate of
// the key that it saw already.
func inOrder(t *testing.T, name string, got []channel.Message) {
	t.Helper()
	newest, seen := map[string]int{}, map[string]bool{}
	for _, m := range got {
		if m.Alert.Version < newest[m.Alert.ID] && !seen[m.Key] {
			t.Errorf("%s: version %d of %s after version %d", name, m.Alert.Version, m.Alert.ID, newest[m.Alert.ID])
		}
		newest[m.Alert.ID] = max(newest[m.Alert.ID], m.Alert.Version)
		seen[m.Key] = true
	}
}

// complete: every version was taken, but for updates with a newer one after
// them, which carries all of theirs.
func complete(t *testing.T, name string, got []channel.Message, alerts []events.Alert) {
	t.Helper()
	seen, last := map[string]bool{}, map[string]int{}
	for _, m := range got {
		seen[m.Key] = true
	}
	for _, a := range alerts {
		last[a.ID] = max(last[a.ID], a.Version)
	}
	for _, a := range alerts {
		if seen[events.NotificationKey(a.ID, a.Version, name)] || (a.State == events.Updated && a.Version < last[a.ID]) {
			continue
		}
		t.Errorf("%s: version %d of %s (%s) was never told", name, a.Version, a.ID, a.State)
	}
}
