package notify_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestSilences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		m := newMemory()
		b := start(t, m, notify.Config{
			Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk"),
			Silences: []subscription.Silence{{ID: "x", Watch: "nato-*", Author: "desk", Comment: "exercise", Until: time.Now().Add(time.Hour)}},
		})
		b.handle(t, 1, say("a1", 1, events.Opened))
		worse := say("a1", 2, events.Escalated)
		worse.Level = events.Critical
		b.handle(t, 2, worse)
		time.Sleep(2 * time.Hour)
		b.handle(t, 3, say("a1", 3, events.Updated))
		synctest.Wait()
		wantLog(t, desk, "a1/2 escalated", "a1/3 updated")
		if got := m.outcomes(t, "a1", "desk"); !slices.Equal(got, []string{"1 muted", "2 delivered", "3 delivered"}) {
			t.Errorf("the record says %v", got)
		}
	})
}

func TestQuietHoursHoldAndSupersede(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins at midnight UTC
		desk := &sink{}
		subs := to("desk")
		subs[0].Quiet = &subscription.Quiet{From: "22:00", To: "07:00"}
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: subs})
		b.handle(t, 1, say("a1", 1, events.Opened), say("a1", 2, events.Updated), say("a1", 3, events.Updated), say("a2", 1, events.Opened))
		time.Sleep(6*time.Hour + 59*time.Minute)
		synctest.Wait()
		wantLog(t, desk)
		worse := say("a2", 2, events.Escalated)
		worse.Level = events.Critical
		b.handle(t, 5, worse)
		synctest.Wait()
		wantLog(t, desk, "a2/1 opened", "a2/2 escalated")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		wantLog(t, desk, "a2/1 opened", "a2/2 escalated", "a1/1 opened", "a1/3 updated")
	})
}

func TestGroupedUpdatesLeaveAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		subs := to("desk")
		subs[0].Group = subscription.Duration(10 * time.Minute)
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: subs})
		b.handle(t, 1, say("a1", 1, events.Opened))
		for v := 2; v <= 13; v++ { // the first is due after ten minutes
			time.Sleep(61 * time.Second)
			b.handle(t, uint64(v), say("a1", v, events.Updated))
		}
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened", "a1/11 updated")
		b.handle(t, 14, say("a1", 14, events.Resolved))
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened", "a1/11 updated", "a1/14 resolved")
	})
}

func TestASilenceCoversWhatWaitsAlready(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{answer: func(channel.Message) error { return errors.New("not now") }}
		m := newMemory()
		b := start(t, m, notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		if err := b.SetSilences([]subscription.Silence{{ID: "x", Alert: "a1", Author: "desk", Comment: "known", Until: time.Now().Add(time.Hour)}}); err != nil {
			t.Fatal(err)
		}
		desk.set(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		wantLog(t, desk)
		if got := m.outcomes(t, "a1", "desk"); !slices.Equal(got, []string{"1 muted"}) || b.waiting() != 0 {
			t.Errorf("the record says %v, %d wait", got, b.waiting())
		}
	})
}
