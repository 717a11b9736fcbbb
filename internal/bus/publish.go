package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Ack is a stream's word that it has a message.
type Ack struct {
	// Seq is the message's sequence.
	Seq uint64
	// Duplicate is whether the stream had it already.
	Duplicate bool
}

// publishWait bounds a Publish whose context has no deadline; answerWait is
// how long one try waits for its answer.
const (
	publishWait = 15 * time.Second
	answerWait  = 5 * time.Second
)

// Publish says v once: it returns when the stream of subject has the message.
// id is derived from the content and becomes the CloudEvents id and the
// Nats-Msg-Id, so that it may be called again with the same id after any
// error. Broken connections are tried again until ctx ends (15 s when it has
// no deadline). ErrFull: the broker has no room. ErrTooLarge: it never will.
func Publish(ctx context.Context, b *Bus, subject, typ, id string, v any) (Ack, error) {
	return b.say(ctx, Out{Subject: subject, Type: typ, ID: id, Value: v}, nil)
}

// Append is [Publish] on condition that the last message of subject has the
// sequence lastSeq (0: that there is none). ErrConflict: it has not; nothing
// was written. When the last message is this very one, with the same id, it is
// an Ack with Duplicate: so a try whose answer was lost can be made again.
func Append(ctx context.Context, b *Bus, subject, typ, id string, v any, lastSeq uint64) (Ack, error) {
	ack, err := b.say(ctx, Out{Subject: subject, Type: typ, ID: id, Value: v}, &lastSeq)
	if !errors.Is(err, ErrConflict) || id == "" {
		return ack, err
	}
	_, last, lookErr := Last[json.RawMessage](ctx, b, subject)
	if lookErr == nil && last.ID == id {
		return Ack{Seq: last.Seq, Duplicate: true}, nil
	}
	return ack, err
}

// LastSeq is the sequence of the last message of subject in its stream, 0 when
// there is none: what [Append] expects.
func LastSeq(ctx context.Context, b *Bus, subject string) (uint64, error) {
	_, meta, err := Last[json.RawMessage](ctx, b, subject)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return meta.Seq, err
}

// Last is the last message of subject in its stream. ErrNotFound: there is
// none.
func Last[T any](ctx context.Context, b *Bus, subject string) (v T, m Meta, err error) {
	name := streamOf(subject)
	if name == "" {
		return v, m, fmt.Errorf("read the last of %s: %w", subject, errNoStream)
	}
	s, err := b.js.Stream(ctx, name)
	if err != nil {
		return v, m, fmt.Errorf("read the last of %s: %w", subject, err)
	}
	raw, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return v, m, ErrNotFound
	}
	if err != nil {
		return v, m, fmt.Errorf("read the last of %s: %w", subject, err)
	}
	m = rawMeta(name, raw)
	if err := decode(raw.Data, &v); err != nil {
		return v, m, fmt.Errorf("read the last of %s: sequence %d: %w", subject, raw.Sequence, err)
	}
	return v, m, nil
}

func rawMeta(stream string, raw *jetstream.RawStreamMsg) Meta {
	return Meta{
		Stream: stream, Subject: raw.Subject, Seq: raw.Sequence, Time: raw.Time, Tries: 1,
		ID: header(raw.Header, headerID), Type: header(raw.Header, headerType), Header: raw.Header,
	}
}

func (b *Bus) say(ctx context.Context, o Out, last *uint64) (Ack, error) {
	stream := streamOf(o.Subject)
	if stream == "" {
		return Ack{}, fmt.Errorf("publish %s: %w: a subject begins with the word tocsin and a dot", o.Subject, errNoStream)
	}
	msg, err := b.message(o, now())
	if err != nil {
		return Ack{}, fmt.Errorf("publish %s: %w", o.Subject, err)
	}
	if last != nil {
		msg.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(*last, 10))
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, publishWait)
		defer cancel()
	}
	for try := 1; ; try++ {
		if err := b.room(stream); err != nil {
			return Ack{}, fmt.Errorf("publish %s: %w", o.Subject, err)
		}
		ack, err := b.ask(ctx, stream, msg)
		if err == nil {
			return ack, nil
		}
		if !transient(err) || !pause(ctx, backoff(try, 50*time.Millisecond, time.Second)) {
			return Ack{}, fmt.Errorf("publish %s: %w", o.Subject, err)
		}
	}
}

// ask publishes msg once and waits for the stream's answer.
func (b *Bus) ask(ctx context.Context, stream string, msg *nats.Msg) (Ack, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	reply, err := b.nc.RequestMsgWithContext(ctx, msg)
	if err != nil {
		b.metrics.refused.WithLabelValues(stream).Inc()
		return Ack{}, brokerError(err)
	}
	ack, err := readAck(reply.Data)
	if err != nil {
		b.metrics.refused.WithLabelValues(stream).Inc()
		return Ack{}, err
	}
	b.count(stream, ack)
	return ack, nil
}

func (b *Bus) count(stream string, ack Ack) {
	if ack.Duplicate {
		b.metrics.duplicates.WithLabelValues(stream).Inc()
		return
	}
	b.metrics.published.WithLabelValues(stream).Inc()
}

// readAck reads a PubAck, or the error that came in its place.
func readAck(data []byte) (Ack, error) {
	var answer struct {
		Error     *jetstream.APIError `json:"error"`
		Stream    string              `json:"stream"`
		Seq       uint64              `json:"seq"`
		Duplicate bool                `json:"duplicate"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return Ack{}, fmt.Errorf("the stream's answer cannot be read: %w", err)
	}
	if answer.Error != nil {
		return Ack{}, brokerError(answer.Error)
	}
	if answer.Stream == "" {
		return Ack{}, errors.New("the stream's answer names no stream")
	}
	return Ack{Seq: answer.Seq, Duplicate: answer.Duplicate}, nil
}

// transient reports whether the same publish may work soon: the broker was
// away, slow, or busy with other batches.
func transient(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, ErrFull), hopeless(err):
		return false
	case errors.As(err, &api):
		return api.Code == 503 || api.ErrorCode == errCodeBatchInflight || api.ErrorCode == errCodeBatchIncomplete
	}
	return true
}
