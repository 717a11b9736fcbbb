package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Consume hands each message of the worker's stream to handle, and publishes
// what handle answers: a batch is fetched, its messages are handled side by
// side, their results are published as one atomic batch a stream, and once the
// stream has them what was read is acknowledged. So a result is there before
// its cause is done, and a crash in between says the same result again, which
// its id makes the same result.
//
// handle answers by its error, see package verdict: nil, try again with a
// growing delay, later, or never. A message given up, after MaxTries or at
// once, is kept in the DEAD stream before it is acknowledged. A panic is a
// failed try. Data that is not JSON of T is given up at once. A message of a
// newer major version is set aside until a newer program comes.
//
// Consume returns nil when ctx ends: it stops fetching, finishes what it has
// in hand, acknowledges it and returns. Broken connections and a consumer
// that has gone are waited out, and show in [Bus.Ready].
func Consume[T any](ctx context.Context, b *Bus, w Worker, handle func(context.Context, T, Meta) ([]Out, error)) error {
	w, err := w.withDefaults()
	if err != nil {
		return err
	}
	own, err := b.line(ctx, w.Name)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer own.nc.Close()
	c := &consuming{
		bus:    own,
		worker: w,
		kind:   kindOf(w.Stream),
		slots:  make(chan struct{}, inFlight),
		hands:  make(chan struct{}, w.Parallel),
		held:   map[*batch]struct{}{},
		handle: func(ctx context.Context, data []byte, m Meta) ([]Out, error) {
			var v T
			if err := decode(data, &v); err != nil {
				return nil, unreadable(err)
			}
			return handle(ctx, v, m)
		},
	}
	return c.run(ctx)
}

// inFlight is how many batches are at work at once: while one waits for its
// PubAck, another is handled, and a third fetched.
const inFlight = 4

// fetchWait is how long one fetch stays open when nothing comes. It also
// bounds how long an idle Consume takes to stop: a fetch is never broken off,
// so that no message is lost on its way and redelivered.
const fetchWait = time.Second

// linger is how long a batch waits for messages that the broker says are on
// their way.
const linger = 2 * time.Millisecond

// consuming is one Consume at work.
type consuming struct {
	bus    *Bus
	worker Worker
	kind   string
	handle func(context.Context, []byte, Meta) ([]Out, error)

	slots chan struct{} // one for each batch in flight
	hands chan struct{} // one for each handler at work

	mu   sync.Mutex
	held map[*batch]struct{} // what the broker must be told is at work

	received atomic.Uint64 // messages fetched
	done     atomic.Uint64 // sequence up to which the broker last had all acknowledged
}

// batch is some messages that go through together.
type batch struct {
	deliveries []*delivery
	more       bool // whether the broker has more on the way
}

// delivery is one message, once delivered.
type delivery struct {
	msg     jetstream.Msg
	meta    Meta
	at      time.Time
	results []*sending
	err     error
	settled atomic.Bool
}

func (c *consuming) run(ctx context.Context) error {
	// What is in hand outlives ctx, by Drain at most.
	hand, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		if pause(hand, c.worker.Drain) {
			cancel()
		}
	})()

	var aside sync.WaitGroup
	aside.Go(func() { c.keepAlive(hand) })
	aside.Go(func() { c.watch(hand) })
	err := c.fetch(ctx, hand)
	for range cap(c.slots) { // every batch is done when all slots are free
		c.slots <- struct{}{}
	}
	flush, stop := context.WithTimeout(context.WithoutCancel(ctx), answerWait)
	defer stop()
	_ = c.bus.nc.FlushWithContext(flush) // the acks; unheard, they are repeated
	cancel()
	aside.Wait()
	c.bus.trouble(c.place(), nil)
	return err
}

func (c *consuming) place() string { return "worker " + c.worker.Name }

// fetch fetches batch after batch, and sends each on its way, until ctx ends.
func (c *consuming) fetch(ctx, hand context.Context) error {
	open := c.open()
	defer func() { c.release(open) }()
	for fails := 0; ctx.Err() == nil; {
		err := c.pull(ctx, hand, &open)
		if err == nil {
			fails = 0
			c.bus.trouble(c.place(), nil)
			continue
		}
		if ctx.Err() != nil {
			break
		}
		fails++
		if c.bus.trouble(c.place(), err) {
			c.bus.log.Warn("a worker cannot fetch: trying again", "worker", c.worker.Name, "stream", c.worker.Stream, "err", err)
		}
		pause(ctx, backoff(fails, 50*time.Millisecond, 2*time.Second))
	}
	if len(open.deliveries) > 0 {
		c.slots <- struct{}{}
		c.start(hand, open)
		open = c.open()
	}
	return nil
}

// pull finds the consumer and fetches from it until that fails or ctx ends.
func (c *consuming) pull(ctx, hand context.Context, open **batch) error {
	cons, err := c.bus.consumer(ctx, c.worker, c.done.Load())
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		got, err := cons.Fetch(c.worker.Batch-len((*open).deliveries), jetstream.FetchMaxWait(fetchWait))
		if err != nil {
			return fmt.Errorf("fetch: %w", err)
		}
		c.take(hand, got.Messages(), open)
		if err := got.Error(); err != nil {
			return fmt.Errorf("fetch: %w", err)
		}
		c.bus.trouble(c.place(), nil)
	}
	return nil
}

// take puts what comes into the open batch, and sends the batch on its way
// when it is full, or when no more is on the way and a slot is free. It
// returns when the fetch is over; the open batch may hold a few by then.
func (c *consuming) take(hand context.Context, msgs <-chan jetstream.Msg, open **batch) {
	wait := time.NewTimer(time.Hour)
	defer wait.Stop()
	for msgs != nil || len((*open).deliveries) > 0 {
		b := *open
		var slot chan<- struct{}
		if len(b.deliveries) > 0 && (!b.more || len(b.deliveries) >= c.worker.Batch || msgs == nil) {
			slot = c.slots
		}
		select {
		case msg, ok := <-msgs:
			if !ok {
				msgs = nil
				continue
			}
			c.add(b, msg)
			wait.Reset(linger)
			continue
		default:
		}
		select {
		case slot <- struct{}{}:
			c.start(hand, b)
			*open = c.open()
		case msg, ok := <-msgs:
			if !ok {
				msgs = nil
				continue
			}
			c.add(b, msg)
			wait.Reset(linger)
		case <-wait.C:
			b.more = false
		}
	}
}

func (c *consuming) open() *batch {
	b := &batch{deliveries: make([]*delivery, 0, c.worker.Batch)}
	c.mu.Lock()
	c.held[b] = struct{}{}
	c.mu.Unlock()
	return b
}

func (c *consuming) release(b *batch) {
	c.mu.Lock()
	delete(c.held, b)
	c.mu.Unlock()
}

// add takes a message into b. Both run under the lock that keepAlive reads by.
func (c *consuming) add(b *batch, msg jetstream.Msg) {
	d := &delivery{msg: msg, at: time.Now()}
	m, err := msg.Metadata()
	if err != nil { // not a JetStream message: nothing to acknowledge
		c.bus.log.Error("a message without JetStream metadata", "subject", msg.Subject(), "err", err)
		return
	}
	h := msg.Headers()
	d.meta = Meta{
		Stream: m.Stream, Subject: msg.Subject(), Seq: m.Sequence.Stream, Time: m.Timestamp,
		ID: header(h, headerID), Type: header(h, headerType), Tries: int(m.NumDelivered), Header: h,
	}
	c.received.Add(1)
	c.mu.Lock()
	b.deliveries = append(b.deliveries, d)
	b.more = m.NumPending > 0
	c.mu.Unlock()
}

// start sends b through; its slot is taken already.
func (c *consuming) start(hand context.Context, b *batch) {
	go func() {
		defer func() { <-c.slots }()
		defer c.release(b)
		c.process(hand, b)
	}()
}

// keepAlive tells the broker of everything that is still in hand, so that it
// hands it to nobody else.
func (c *consuming) keepAlive(ctx context.Context) {
	for pause(ctx, c.worker.AckWait/3) {
		c.mu.Lock()
		var slow []*delivery
		for b := range c.held {
			for _, d := range b.deliveries {
				if !d.settled.Load() && time.Since(d.at) > c.worker.AckWait/4 {
					slow = append(slow, d)
				}
			}
		}
		c.mu.Unlock()
		for _, d := range slow {
			if err := d.msg.InProgress(); err != nil && !errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
				break // the connection is gone; the next round tries again
			}
		}
	}
}
