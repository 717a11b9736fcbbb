package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

// process handles the messages of b, publishes what came of them, and only
// then settles each with the broker.
func (c *consuming) process(ctx context.Context, b *batch) {
	c.note(b)
	c.handleAll(ctx, b)
	if !c.publish(ctx, b) {
		return // ctx is over: unacknowledged, the messages come again
	}
	c.settle(ctx, b)
}

func (c *consuming) note(b *batch) {
	m, name := c.bus.metrics, c.worker.Name
	again := 0
	for _, d := range b.deliveries {
		if d.meta.Tries > 1 {
			again++
		}
	}
	m.delivered.WithLabelValues(name).Add(float64(len(b.deliveries)))
	m.redelivered.WithLabelValues(name).Add(float64(again))
	m.inHand.WithLabelValues(name).Add(float64(len(b.deliveries)))
}

// handleAll runs the handlers, at most Parallel at once over all batches.
func (c *consuming) handleAll(ctx context.Context, b *batch) {
	at := now()
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(c.worker.Parallel, len(b.deliveries)) {
		group.Go(func() {
			c.hands <- struct{}{}
			defer func() { <-c.hands }()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(b.deliveries) {
					return
				}
				c.handleOne(ctx, b.deliveries[i], at)
			}
		})
	}
	group.Wait()
}

// handleOne runs the handler for d, and makes its results ready to send.
func (c *consuming) handleOne(ctx context.Context, d *delivery, at string) {
	if d.err = checkType(d.meta.Type, c.kind); d.err != nil {
		return
	}
	var outs []Out
	if outs, d.err = c.guarded(ctx, d); d.err != nil {
		return
	}
	for _, o := range outs {
		s, err := c.result(d, o, at)
		if err != nil {
			d.err, d.results = verdict.Permanent(err), nil
			return
		}
		d.results = append(d.results, s)
	}
}

// guarded runs the handler; a panic is an error like any other.
func (c *consuming) guarded(ctx context.Context, d *delivery) (outs []Out, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.bus.metrics.panics.WithLabelValues(c.worker.Name).Inc()
			c.bus.log.Error("a handler panicked", "worker", c.worker.Name, "stream", d.meta.Stream, "seq", d.meta.Seq,
				"panic", p, "stack", string(debug.Stack()))
			outs, err = nil, fmt.Errorf("panic: %v", p)
		}
	}()
	return c.handle(ctx, d.msg.Data(), d.meta)
}

func (c *consuming) result(d *delivery, o Out, at string) (*sending, error) {
	s := c.bus.sending(o, at)
	if s.err != nil {
		return nil, s.err
	}
	for _, k := range [...]string{headerTrace, headerTraceState} {
		if v, ok := d.meta.Header[k]; ok && len(s.msg.Header[k]) == 0 {
			s.msg.Header[k] = v
		}
	}
	s.suspect = d.meta.Tries > 1
	return s, nil
}

// publish sends every result of b, and tries again for as long as ctx lives.
// A result that can never be sent fails the message it comes from.
func (c *consuming) publish(ctx context.Context, b *batch) bool {
	all := make([]*sending, 0, len(b.deliveries))
	for _, d := range b.deliveries {
		all = append(all, d.results...)
	}
	place := "publishing by " + c.worker.Name
	for try := 1; ; try++ {
		err := c.bus.sendAll(ctx, all)
		if err == nil {
			break
		}
		if c.bus.trouble(place, err) {
			c.bus.log.Error("results cannot be published: trying until they are", "worker", c.worker.Name, "err", err)
		}
		if !pause(ctx, backoff(try, 50*time.Millisecond, 2*time.Second)) {
			return false
		}
	}
	c.bus.trouble(place, nil)
	for _, d := range b.deliveries {
		for _, s := range d.results {
			if s.err != nil {
				d.err = verdict.Permanent(s.err)
			}
		}
	}
	return true
}

// settle answers the broker for each message of b.
func (c *consuming) settle(ctx context.Context, b *batch) {
	m, name := c.bus.metrics, c.worker.Name
	latency := m.latency.WithLabelValues(name)
	var given []*delivery
	done := 0
	for _, d := range b.deliveries {
		switch {
		case d.err == nil:
			c.ack(d)
			latency.Observe(time.Since(d.at).Seconds())
			done++
		case c.gaveUp(d):
			given = append(given, d)
		default:
			c.later(d)
		}
	}
	m.acked.WithLabelValues(name).Add(float64(done))
	m.inHand.WithLabelValues(name).Sub(float64(len(b.deliveries)))
	c.bury(ctx, given)
}

// gaveUp reports whether d is not to be tried again.
func (c *consuming) gaveUp(d *delivery) bool {
	var unknown *UnknownType
	if errors.As(d.err, &unknown) {
		return !unknown.Newer
	}
	if verdict.IsPermanent(d.err) {
		return true
	}
	_, asks := verdict.Delay(d.err)
	return !asks && d.meta.Tries >= c.worker.MaxTries
}

// later sends d back to the broker, to come again after a while.
func (c *consuming) later(d *delivery) {
	wait, asks := verdict.Delay(d.err)
	var unknown *UnknownType
	switch {
	case errors.As(d.err, &unknown):
		wait = c.worker.Park
		c.bus.metrics.parked.WithLabelValues(c.worker.Name).Inc()
		c.bus.log.Warn("a message of a newer version is set aside", "worker", c.worker.Name, "seq", d.meta.Seq, "type", unknown.Type, "for", wait)
	case !asks:
		wait = backoff(d.meta.Tries, c.worker.Backoff, maxBackoff)
		fallthrough
	default:
		c.bus.metrics.retried.WithLabelValues(c.worker.Name).Inc()
		c.bus.log.Debug("a message is tried again later", "worker", c.worker.Name, "seq", d.meta.Seq, "tries", d.meta.Tries, "in", wait, "err", d.err)
	}
	c.nak(d, wait)
}

func (c *consuming) ack(d *delivery) {
	d.settled.Store(true)
	if err := d.msg.Ack(); err != nil {
		c.bus.log.Debug("an ack was not sent: the message comes again", "worker", c.worker.Name, "seq", d.meta.Seq, "err", err)
	}
}

func (c *consuming) nak(d *delivery, wait time.Duration) {
	d.settled.Store(true)
	if err := d.msg.NakWithDelay(wait); err != nil {
		c.bus.log.Debug("a nak was not sent: the message comes again", "worker", c.worker.Name, "seq", d.meta.Seq, "err", err)
	}
}

// unreadable is the error of data that no further try can decode.
func unreadable(err error) error {
	return verdict.Permanent(fmt.Errorf("the data is not the JSON that its type promises: %w", err))
}
