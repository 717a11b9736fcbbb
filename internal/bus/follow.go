package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Stream is what to follow. Only Name must be given.
type Stream struct {
	Name string
	// Filter is the subject to read; empty: all of the stream.
	Filter string
	// Created is when the stream was made, as [StreamInfo] had it when the
	// reader noted its position. When it is given, a stream that was re-created
	// since is found out even if it has grown past the position.
	Created time.Time
	// LastID is the CloudEvents id of the message at the position. When it is
	// given, a stream restored from an older copy is found out too.
	LastID string
	// Gap is called for each stretch of sequences that is gone from the middle
	// of an unfiltered stream, before the message behind it is handed over. It
	// is counted and logged in any case.
	Gap func(Gap)
}

// Gap is a stretch of a stream that is gone: sequences From to To, both
// included.
type Gap struct {
	Stream   string
	From, To uint64
}

// Missing is how many messages are gone.
func (g Gap) Missing() uint64 { return g.To - g.From + 1 }

// Follow hands over each message of s from the sequence from on (0 and 1 are
// the beginning), in the order of the stream: first what is there, then what
// comes. live, which may be nil, is called once, when all that was there has
// been handed over. The position is the reader's own: it passes the last
// sequence that it has taken in, plus one.
//
// It returns nil when ctx ends, and the error of handle as it is. A stream that
// does not fit the position is a [*Regressed]: it ends before it, begins behind
// it, or was made anew. A message of a newer major version is an
// [*UnknownType]: a fold must not pass it over. Data that is not JSON of T is
// counted, logged and passed over. A lost connection is waited out.
func Follow[T any](ctx context.Context, b *Bus, s Stream, from uint64, handle func(T, Meta) error, live func()) error {
	f := &following{bus: b, stream: s, kind: kindOf(s.Name), next: max(from, 1), live: live}
	f.handle = func(data []byte, m Meta) error {
		var v T
		if err := decode(data, &v); err != nil {
			f.passOver(m, err)
			return nil
		}
		return handle(v, m)
	}
	return f.run(ctx)
}

// following is one Follow at work.
type following struct {
	bus    *Bus
	stream Stream
	kind   string
	next   uint64 // the sequence to read next
	handle func([]byte, Meta) error
	live   func()
}

// Times of a Follow: how often it compares its position with the stream, and
// how long it may stand still while messages wait.
const (
	followCheck = 5 * time.Second
	followStall = 30 * time.Second
	// followAhead is how many messages are fetched ahead.
	followAhead = 512
)

// errAgain asks run to look at the stream again and go on from its position.
var errAgain = errors.New("look again")

func (f *following) run(ctx context.Context) error {
	place := "following " + f.stream.Name
	defer f.bus.trouble(place, nil)
	for fails := 0; ; {
		at := f.next
		err := f.read(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case final(err):
			return err
		}
		if f.next > at {
			fails = 0
		}
		fails++
		if !errors.Is(err, errAgain) && f.bus.trouble(place, err) {
			f.bus.log.Warn("a stream cannot be followed: trying again", "stream", f.stream.Name, "from", f.next, "err", err)
		}
		if !pause(ctx, backoff(fails, 50*time.Millisecond, 2*time.Second)) {
			return nil
		}
	}
}

// handled wraps what the reader itself answered, so that run gives it back.
type handled struct{ error }

func (h handled) Unwrap() error { return h.error }

func final(err error) bool {
	var own handled
	var unknown *UnknownType
	return errors.As(err, &own) || errors.Is(err, ErrRegressed) || errors.As(err, &unknown)
}

// read reads from f.next on until something is wrong or ctx ends.
func (f *following) read(ctx context.Context) error {
	info, err := f.check(ctx)
	if err != nil {
		return err
	}
	cons, err := f.bus.js.OrderedConsumer(ctx, f.stream.Name, f.config())
	if err != nil {
		return fmt.Errorf("follow %s: %w", f.stream.Name, err)
	}
	iter, err := cons.Messages(jetstream.PullMaxMessages(followAhead), jetstream.PullHeartbeat(followCheck))
	if err != nil {
		return fmt.Errorf("follow %s: %w", f.stream.Name, err)
	}
	defer iter.Stop()
	if f.caughtUp(info, cons) {
		f.nowLive()
	}
	f.bus.trouble("following "+f.stream.Name, nil)
	for {
		err := f.step(ctx, iter)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			if err = f.idle(ctx); err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
	}
}

func (f *following) config() jetstream.OrderedConsumerConfig {
	c := jetstream.OrderedConsumerConfig{
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       f.next,
		InactiveThreshold: 2 * time.Minute,
	}
	if f.stream.Filter != "" {
		c.FilterSubjects = []string{f.stream.Filter}
	}
	return c
}

func (f *following) caughtUp(info StreamInfo, cons jetstream.Consumer) bool {
	return f.next > info.Last || cons.CachedInfo() != nil && cons.CachedInfo().NumPending == 0
}

func (f *following) nowLive() {
	if f.live != nil {
		f.live()
		f.live = nil
	}
}

// step hands over the next message.
func (f *following) step(ctx context.Context, iter jetstream.MessagesContext) error {
	wait, cancel := context.WithTimeout(ctx, followCheck)
	defer cancel()
	msg, err := iter.Next(jetstream.NextContext(wait))
	if err != nil {
		return err
	}
	m, err := msg.Metadata()
	if err != nil {
		return fmt.Errorf("follow %s: %w", f.stream.Name, err)
	}
	seq := m.Sequence.Stream
	if seq < f.next {
		return nil // had it before the consumer was made again
	}
	if err := f.mind(seq); err != nil {
		return err
	}
	h := msg.Headers()
	meta := Meta{
		Stream: m.Stream, Subject: msg.Subject(), Seq: seq, Time: m.Timestamp, Tries: 1,
		ID: header(h, headerID), Type: header(h, headerType), Header: h,
	}
	if err := f.hand(msg.Data(), meta); err != nil {
		return err
	}
	f.next, f.stream.LastID = seq+1, meta.ID
	f.bus.metrics.position.WithLabelValues(f.stream.Name).Set(float64(seq))
	if m.NumPending == 0 {
		f.nowLive()
	}
	return nil
}

// hand gives the message to the reader. A panic is the reader's error.
func (f *following) hand(data []byte, m Meta) (err error) {
	if err := checkType(m.Type, f.kind); err != nil {
		var unknown *UnknownType
		if errors.As(err, &unknown) && unknown.Newer {
			return fmt.Errorf("follow %s: sequence %d: %w", m.Stream, m.Seq, err)
		}
		f.passOver(m, err)
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = handled{fmt.Errorf("follow %s: sequence %d: panic: %v\n%s", m.Stream, m.Seq, p, debug.Stack())}
		}
	}()
	if err := f.handle(data, m); err != nil {
		return handled{err}
	}
	return nil
}

func (f *following) passOver(m Meta, err error) {
	f.bus.metrics.unreadable.WithLabelValues(f.stream.Name).Inc()
	f.bus.log.Error("a message cannot be read and is passed over", "stream", m.Stream, "seq", m.Seq, "id", m.ID, "err", err)
}
