package notify_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

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
