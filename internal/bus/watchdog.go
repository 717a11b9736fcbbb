package bus

import (
	"context"
	"errors"
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

// watch measures the worker's lag. It has the consumer made again when
// messages wait and none has come for Stall, and when the consumer stands
// ahead of its stream, where nothing would ever come.
func (c *consuming) watch(ctx context.Context) {
	var seen uint64
	moved := time.Now()
	for pause(ctx, min(watchEvery, c.worker.Stall/3)) {
		cons, err := c.bus.js.Consumer(ctx, c.worker.Stream, c.worker.Name)
		if err != nil {
			continue // fetching meets the same trouble, and reports it
		}
		info := cons.CachedInfo()
		c.done.Store(info.AckFloor.Stream)
		c.bus.metrics.pending.WithLabelValues(c.worker.Name).Set(float64(info.NumPending))
		if c.ahead(ctx, info) {
			continue
		}
		if n := c.received.Load(); n != seen || info.NumPending == 0 || c.busy() {
			seen, moved = n, time.Now()
			continue
		}
		if time.Since(moved) < c.worker.Stall {
			continue
		}
		c.bus.log.Error("messages wait and none comes: making the consumer again", "worker", c.worker.Name,
			"stream", c.worker.Stream, "waiting", info.NumPending)
		c.remake(ctx, info.AckFloor.Stream)
		moved = time.Now()
	}
}

// ahead reports whether the consumer stands ahead of its stream, as after a
// restore of an older copy, and then has it made again from the beginning: ids
// make the repeats harmless, and nothing else would be handed out.
func (c *consuming) ahead(ctx context.Context, info *jetstream.ConsumerInfo) bool {
	s, err := c.bus.Stream(ctx, c.worker.Stream)
	if err != nil || info.AckFloor.Stream <= s.Last {
		return false
	}
	// The stream may have grown since the consumer was looked at, never shrunk.
	missing := info.AckFloor.Stream - s.Last
	c.bus.metrics.missing.WithLabelValues(c.worker.Stream).Add(float64(missing))
	c.bus.log.Error("the broker regressed: a consumer stands ahead of its stream; reading the stream again", "worker", c.worker.Name,
		"stream", c.worker.Stream, "acknowledged", info.AckFloor.Stream, "last", s.Last, "missing", missing)
	c.done.Store(0)
	c.remake(ctx, 0)
	return true
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

// remake deletes the consumer and makes it again to go on behind done. What
// was delivered above it comes again; ids make that harmless.
func (c *consuming) remake(ctx context.Context, done uint64) {
	err := c.bus.js.DeleteConsumer(ctx, c.worker.Stream, c.worker.Name)
	if err == nil || errors.Is(err, jetstream.ErrConsumerNotFound) {
		_, err = c.bus.consumer(ctx, c.worker, done)
	}
	if err != nil {
		c.bus.log.Error("the consumer could not be made again", "worker", c.worker.Name, "err", err)
		return
	}
	c.bus.metrics.recreated.WithLabelValues(c.worker.Name).Inc()
}
