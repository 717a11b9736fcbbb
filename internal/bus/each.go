package bus

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
)

// sendEach sends all one by one without waiting in between, then waits for the
// PubAck of each. It is the way that tells for each message whether the stream
// had it already, and which of several is to blame.
func (b *Bus) sendEach(ctx context.Context, stream string, all []*sending) error {
	inbox := b.nc.NewInbox()
	answers := make(chan *nats.Msg, len(all)+1)
	sub, err := b.nc.ChanSubscribe(inbox+".*", answers)
	if err != nil {
		return err
	}
	defer func() { _ = sub.Unsubscribe() }()

	var later error
	waiting := 0
	for i, s := range all {
		delete(s.msg.Header, headerBatchID)
		delete(s.msg.Header, headerBatchSeq)
		delete(s.msg.Header, headerBatchCommit)
		s.msg.Reply = inbox + "." + strconv.Itoa(i)
		if err := b.nc.PublishMsg(s.msg); err != nil {
			later = s.failed(b, err)
			continue
		}
		waiting++
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	for ; waiting > 0; waiting-- {
		select {
		case m := <-answers:
			i, err := strconv.Atoi(m.Subject[len(inbox)+1:])
			if err != nil || i < 0 || i >= len(all) {
				continue
			}
			if err := all[i].answered(b, stream, m); err != nil {
				later = err
			}
		case <-ctx.Done():
			return fmt.Errorf("publish %d to %s: %d answers are missing: %w", len(all), stream, waiting, ctx.Err())
		}
	}
	return later
}

// answered notes the stream's answer for s.
func (s *sending) answered(b *Bus, stream string, m *nats.Msg) error {
	if len(m.Data) == 0 && header(m.Header, "Status") == "503" {
		return s.failed(b, nats.ErrNoResponders)
	}
	ack, ok := plainAck(m.Data)
	if !ok {
		var err error
		if ack, err = readAck(m.Data); err != nil {
			return s.failed(b, err)
		}
	}
	s.sent, s.ack = true, ack
	b.count(stream, ack)
	return nil
}

// plainAck reads the PubAck that nearly all are, {"stream":"X", "seq":1} or
// the same with "duplicate": true, without a JSON decoder. It is not ok for
// any other.
func plainAck(data []byte) (Ack, bool) {
	rest, ok := bytes.CutPrefix(data, []byte(`{"stream":"`))
	if !ok {
		return Ack{}, false
	}
	_, rest, _ = bytes.Cut(rest, []byte(`"`))
	if rest, ok = bytes.CutPrefix(rest, []byte(`, "seq":`)); !ok {
		return Ack{}, false
	}
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	seq, err := strconv.ParseUint(string(rest[:n]), 10, 64)
	if err != nil {
		return Ack{}, false
	}
	switch string(rest[n:]) {
	case "}":
		return Ack{Seq: seq}, true
	case `,"duplicate": true}`:
		return Ack{Seq: seq, Duplicate: true}, true
	}
	return Ack{}, false
}
