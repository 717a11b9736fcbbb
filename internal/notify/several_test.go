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
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Two notifiers share the stores and the alerts between them, while channels
// fail: nothing is sent twice, the order holds, nothing is forgotten.
func TestTwoNotifiersSideBySide(t *testing.T) {
	for seed := range 60 {
		ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { together(t, rand.New(rand.NewPCG(uint64(seed), 2))) })
		})
		if !ok {
			return
		}
	}
}

func together(t *testing.T, r *rand.Rand) {
	m := newMemory()
	draw := locked(r)
	// One receiver, whichever notifier speaks to it; a try takes a while.
	desk := &sink{answer: func(channel.Message) error {
		if draw(3) == 0 {
			return errors.New("not now")
		}
		return nil
	}}
	slow := sendFunc(func(ctx context.Context, msg channel.Message) error {
		time.Sleep(time.Duration(draw(8000)) * time.Millisecond)
		return desk.Send(ctx, msg)
	})
	var both []bench
	for _, id := range []string{"one", "two"} {
		both = append(both, start(t, m, notify.Config{ID: id, Channels: []notify.Opened{opened("desk", slow)}, Subscriptions: to("desk")}))
	}
	alerts := stream(r)
	var handlers sync.WaitGroup
	for i, a := range alerts {
		b := both[draw(2)]
		handlers.Go(func() {
			if err := b.Handle(t.Context(), a, uint64(i+1)); err != nil {
				t.Error(err)
			}
		})
		if draw(2) == 0 {
			time.Sleep(time.Duration(draw(20)) * time.Second)
		}
	}
	handlers.Wait()
	time.Sleep(time.Hour)
	synctest.Wait()
	seen := map[string]bool{}
	for _, msg := range desk.got {
		if seen[msg.Key] {
			t.Errorf("%s version %d was sent twice", msg.Alert.ID, msg.Alert.Version)
		}
		seen[msg.Key] = true
	}
	inOrder(t, "desk", desk.got)
	complete(t, "desk", desk.got, alerts)
	if m.waiting() != 0 {
		t.Errorf("%d messages are left in the outbox", m.waiting())
	}
}

// locked draws from r for many goroutines.
func locked(r *rand.Rand) func(n int) int {
	var mu sync.Mutex
	return func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(n)
	}
}

func TestWhatADeadNotifierLeftIsAdopted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		desk := &sink{answer: func(channel.Message) error { return errors.New("not now") }}
		cfg := notify.Config{ID: "one", Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")}
		one := start(t, m, cfg)
		cfg.ID = "two"
		two := start(t, m, cfg)
		one.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(time.Minute)
		one.stop()
		desk.set(nil)
		two.handle(t, 2, say("a1", 2, events.Updated))
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened", "a1/2 updated")
		if m.waiting() != 0 {
			t.Errorf("%d wait", m.waiting())
		}
	})
}

// What the record says to be waiting, but is not there, holds nobody up.
func TestAVersionThatIsGoneFromTheOutboxHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		desk := &sink{answer: func(channel.Message) error { return errors.New("not now") }}
		cfg := notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")}
		b := start(t, m, cfg)
		b.handle(t, 1, say("a1", 1, events.Opened), say("a1", 2, events.Escalated))
		synctest.Wait()
		b.stop()
		if err := (outbox{m}).Delete(t.Context(), events.NotificationKey("a1", 1, "desk")); err != nil {
			t.Fatal(err)
		}
		desk.set(nil)
		start(t, m, cfg)
		time.Sleep(time.Minute)
		synctest.Wait()
		wantLog(t, desk, "a1/2 escalated")
	})
}
