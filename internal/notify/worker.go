package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// worker empties the outbox of one channel, one message at a time.
type worker struct {
	n       *Notifier
	opened  Opened
	queue   *queue
	breaker *gobreaker.CircuitBreaker[struct{}]
	limit   *rate.Limiter

	health health

	// Of the worker's own goroutine.
	paused time.Time // nothing is sent before it
	failed time.Time // the last try that did not get through
}

// Of the circuit breaker, and of what is done after one try.
const (
	tripAfter    = 5 // failures in a row
	tripFor      = 30 * time.Second
	settleWithin = 5 * time.Second
	busyFor      = time.Second // until an entry that another notifier holds up is looked at again
)

func newWorker(n *Notifier, c Opened) *worker {
	w := &worker{n: n, opened: c, queue: newQueue(), limit: Pace(c.Kind)}
	w.breaker = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        c.Name,
		MaxRequests: 1,
		Timeout:     tripFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		// A receiver that refuses a message or asks for time is there.
		IsSuccessful: func(err error) bool { return err == nil || verdict.IsPermanent(err) },
		IsExcluded:   func(err error) bool { _, asks := verdict.Delay(err); return asks },
		OnStateChange: func(name string, _, to gobreaker.State) {
			n.log.Warn("channel "+to.String(), "channel", name)
			if to == gobreaker.StateOpen {
				w.paused = time.Now().Add(tripFor + time.Millisecond)
			}
		},
	})
	return w
}

func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		now := time.Now()
		if d := w.paused.Sub(now); d > 0 {
			rest(ctx, d, nil)
			continue
		}
		it, found, superseded, wait := w.queue.next(now, w.failed)
		if !found {
			rest(ctx, wait, w.queue.wake)
			continue
		}
		if err := w.limit.Wait(ctx); err != nil {
			return
		}
		w.deliver(ctx, it, superseded)
	}
}

// rest returns after d (0: never), when wake has something, or with ctx.
func rest(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	var over <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-over:
	}
}

// deliver takes one message, and those whose place it takes, from the outbox to
// their end, or to the next try.
func (w *worker) deliver(ctx context.Context, it item, superseded []item) {
	e, standing, err := w.due(ctx, it, superseded)
	if err == nil && standing == clear {
		err = w.supersede(ctx, superseded, it)
	}
	if err != nil {
		at := w.queue.retry(it, time.Now(), 0)
		w.n.log.ErrorContext(ctx, "outbox or record cannot be used", "channel", w.opened.Name, "again_at", at, "error", err)
		return
	}
	switch standing {
	case over:
		w.queue.done(it)
		return
	case busy:
		w.queue.rest(it, time.Now().Add(busyFor))
		return
	}
	begun := time.Now()
	err = w.send(ctx, e)
	w.n.metrics.tried(w.opened, time.Since(begun), err)
	w.note(err)
	switch asked, _ := verdict.Delay(err); {
	case err == nil:
		w.settle(ctx, it, e, Outcome{End: Delivered, Tries: it.tries + 1})
	case verdict.IsPermanent(err), !it.first.IsZero() && time.Since(it.first) >= w.n.giveUp:
		w.fail(ctx, it, e, err)
	default:
		w.failed = time.Now()
		if asked > 0 {
			w.paused = time.Now().Add(asked)
		}
		at := w.queue.retry(it, time.Now(), asked)
		w.n.log.WarnContext(ctx, "alert not told yet", "channel", w.opened.Name, "alert", e.Alert.ID,
			"version", e.Alert.Version, "tries", it.tries+1, "again_at", at, "error", err)
	}
}

// due reads the entry, and looks whether it may be sent: it has not ended, no
// silence is over it, nothing waits ahead of it, and nobody else sends.
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
// busy must wait.
type standing int

const (
	over standing = iota
	clear
	busy
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

// send makes one try. A shutdown lets it finish. A panic of a channel costs the
// one message that brought it about.
func (w *worker) send(ctx context.Context, e Entry) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), channel.Timeout)
	defer cancel()
	_, err := w.breaker.Execute(func() (_ struct{}, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = verdict.Permanent(fmt.Errorf("the channel panicked: %v", p))
			}
		}()
		return struct{}{}, w.opened.Send(ctx, e.message())
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return verdict.After(time.Second, err)
	}
	return err
}

// settle notes the end of a message and takes it out of the outbox. What was
// sent is not sent again because the stores are away: settling is.
func (w *worker) settle(ctx context.Context, it item, e Entry, o Outcome) {
	for wait := pace(); ; {
		err := w.record(ctx, e, o)
		if err == nil {
			break
		}
		w.n.log.ErrorContext(ctx, "delivery cannot be recorded", "channel", e.Channel, "alert", e.Alert.ID,
			"version", e.Alert.Version, "error", err, "hint", "the channel waits until it can")
		if rest(ctx, wait.NextBackOff(), nil); ctx.Err() != nil {
			return // sent again after the restart, with the same key
		}
	}
	w.queue.done(it)
	w.n.metrics.ended(w.opened, o.End)
	w.n.log.InfoContext(ctx, "alert "+o.End, "channel", e.Channel, "alert", e.Alert.ID, "version", e.Alert.Version,
		"state", e.Alert.State, "tries", o.Tries, "reason", o.Reason)
}

// record writes the outcome, then deletes the entry: a crash in between finds
// the outcome.
func (w *worker) record(ctx context.Context, e Entry, o Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	o.At = time.Now().UTC()
	if err := w.n.amend(ctx, e.Alert.ID, func(r *Record) bool { return r.end(e, o) }); err != nil {
		return err
	}
	return w.n.outbox.Delete(ctx, e.Key)
}

// supersede ends what the next item takes the place of. The thread is claimed.
// Nothing newer may be sent before that is durable: after a crash, what is not
// known to be superseded is sent.
func (w *worker) supersede(ctx context.Context, old []item, by item) error {
	for _, it := range old {
		e, waits, err := w.n.outbox.Get(ctx, it.key)
		if err == nil && waits {
			err = w.record(ctx, e, Outcome{End: Superseded, Tries: it.tries, Reason: fmt.Sprintf("version %d took its place", by.version)})
		}
		if err != nil {
			return err
		}
		w.queue.supersede(it, by)
		w.n.metrics.ended(w.opened, Superseded)
	}
	return nil
}

// fail ends a message that the receiver refuses for good, after telling of it
// elsewhere.
func (w *worker) fail(ctx context.Context, it item, e Entry, cause error) {
	w.n.log.ErrorContext(ctx, "alert not told: the channel refuses it", "channel", e.Channel, "alert", e.Alert.ID,
		"version", e.Alert.Version, "headline", e.Alert.Headline, "tries", it.tries+1, "error", cause)
	if err := w.report(ctx, e, cause); err != nil {
		at := w.queue.retry(it, time.Now(), 0)
		w.n.log.ErrorContext(ctx, "failure cannot be reported", "channel", e.Channel, "again_at", at, "error", err)
		return
	}
	w.settle(ctx, it, e, Outcome{End: Failed, Tries: it.tries + 1, Reason: cause.Error()})
}

// report queues the failure on the channel that stands in. A report that fails
// itself is logged and no more.
func (w *worker) report(ctx context.Context, e Entry, cause error) error {
	standIn := w.n.workers[w.n.standIn(w.opened)]
	if standIn == nil || e.Undelivered != nil {
		return nil
	}
	r := Entry{
		Key:     events.NotificationKey(e.Alert.ID, e.Alert.Version, "undelivered "+e.Channel+" "+standIn.opened.Name),
		Channel: standIn.opened.Name, Seq: e.Seq, Alert: e.Alert, Queued: time.Now().UTC(),
		Why:         "channel " + e.Channel + " failed",
		Undelivered: &channel.Undelivered{Channel: e.Channel, Reason: cause.Error()},
	}
	if err := w.n.outbox.Create(ctx, r); err != nil {
		return err
	}
	standIn.queue.add(r)
	return nil
}

// standIn names the channel that hears of c's failures: the one that c names,
// else the first other one; "" when c is alone.
func (n *Notifier) standIn(c Opened) string {
	if c.Fallback != "" {
		return c.Fallback
	}
	for _, name := range n.order {
		if name != c.Name {
			return name
		}
	}
	return ""
}
