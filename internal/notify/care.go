package notify

import (
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
)

// SetCare takes what people now say of one alert in place of what they said
// before. What a snooze held back leaves at once when that is withdrawn.
func (n *Notifier) SetCare(c subscription.Care) {
	n.mu.Lock()
	if n.cares == nil {
		n.cares = map[string]subscription.Care{}
	}
	if c.Empty() {
		delete(n.cares, c.Alert)
	} else {
		n.cares[c.Alert] = c
	}
	n.mu.Unlock()
	for _, w := range n.workers {
		w.queue.release(c.Alert)
	}
}

// quiet reports whether somebody has e's alert in hand and had seen e already
// when they said so; what came later was decided upon when it was handled.
func (n *Notifier) quiet(e Entry, now time.Time) (why string, quiet bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	c := n.cares[e.Alert.ID]
	if c.Acknowledged == nil || e.Alert.Version > c.Acknowledged.Version {
		return "", false
	}
	quiet, why = c.Quiets(e.Alert, 0, now)
	return why, quiet
}

// asleep is until when e's thread must wait because somebody snoozed the alert;
// the zero time for not at all. level is the highest of what waits there.
func (n *Notifier) asleep(e Entry, level string, now time.Time) time.Time {
	if e.Undelivered != nil {
		return time.Time{}
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.cares[e.Alert.ID].HeldUntil(level, now)
}
