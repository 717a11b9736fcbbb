package notify_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestEveryMatchingChannelIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, mail, other := &sink{}, &sink{}, &sink{}
		b := start(t, newMemory(), notify.Config{
			Channels: []notify.Opened{opened("desk", desk), opened("mail", mail), opened("other", other)},
			Subscriptions: append(to("desk", "mail"),
				subscription.Subscription{Name: "again", Channel: "desk"},
				subscription.Subscription{Name: "other", Channel: "other", MinLevel: events.Critical}),
		})
		b.handle(t, 1, say("a1", 1, events.Opened), say("a1", 2, events.Updated), say("a1", 3, events.Resolved))
		synctest.Wait()
		for _, s := range []*sink{desk, mail} {
			wantLog(t, s, "a1/1 opened", "a1/2 updated", "a1/3 resolved")
		}
		wantLog(t, other)
		if got := b.waiting(); got != 0 {
			t.Errorf("%d messages are left in the outbox", got)
		}
		if key := desk.got[0].Key; key != events.NotificationKey("a1", 1, "desk") {
			t.Errorf("the key is %s", key)
		}
	})
}

func TestReplayTellsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		m := newMemory()
		history := []events.Alert{say("a1", 1, events.Opened), say("a2", 1, events.Opened), say("a1", 2, events.Updated), say("a1", 3, events.Resolved)}
		cfg := notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")}
		b := start(t, m, cfg)
		b.handle(t, 1, history...)
		synctest.Wait()
		before := desk.log()
		b.handle(t, 1, history...)
		b.stop()

		// And in another life, where somebody new has subscribed.
		late := &sink{}
		cfg.Channels = append(cfg.Channels, opened("late", late))
		cfg.Subscriptions = to("desk", "late")
		b = start(t, m, cfg)
		b.handle(t, 1, history...)
		synctest.Wait()
		wantLog(t, desk, before...)
		wantLog(t, late)
		b.handle(t, 5, say("a2", 2, events.Updated))
		synctest.Wait()
		wantLog(t, late, "a2/2 updated")
	})
}

func TestHistoryBeforeSinceIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk"), Since: 10})
		b.handle(t, 9, say("a1", 1, events.Opened), say("a1", 2, events.Updated))
		time.Sleep(3 * time.Second)
		synctest.Wait()
		wantLog(t, desk, "a1/2 updated")
	})
}

func TestWhoHeardTheBeginningHearsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		end, other := say("a1", 2, events.Resolved), say("a2", 1, events.Resolved)
		end.Level, other.Level = events.Info, events.Info
		b.handle(t, 1, say("a1", 1, events.Opened), end, other)
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened", "a1/2 resolved")
	})
}

func TestAnAlertThatIsWrongIsForTheDead(t *testing.T) {
	n, err := notify.New(notify.Config{Outbox: outbox{newMemory()}, Deliveries: deliveries{newMemory()}})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Handle(t.Context(), events.Alert{ID: "a1"}, 1); !verdict.IsPermanent(err) {
		t.Errorf("Handle = %v", err)
	}
}

func TestNewNamesWhatIsWrong(t *testing.T) {
	one, m := opened("one", &sink{}), newMemory()
	lost := one
	lost.Fallback = "two"
	for _, tc := range []struct {
		name, want string
		cfg        notify.Config
	}{
		{"a channel twice", "twice", notify.Config{Channels: []notify.Opened{one, one}}},
		{"a fallback that is none", "fallback", notify.Config{Channels: []notify.Opened{lost}}},
		{"a subscription to a channel that is none", "subscriptions[0]", notify.Config{Channels: []notify.Opened{one}, Subscriptions: to("two")}},
		{"a silence without an end", "until", notify.Config{Silences: []subscription.Silence{{ID: "x", Watch: "*", Author: "a", Comment: "c"}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.cfg.Outbox, tc.cfg.Deliveries = outbox{m}, deliveries{m}
			if _, err := notify.New(tc.cfg); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("New = %v, want %q", err, tc.want)
			}
		})
	}
}
