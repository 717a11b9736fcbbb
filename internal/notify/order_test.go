package notify_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestOrderOfVersionsBehindAFailure(t *testing.T) {
	for _, tc := range []struct {
		name   string
		states []string
		want   []string
	}{
		{"waiting updates are superseded by what follows", []string{"opened", "updated", "updated", "updated"}, []string{"a1/1 opened", "a1/4 updated"}},
		{"an escalation takes the place of updates", []string{"opened", "updated", "escalated", "updated"}, []string{"a1/1 opened", "a1/3 escalated", "a1/4 updated"}},
		{"an end never overtakes its beginning", []string{"opened", "updated", "resolved"}, []string{"a1/1 opened", "a1/3 resolved"}},
		{
			"an end and a new beginning stay apart",
			[]string{"opened", "resolved", "opened", "updated", "resolved"},
			[]string{"a1/1 opened", "a1/2 resolved", "a1/3 opened", "a1/5 resolved"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				desk := &sink{answer: func(channel.Message) error { return errors.New("not now") }}
				b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
				for i, s := range tc.states {
					b.handle(t, uint64(i+1), say("a1", i+1, s))
					synctest.Wait()
				}
				desk.set(func() func(channel.Message) error {
					failures := 1
					return func(channel.Message) error {
						if failures--; failures >= 0 {
							return errors.New("once more")
						}
						return nil
					}
				}())
				time.Sleep(time.Hour)
				synctest.Wait()
				// Once the channel is well again, later updates are sent one by one;
				// those that waited were superseded.
				if diff := cmp.Diff(tc.want, desk.log()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if b.waiting() != 0 {
					t.Errorf("%d left in the outbox", b.waiting())
				}
			})
		})
	}
}

func TestAWellChannelGetsEveryVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		m := newMemory()
		n, err := notify.New(notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk"), Outbox: outbox{m}, Deliveries: deliveries{m}})
		if err != nil {
			t.Fatal(err)
		}
		for v := range 5 { // all wait before the worker runs
			if err := n.Handle(t.Context(), say("a1", v+1, events.Updated), uint64(v+1)); err != nil {
				t.Fatal(err)
			}
		}
		start(t, m, notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		time.Sleep(time.Minute) // one that is read before those ahead of it waits a second for them
		synctest.Wait()
		wantLog(t, desk, "a1/1 updated", "a1/2 updated", "a1/3 updated", "a1/4 updated", "a1/5 updated")
	})
}

func TestAVersionThatComesLate(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after time.Duration
		want  []string
	}{
		{"is waited for", time.Second, []string{"a1/1 opened", "a1/2 escalated", "a1/3 updated"}},
		{"is not told after a newer one", 10 * time.Second, []string{"a1/1 opened", "a1/3 updated"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				desk := &sink{}
				b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
				b.handle(t, 1, say("a1", 1, events.Opened))
				b.handle(t, 3, say("a1", 3, events.Updated))
				time.Sleep(tc.after)
				b.handle(t, 2, say("a1", 2, events.Escalated))
				time.Sleep(10 * time.Second)
				synctest.Wait()
				wantLog(t, desk, tc.want...)
				if b.waiting() != 0 {
					t.Errorf("%d wait", b.waiting())
				}
			})
		})
	}
}
