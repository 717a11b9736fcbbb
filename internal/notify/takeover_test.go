package notify_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
)

// mortal is one notifier's way to the stores, until it is killed.
type mortal struct {
	*memory
	dead *atomic.Bool
}

type (
	mortalOutbox     struct{ mortal }
	mortalDeliveries struct{ mortal }
)

func (m mortal) alive() error {
	if m.dead.Load() {
		return errKilled
	}
	return nil
}

func (m mortalOutbox) Create(ctx context.Context, e notify.Entry) error {
	return errors.Join(m.alive(), unless(m.dead, func() error { return outbox{m.memory}.Create(ctx, e) }))
}

func (m mortalOutbox) Get(ctx context.Context, key string) (notify.Entry, bool, error) {
	if err := m.alive(); err != nil {
		return notify.Entry{}, false, err
	}
	return outbox{m.memory}.Get(ctx, key)
}

func (m mortalOutbox) Delete(ctx context.Context, key string) error {
	return errors.Join(m.alive(), unless(m.dead, func() error { return outbox{m.memory}.Delete(ctx, key) }))
}

func (m mortalOutbox) Each(ctx context.Context, f func(notify.Entry) error) error {
	return errors.Join(m.alive(), unless(m.dead, func() error { return outbox{m.memory}.Each(ctx, f) }))
}

func (m mortalDeliveries) Get(ctx context.Context, key string) (notify.Record, uint64, error) {
	if err := m.alive(); err != nil {
		return notify.Record{}, 0, err
	}
	return deliveries{m.memory}.Get(ctx, key)
}

func (m mortalDeliveries) Set(ctx context.Context, key string, r notify.Record, rev uint64) error {
	return errors.Join(m.alive(), unless(m.dead, func() error { return deliveries{m.memory}.Set(ctx, key, r, rev) }))
}

func unless(dead *atomic.Bool, do func() error) error {
	if dead.Load() {
		return nil
	}
	return do()
}

// Two notifiers, each killed and started anew at any time, sometimes under its
// own name and sometimes under another.
func TestNotifiersTakeOverFromOneAnother(t *testing.T) {
	for seed := range 60 {
		ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { takeover(t, rand.New(rand.NewPCG(uint64(seed), 3))) })
		})
		if !ok {
			return
		}
	}
}

func takeover(t *testing.T, r *rand.Rand) {
	m := newMemory()
	var calm atomic.Bool
	draw := locked(r)
	desk := &sink{answer: func(channel.Message) error {
		if !calm.Load() && draw(4) == 0 {
			return errors.New("not now")
		}
		return nil
	}}
	slow := sendFunc(func(ctx context.Context, msg channel.Message) error {
		time.Sleep(time.Duration(draw(6000)) * time.Millisecond)
		return desk.Send(ctx, msg)
	})
	names := 0
	birth := func(slot int) (*notify.Notifier, func()) {
		if draw(2) == 0 {
			names++
		}
		way := mortal{m, new(atomic.Bool)}
		n, err := notify.New(notify.Config{
			ID: fmt.Sprintf("n%d-%d", slot, names), Channels: []notify.Opened{opened("desk", slow)}, Subscriptions: to("desk"),
			Outbox: mortalOutbox{way}, Deliveries: mortalDeliveries{way},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = n.Run(ctx) }()
		return n, func() { way.dead.Store(true); cancel() }
	}
	var notifiers [2]*notify.Notifier
	var kill [2]func()
	for i := range notifiers {
		notifiers[i], kill[i] = birth(i)
	}
	alerts, kills := stream(r), 0
	for i := 0; i < len(alerts); {
		k := draw(2)
		if draw(4) == 0 {
			kill[k]()
			kills++
			notifiers[k], kill[k] = birth(k)
		}
		if notifiers[k].Handle(t.Context(), alerts[i], uint64(i+1)) == nil {
			i++
		}
		if draw(2) == 0 {
			time.Sleep(time.Duration(draw(10_000)) * time.Millisecond)
		}
	}
	calm.Store(true)
	time.Sleep(2 * time.Hour)
	for i := range kill {
		kill[i]()
	}
	synctest.Wait()
	seen, doubles := map[string]bool{}, 0
	for _, msg := range desk.got {
		if seen[msg.Key] {
			doubles++
		}
		seen[msg.Key] = true
	}
	if doubles > kills {
		t.Errorf("%d raw duplicates with %d kills", doubles, kills)
	}
	inOrder(t, "desk", desk.got)
	complete(t, "desk", desk.got, alerts)
	if m.waiting() != 0 {
		t.Errorf("%d messages are left in the outbox", m.waiting())
	}
}
