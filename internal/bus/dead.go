package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// bury keeps each of given as a dead letter, waits until the stream has it,
// and only then acknowledges it. One that cannot be kept is not acknowledged:
// it comes again later, and says so loudly.
func (c *consuming) bury(ctx context.Context, given []*delivery) {
	if len(given) == 0 {
		return
	}
	letters := make([]*sending, len(given))
	for i, d := range given {
		letters[i] = c.letter(d, d.msg.Data())
	}
	err := c.bus.sendAll(ctx, letters)
	m, name := c.bus.metrics, c.worker.Name
	for i, d := range given {
		if errors.Is(letters[i].err, ErrTooLarge) { // the stream it came from still has the data
			letters[i] = c.letter(d, nil)
			err = errors.Join(err, c.bus.sendAll(ctx, letters[i:i+1]))
		}
		if !letters[i].sent {
			err = errors.Join(err, letters[i].err)
			m.deadFailed.WithLabelValues(name).Inc()
			c.nak(d, backoff(d.meta.Tries, c.worker.Backoff, maxBackoff))
			continue
		}
		c.ack(d)
		m.dead.WithLabelValues(name).Inc()
		m.acked.WithLabelValues(name).Inc()
		c.bus.log.Warn("a message is given up and kept as a dead letter", "worker", name, "stream", d.meta.Stream,
			"seq", d.meta.Seq, "id", d.meta.ID, "tries", d.meta.Tries, "err", d.err)
	}
	place := "dead letters of " + name
	if c.bus.trouble(place, err) && err != nil {
		c.bus.log.Error("dead letters cannot be kept: their messages stay unacknowledged", "worker", name, "err", err)
	}
}

// letter is d as a dead letter, with data.
func (c *consuming) letter(d *delivery, data []byte) *sending {
	dead := events.Dead{
		Worker: c.worker.Name, Subject: d.meta.Subject, Stream: d.meta.Stream, Sequence: d.meta.Seq,
		Reason: d.err.Error(), Tries: d.meta.Tries, At: time.Now().UTC(),
		Header: d.meta.Header, Data: data,
	}
	msg, err := c.bus.message(Out{
		Subject: events.DeadSubject(dead.Worker),
		Type:    events.TypeDead,
		ID:      fmt.Sprintf("dead-%s-%s-%d", dead.Worker, dead.Stream, dead.Sequence),
		Value:   dead,
	}, now())
	return &sending{stream: events.StreamDead, msg: msg, err: err, suspect: d.meta.Tries > 1}
}

// DeadLetter is a dead letter and its place in the DEAD stream.
type DeadLetter struct {
	Seq uint64 `json:"seq"`
	events.Dead
}

// DeadLetters lists what worker gave up (all workers when empty), oldest
// first, from sequence from on, at most limit of them.
func DeadLetters(ctx context.Context, b *Bus, worker string, from uint64, limit int) ([]DeadLetter, error) {
	filter := events.SubjectDead
	if worker != "" {
		filter = events.DeadSubject(worker)
	}
	s, err := b.js.Stream(ctx, events.StreamDead)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	var letters []DeadLetter
	for seq := max(from, 1); len(letters) < limit; {
		raw, err := s.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(filter))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return letters, fmt.Errorf("list dead letters: %w", err)
		}
		letter, err := readLetter(raw)
		if err != nil {
			return letters, err
		}
		letters = append(letters, letter)
		seq = raw.Sequence + 1
	}
	return letters, nil
}

// GetDead is the dead letter with the sequence seq. ErrNotFound: there is none.
func GetDead(ctx context.Context, b *Bus, seq uint64) (DeadLetter, error) {
	s, err := b.js.Stream(ctx, events.StreamDead)
	if err != nil {
		return DeadLetter{}, fmt.Errorf("read dead letter %d: %w", seq, err)
	}
	raw, err := s.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return DeadLetter{}, fmt.Errorf("dead letter %d: %w", seq, ErrNotFound)
	}
	if err != nil {
		return DeadLetter{}, fmt.Errorf("read dead letter %d: %w", seq, err)
	}
	return readLetter(raw)
}

func readLetter(raw *jetstream.RawStreamMsg) (DeadLetter, error) {
	letter := DeadLetter{Seq: raw.Sequence}
	if err := decode(raw.Data, &letter.Dead); err != nil {
		return letter, fmt.Errorf("read dead letter %d: %w", raw.Sequence, err)
	}
	return letter, nil
}

// RetryDead sends the dead letter seq back to the subject it came from, waits
// until the stream has it, and removes the letter. Every reader of that stream
// sees the message again; its CloudEvents id is the same, so that those who
// had it take it for what it is.
func RetryDead(ctx context.Context, b *Bus, seq uint64) (Ack, error) {
	letter, err := GetDead(ctx, b, seq)
	if err != nil {
		return Ack{}, err
	}
	msg, err := letter.message(ctx, b)
	if err != nil {
		return Ack{}, fmt.Errorf("retry dead letter %d: %w", seq, err)
	}
	ack, err := b.ask(ctx, letter.Stream, msg)
	if err != nil {
		return Ack{}, fmt.Errorf("retry dead letter %d: %w", seq, err)
	}
	return ack, DropDead(ctx, b, seq)
}

// DropDead removes the dead letter seq.
func DropDead(ctx context.Context, b *Bus, seq uint64) error {
	s, err := b.js.Stream(ctx, events.StreamDead)
	if err != nil {
		return fmt.Errorf("drop dead letter %d: %w", seq, err)
	}
	err = s.DeleteMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) || errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("dead letter %d: %w", seq, ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("drop dead letter %d: %w", seq, err)
	}
	return nil
}
