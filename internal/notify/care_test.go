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

func desk(t *testing.T) (*sink, bench) {
	d := &sink{}
	return d, start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", d)}, Subscriptions: to("desk")})
}

func acknowledged(version int) subscription.Care {
	return subscription.Care{Alert: "a1", Acknowledged: &subscription.Word{Who: "desk", At: time.Now(), Version: version, Level: events.High}}
}

func asleep(d time.Duration) subscription.Care {
	return subscription.Care{Alert: "a1", Snoozed: &subscription.Word{Who: "desk", At: time.Now(), Until: time.Now().Add(d), Version: 1, Level: events.High}}
}

func worse(version int, state string) events.Alert {
	a := say("a1", version, state)
	a.Level = events.Critical
	return a
}

func TestAcknowledgedUpdatesAreQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, b := desk(t)
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		b.SetCare(acknowledged(1))
		b.handle(t, 2, say("a1", 2, events.Updated), worse(3, events.Escalated), worse(4, events.Updated), say("a2", 1, events.Opened),
			worse(5, events.Resolved), say("a1", 6, events.Opened), say("a1", 7, events.Updated))
		synctest.Wait()
		wantLog(t, got, "a1/1 opened", "a1/3 escalated", "a2/1 opened", "a1/5 resolved", "a1/6 opened", "a1/7 updated")
		if got := b.outcomes(t, "a1", "desk"); !slices.Contains(got, "2 muted") || !slices.Contains(got, "4 muted") {
			t.Errorf("the record says %v", got)
		}
	})
}

func TestAnAcknowledgementCoversWhatItHadSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, b := desk(t)
		got.set(func(channel.Message) error { return errors.New("not now") })
		b.handle(t, 1, say("a1", 1, events.Opened), say("a1", 2, events.Updated))
		synctest.Wait()
		b.SetCare(acknowledged(2))
		got.set(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		wantLog(t, got, "a1/1 opened")
	})
}

func TestSnoozedAlertsWaitForTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, b := desk(t)
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		b.SetCare(asleep(4 * time.Hour))
		b.handle(t, 2, say("a1", 2, events.Updated), say("a2", 1, events.Opened))
		time.Sleep(time.Hour)
		b.handle(t, 4, say("a1", 3, events.Updated), say("a1", 4, events.Resolved))
		time.Sleep(2*time.Hour + 59*time.Minute)
		synctest.Wait()
		wantLog(t, got, "a1/1 opened", "a2/1 opened")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		wantLog(t, got, "a1/1 opened", "a2/1 opened", "a1/4 resolved")
	})
}

func TestARiseEndsASnooze(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, b := desk(t)
		b.SetCare(asleep(4 * time.Hour)) // before anybody heard of it
		b.handle(t, 1, say("a1", 1, events.Opened), say("a1", 2, events.Updated))
		time.Sleep(time.Minute)
		wantLog(t, got)
		b.handle(t, 3, worse(3, events.Escalated))
		synctest.Wait()
		wantLog(t, got, "a1/1 opened", "a1/3 escalated")
		b.handle(t, 4, worse(4, events.Updated))
		synctest.Wait()
		wantLog(t, got, "a1/1 opened", "a1/3 escalated", "a1/4 updated")
	})
}

func TestASnoozeThatIsWithdrawnLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, b := desk(t)
		b.SetCare(asleep(4 * time.Hour))
		b.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(time.Hour)
		wantLog(t, got)
		b.SetCare(subscription.Care{Alert: "a1"})
		synctest.Wait()
		wantLog(t, got, "a1/1 opened")
	})
}

func TestASnoozeOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, m := &sink{}, newMemory()
		cfg := notify.Config{Channels: []notify.Opened{opened("desk", d)}, Subscriptions: to("desk")}
		first := start(t, m, cfg)
		first.SetCare(asleep(2 * time.Hour))
		first.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(time.Minute)
		first.stop()
		cfg.Cares = []subscription.Care{asleep(time.Hour)}
		start(t, m, cfg)
		time.Sleep(59 * time.Minute)
		synctest.Wait()
		wantLog(t, d)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		wantLog(t, d, "a1/1 opened")
	})
}
