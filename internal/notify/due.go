package notify

import (
	"context"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// due reads the entry, and looks whether it may be sent: it has not ended, no
// silence is over it, nobody snoozed it, nothing waits ahead of it, and nobody
// else sends.
func (w *worker) due(ctx context.Context, it item, superseded []item) (e Entry, s standing, err error) {
	e, there, err := w.n.outbox.Get(ctx, it.key)
	if err != nil || !there {
		return e, over, err
	}
	if why, muted := w.n.muted(e); muted {
		if err = w.record(ctx, e, Outcome{End: Muted, Tries: it.tries, Reason: why}); err == nil {
			w.n.metrics.ended(w.opened, Muted)
		}
		return e, over, err
	}
	if until := w.n.asleep(e, w.queue.level(it), time.Now()); !until.IsZero() {
		w.queue.hold(it, until)
		return e, snoozed, nil
	}
	ahead := 0
	err = w.n.amend(ctx, e.Alert.ID, func(r *Record) (write bool) {
		s, ahead = busy, r.ahead(e, superseded)
		switch {
		case r.ended(e):
			s, ahead = over, 0
			return false
		case e.Undelivered != nil:
			s = clear
			return false
		case ahead > 0:
			return false
		}
		mine, write := r.claim(e.Channel, w.n.id, time.Now())
		if mine {
			s = clear
		}
		return write
	})
	switch {
	case err != nil:
		return e, s, err
	case s == over:
		// It was sent and an earlier run died before the outbox knew, or a newer
		// version was faster: too late for this one.
		err = w.record(ctx, e, Outcome{End: Superseded, Reason: "a newer version was told before"})
	case ahead > 0:
		err = w.fetch(ctx, e, ahead)
	}
	return e, s, err
}

// standing is how an entry stands: over needs no sending, clear may be sent,
// busy must wait, and snoozed has been put off.
type standing int

const (
	over standing = iota
	clear
	busy
	snoozed
)

// fetch takes over an earlier version that another notifier queued, so that
// this one sends the two in order; one that is gone is forgotten.
func (w *worker) fetch(ctx context.Context, e Entry, version int) error {
	key := events.NotificationKey(e.Alert.ID, version, e.Channel)
	earlier, there, err := w.n.outbox.Get(ctx, key)
	if err != nil {
		return err
	}
	if there {
		w.queue.add(earlier)
		return nil
	}
	return w.n.amend(ctx, e.Alert.ID, func(r *Record) bool { r.forget(e.Channel, version); return true })
}
