package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Worker is one of a group that shares the reading of a stream: each message
// goes to one of them. The group's place is kept by the broker, under Name.
type Worker struct {
	// Name is the group's: enricher. It is the durable consumer's name, and
	// the dead letters go to tocsin.dead.<name>.
	Name   string
	Stream string
	// Filter is the subject to read; empty: all of the stream.
	Filter string
	// Batch is how many messages are fetched, and their results published, at
	// once: 256 when 0, at most 1,000.
	Batch int
	// Parallel is how many handlers run side by side: 4 when 0.
	Parallel int
	// MaxTries is how often a message that fails is tried before it becomes a
	// dead letter: 3 when 0.
	MaxTries int
	// AckWait is how long the broker waits for a worker that has gone before it
	// hands the message to another: 10 s when 0. A handler may take longer: the
	// broker is told that it is still at work.
	AckWait time.Duration
	// Backoff is the wait before the second try, doubled for each further one,
	// up to 5 minutes: 1 s when 0.
	Backoff time.Duration
	// Park is how long a message of a newer version is set aside before it is
	// looked at again: 10 minutes when 0.
	Park time.Duration
	// Drain is how long what is in hand may take once Consume is asked to stop:
	// 15 s when 0. What is not finished then is handed out again later.
	Drain time.Duration
	// Stall is how long nothing may move while messages wait before the
	// consumer is made again: 60 s when 0.
	Stall time.Duration
}

const maxBackoff = 5 * time.Minute

func (w Worker) withDefaults() (Worker, error) {
	if w.Name == "" || w.Stream == "" {
		return w, fmt.Errorf("consume: the worker needs a name and a stream")
	}
	w.Batch = min(or(w.Batch, 256), maxBatch)
	w.Parallel = or(w.Parallel, 4)
	w.MaxTries = or(w.MaxTries, 3)
	w.AckWait = or(w.AckWait, 10*time.Second)
	w.Backoff = or(w.Backoff, time.Second)
	w.Park = or(w.Park, 10*time.Minute)
	w.Drain = or(w.Drain, 15*time.Second)
	w.Stall = or(w.Stall, time.Minute)
	return w, nil
}

// or is v, or otherwise when v was left out.
func or[T int | time.Duration | string](v, otherwise T) T {
	var none T
	if v <= none {
		return otherwise
	}
	return v
}

func (w Worker) config() jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:       w.Name,
		FilterSubject: w.Filter,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       w.AckWait,
		MaxDeliver:    -1, // tries are counted here, never at the broker
		MaxAckPending: -1, // what is in hand is bounded by what is fetched
		ReplayPolicy:  jetstream.ReplayInstantPolicy,
	}
}

// EnsureWorker makes the group's durable consumer, so that workers with fewer
// rights find it there.
func (b *Bus) EnsureWorker(ctx context.Context, w Worker) error {
	w, err := w.withDefaults()
	if err != nil {
		return err
	}
	_, err = b.consumer(ctx, w, 0)
	return err
}

// consumer finds the worker's durable consumer; it makes it when it is not
// there, to go on behind the sequence done, and updates it when its settings
// differ.
func (b *Bus) consumer(ctx context.Context, w Worker, done uint64) (jetstream.Consumer, error) {
	found, err := b.js.Consumer(ctx, w.Stream, w.Name)
	if err == nil && sameConsumer(found.CachedInfo().Config, w.config()) {
		return found, nil
	}
	if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, fmt.Errorf("find the consumer %s of %s: %w", w.Name, w.Stream, err)
	}
	cfg := w.config()
	if err != nil && done > 0 {
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, done+1
	}
	made, err := b.js.CreateOrUpdateConsumer(ctx, w.Stream, cfg)
	if err == nil {
		return made, nil
	}
	if found != nil { // it is there, and we may not change it
		b.log.Warn("the consumer's settings cannot be changed", "worker", w.Name, "stream", w.Stream, "err", err)
		return found, nil
	}
	return nil, fmt.Errorf("make the consumer %s of %s: %w", w.Name, w.Stream, err)
}

func sameConsumer(a, b jetstream.ConsumerConfig) bool {
	return a.FilterSubject == b.FilterSubject && a.AckWait == b.AckWait &&
		a.AckPolicy == b.AckPolicy && a.MaxDeliver == b.MaxDeliver && a.MaxAckPending == b.MaxAckPending
}
