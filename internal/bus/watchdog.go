package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Lag is how far behind a group of workers is.
type Lag struct {
	// Waiting is how many messages none of them has had yet; Unacked how many
	// are in hand or come again later.
	Waiting, Unacked uint64
}

// Lag asks the broker how far behind the worker's group is. A group that has
// never read is an error.
func (b *Bus) Lag(ctx context.Context, w Worker) (Lag, error) {
	cons, err := b.js.Consumer(ctx, w.Stream, w.Name)
	if err != nil {
		return Lag{}, fmt.Errorf("lag of %s: %w", w.Name, err)
	}
	info := cons.CachedInfo()
	return Lag{Waiting: info.NumPending, Unacked: uint64(info.NumAckPending)}, nil
}

// watchEvery is how often a worker's lag is measured.
const watchEvery = 5 * time.Second

// watch measures the worker's lag, and has the consumer made again when
// messages wait and none has come for Stall.
func (c *consuming) watch(ctx context.Context) {
	var seen uint64
	moved := time.Now()
	for pause(ctx, min(watchEvery, c.worker.Stall/3)) {
		lag, err := c.bus.Lag(ctx, c.worker)
		if err != nil {
			continue // fetching meets the same trouble, and reports it
		}
		c.bus.metrics.pending.WithLabelValues(c.worker.Name).Set(float64(lag.Waiting))
		if n := c.received.Load(); n != seen || lag.Waiting == 0 || c.busy() {
			seen, moved = n, time.Now()
			continue
		}
		if time.Since(moved) < c.worker.Stall {
			continue
		}
		c.bus.log.Error("messages wait and none comes: making the consumer again", "worker", c.worker.Name,
			"stream", c.worker.Stream, "waiting", lag.Waiting)
		if err := c.remake(ctx); err != nil {
			c.bus.log.Error("the consumer could not be made again", "worker", c.worker.Name, "err", err)
		}
		moved = time.Now()
	}
}

// busy reports whether anything is in hand.
func (c *consuming) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for b := range c.held {
		if len(b.deliveries) > 0 {
			return true
		}
	}
	return false
}

// remake deletes the consumer and makes it again from its ack floor. What was
// delivered above the floor comes again; ids make that harmless.
func (c *consuming) remake(ctx context.Context) error {
	old, err := c.bus.js.Consumer(ctx, c.worker.Stream, c.worker.Name)
	if err != nil {
		return err
	}
	cfg := c.worker.config()
	cfg.DeliverPolicy = jetstream.DeliverByStartSequencePolicy
	cfg.OptStartSeq = old.CachedInfo().AckFloor.Stream + 1
	if err := c.bus.js.DeleteConsumer(ctx, c.worker.Stream, c.worker.Name); err != nil {
		return err
	}
	if _, err := c.bus.js.CreateConsumer(ctx, c.worker.Stream, cfg); err != nil {
		return err
	}
	c.bus.metrics.recreated.WithLabelValues(c.worker.Name).Inc()
	return nil
}
