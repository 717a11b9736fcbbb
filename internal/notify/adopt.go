package notify

import (
	"context"
	"time"
)

// adoptEvery is how often the outbox is looked through for what another
// notifier has left.
const adoptEvery = 30 * time.Second

// adopt queues what waits in the outbox, at the start and then every so often.
func (n *Notifier) adopt(ctx context.Context) {
	trouble := pace()
	for ctx.Err() == nil {
		if err := n.reload(ctx); err != nil && ctx.Err() == nil {
			n.log.ErrorContext(ctx, "outbox cannot be read", "error", err)
			rest(ctx, trouble.NextBackOff(), nil)
			continue
		}
		trouble.Reset()
		rest(ctx, adoptEvery, nil)
	}
}

// reload queues what the outbox holds and the queues do not.
func (n *Notifier) reload(ctx context.Context) error {
	orphans := map[string]int{}
	err := n.outbox.Each(ctx, func(e Entry) error {
		if w := n.workers[e.Channel]; w != nil {
			w.queue.add(e)
			return nil
		}
		orphans[e.Channel]++
		return nil
	})
	for name, count := range orphans {
		if n.orphaned[name] == count {
			continue // said before
		}
		n.log.WarnContext(ctx, "messages wait for a channel that is not configured",
			"channel", name, "messages", count, "hint", "configure the channel again, and they are sent")
	}
	n.orphaned = orphans
	return err
}
