package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

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
