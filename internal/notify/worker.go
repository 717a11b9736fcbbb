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
	case snoozed:
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
		w.n.metrics.delivered(w.opened, e)
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
