package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/verdict"
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

func TestOrderOfVersionsBehindAFailure(t *testing.T) {
	for _, tc := range []struct {
		name   string
		states []string
		want   []string
	}{
		{"waiting updates are superseded by what follows", []string{"opened", "updated", "updated", "updated"}, []string{"a1/1 opened", "a1/4 updated"}},
		{"an escalation takes the place of updates", []string{"opened", "updated", "escalated", "updated"}, []string{"a1/1 opened", "a1/3 escalated", "a1/4 updated"}},
		{"an end never overtakes its beginning", []string{"opened", "updated", "resolved"}, []string{"a1/1 opened", "a1/3 resolved"}},
		{"an end and a new beginning stay apart", []string{"opened", "resolved", "opened", "updated", "resolved"},
			[]string{"a1/1 opened", "a1/2 resolved", "a1/3 opened", "a1/5 resolved"}},
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
		synctest.Wait()
		wantLog(t, desk, "a1/1 updated", "a1/2 updated", "a1/3 updated", "a1/4 updated", "a1/5 updated")
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

func TestAnAlertThatIsWrongIsForTheDead(t *testing.T) {
	n, err := notify.New(notify.Config{Outbox: outbox{newMemory()}, Deliveries: deliveries{newMemory()}})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Handle(t.Context(), events.Alert{ID: "a1"}, 1); !verdict.IsPermanent(err) {
		t.Errorf("Handle = %v", err)
	}
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

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewPedanticRegistry()
		failing := true
		desk := &sink{answer: func(channel.Message) error {
			if failing {
				return errors.New("no")
			}
			return nil
		}}
		b := start(t, newMemory(), notify.Config{Channels: []notify.Opened{opened("desk", desk)}, Subscriptions: to("desk"), Metrics: reg})
		b.handle(t, 1, say("a1", 1, events.Opened))
		synctest.Wait()
		time.Sleep(100 * time.Millisecond)
		if err := testutil.GatherAndCompare(reg, strings.NewReader(`
# HELP tocsin_notify_outbox_messages Messages that wait for the channel.
# TYPE tocsin_notify_outbox_messages gauge
tocsin_notify_outbox_messages{channel="desk",kind="log"} 1
# HELP tocsin_notify_outbox_oldest_seconds How long the oldest message has been waiting for the channel; 0 when none does.
# TYPE tocsin_notify_outbox_oldest_seconds gauge
tocsin_notify_outbox_oldest_seconds{channel="desk",kind="log"} 0.1
`), "tocsin_notify_outbox_messages", "tocsin_notify_outbox_oldest_seconds"); err != nil {
			t.Error(err)
		}
		desk.mu.Lock()
		failing = false
		desk.mu.Unlock()
		time.Sleep(time.Minute)
		synctest.Wait()
		if err := testutil.GatherAndCompare(reg, strings.NewReader(`
# HELP tocsin_notify_messages_total Messages that came to an end, by channel and end (delivered, failed, superseded, muted).
# TYPE tocsin_notify_messages_total counter
tocsin_notify_messages_total{channel="desk",end="delivered",kind="log"} 1
# HELP tocsin_notify_tries_total Tries to send a message, by channel and result (taken, refused, retry, throttled).
# TYPE tocsin_notify_tries_total counter
tocsin_notify_tries_total{channel="desk",kind="log",result="retry"} 1
tocsin_notify_tries_total{channel="desk",kind="log",result="taken"} 1
`), "tocsin_notify_messages_total", "tocsin_notify_tries_total"); err != nil {
			t.Error(err)
		}
		problems, err := testutil.GatherAndLint(reg)
		if err != nil || len(problems) > 0 {
			t.Errorf("lint: %v %v", problems, err)
		}
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

type sendFunc func(context.Context, channel.Message) error

func (f sendFunc) Send(ctx context.Context, m channel.Message) error { return f(ctx, m) }

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
