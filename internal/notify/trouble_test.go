package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestADeadChannelDelaysOnlyItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead, well := &sink{answer: func(channel.Message) error { return errors.New("nobody is there") }}, &sink{}
		b := start(t, newMemory(), notify.Config{
			Channels: []notify.Opened{opened("dead", dead), opened("well", well)}, Subscriptions: to("dead", "well"),
		})
		begun := time.Now()
		for i := range 50 {
			b.handle(t, uint64(i+1), say(fmt.Sprintf("a%d", i), 1, events.Opened))
		}
		synctest.Wait()
		if got := len(well.log()); got != 50 || time.Since(begun) != 0 {
			t.Errorf("the other channel took %d of 50 after %v", got, time.Since(begun))
		}
		time.Sleep(time.Hour)
		if dead.tries() > 5+int(time.Hour/(30*time.Second)) {
			t.Errorf("the dead channel was tried %d times in an hour: the breaker does not hold", dead.tries())
		}
		dead.set(nil)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := len(dead.log()); got != 50 {
			t.Errorf("it took %d of 50 after it came back", got)
		}
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Duration
		begun := time.Now()
		desk := &sink{answer: func(channel.Message) error {
			if tries = append(tries, time.Since(begun)); len(tries) == 1 {
				return verdict.After(7*time.Minute, errors.New("too many"))
			}
			return nil
		}}
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		b.handle(t, 1, say("a1", 1, events.Opened), say("a2", 1, events.Opened))
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(tries) != 3 || tries[1] < 7*time.Minute {
			t.Errorf("tried at %v", tries)
		}
		if !slices.Contains(desk.log(), "a1/1 opened") || len(desk.log()) != 2 {
			t.Errorf("took %v", desk.log())
		}
	})
}

func TestARefusalIsToldElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := &sink{answer: func(channel.Message) error { return verdict.Permanent(errors.New("answered 410 Gone")) }}
		well := &sink{}
		m := newMemory()
		b := start(t, m, notify.Config{Channels: []notify.Opened{opened("gone", gone), opened("well", well)}, Subscriptions: to("gone", "well")})
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		want := []string{"!gone a1/1 opened", "a1/1 opened"}
		got := well.log()
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := m.outcomes(t, "a1", "gone"); !slices.Equal(got, []string{"1 failed"}) {
			t.Errorf("the record says %v", got)
		}
		if gone.tries() != 1 || b.waiting() != 0 {
			t.Errorf("tried %d times, %d wait", gone.tries(), b.waiting())
		}
	})
}

func TestTwoDeadChannelsDoNotReportToEachOtherForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		no := func(channel.Message) error { return verdict.Permanent(errors.New("no")) }
		one, two := &sink{answer: no}, &sink{answer: no}
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("one", one), opened("two", two)}, Subscriptions: to("one", "two")})
		b.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(time.Hour)
		synctest.Wait()
		if one.tries() != 2 || two.tries() != 2 || b.waiting() != 0 {
			t.Errorf("tried %d and %d times, %d wait", one.tries(), two.tries(), b.waiting())
		}
	})
}

func TestGivesUpAtLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead, well := &sink{answer: func(channel.Message) error { return errors.New("nobody is there") }}, &sink{}
		m := newMemory()
		b := start(t, m, notify.Config{
			Channels: []notify.Opened{opened("dead", dead), opened("well", well)}, Subscriptions: to("dead"), GiveUp: 6 * time.Hour,
		})
		b.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(5 * time.Hour)
		if len(well.log()) != 0 {
			t.Fatal("gave up too early")
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		wantLog(t, well, "!dead a1/1 opened")
	})
}

func TestAPanicCostsOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		desk.set(func(m channel.Message) error {
			if m.Alert.ID == "bad" {
				panic("index out of range")
			}
			return nil
		})
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		b.handle(t, 1, say("bad", 1, events.Opened), say("good", 1, events.Opened))
		synctest.Wait()
		wantLog(t, desk, "good/1 opened")
	})
}

func TestAnAlertThatCannotBeQueuedIsNotAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		m := newMemory()
		b := start(t, m, notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		m.mu.Lock()
		m.before = func(op, _ string) error {
			if op == "create" {
				return errAway
			}
			return nil
		}
		m.mu.Unlock()
		err := b.Handle(t.Context(), say("a1", 1, events.Opened), 1)
		if !errors.Is(err, errAway) || verdict.IsPermanent(err) {
			t.Fatalf("Handle = %v", err)
		}
		m.mu.Lock()
		m.before = nil
		m.mu.Unlock()
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened")
	})
}

func TestWhatWasSentIsNotSentAgainWhileTheStoresAreAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := &sink{}
		m := newMemory()
		b := start(t, m, notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")})
		synctest.Wait()
		away := time.Now().Add(20 * time.Minute)
		desk.set(func(channel.Message) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.before = func(string, string) error {
				if time.Now().Before(away) {
					return errAway
				}
				return nil
			}
			return nil
		})
		b.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(time.Hour)
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened")
		if b.waiting() != 0 {
			t.Errorf("%d left in the outbox", b.waiting())
		}
	})
}

func TestShutdownLetsTheSendInFlightFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		begun := make(chan struct{})
		slow := sendFunc(func(ctx context.Context, _ channel.Message) error {
			close(begun)
			select {
			case <-time.After(3 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		b := start(t, m, notify.Config{Channels: []notify.Opened{opened("desk", slow)}, Subscriptions: to("desk")})
		b.handle(t, 1, say("a1", 1, events.Opened))
		<-begun
		b.stop()
		if got := m.outcomes(t, "a1", "desk"); !slices.Equal(got, []string{"1 delivered"}) || b.waiting() != 0 {
			t.Errorf("the record says %v, %d wait", got, b.waiting())
		}
	})
}

func TestAChannelThatHangsIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := sendFunc(func(ctx context.Context, _ channel.Message) error { <-ctx.Done(); return ctx.Err() })
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", hangs)}, Subscriptions: to("desk")})
		b.handle(t, 1, say("a1", 1, events.Opened))
		time.Sleep(channel.Timeout + time.Millisecond)
		synctest.Wait()
		h := b.Health()[0]
		if h.Waiting != 1 || h.Error == "" || h.Failed.IsZero() || !h.Up {
			t.Errorf("health is %+v", h)
		}
	})
}

func TestMessagesOfAChannelThatIsGoneStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		desk := &sink{answer: func(channel.Message) error { return errors.New("not now") }}
		cfg := notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk")}
		b := start(t, m, cfg)
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		b.stop()
		start(t, m, notify.Config{Channels: []notify.Opened{opened("other", &sink{})}}).stop()
		desk.set(nil)
		start(t, m, cfg)
		synctest.Wait()
		wantLog(t, desk, "a1/1 opened")
	})
}
