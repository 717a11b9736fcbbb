package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Headers of an atomic batch: the stream takes all of its messages or none,
// with one PubAck, and syncs once.
// Source: NATS ADR-50, https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-50.md
const (
	headerBatchID     = "Nats-Batch-Id"
	headerBatchSeq    = "Nats-Batch-Sequence"
	headerBatchCommit = "Nats-Batch-Commit"
)

// maxBatch and maxBatchBytes bound one atomic batch. The broker's own bounds
// are 1,000 messages and 50 open batches a stream.
const (
	maxBatch      = 1000
	maxBatchBytes = 16 << 20
)

// fewEnough is how many messages are as well sent one by one, side by side, as
// in a batch.
const fewEnough = 8

// sending is one message on its way to a stream.
type sending struct {
	stream string
	msg    *nats.Msg
	// suspect is whether the stream may well have it already, because what it
	// comes from was delivered before.
	suspect bool
	// sent is whether the stream has said that it has it.
	sent bool
	// err is why it can never be sent.
	err error
}

func (s *sending) open() bool { return !s.sent && s.err == nil }

// sendAll sends what is open of all, a batch a stream. When it returns nil,
// each is either sent or has its err. An error means that the rest may work
// later; calling again sends only the rest.
func (b *Bus) sendAll(ctx context.Context, all []*sending) error {
	for _, s := range streams {
		for _, suspect := range [...]bool{false, true} {
			if err := b.sendTo(ctx, s.name, suspect, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendTo sends the open ones for one stream, cut to what a batch may hold.
func (b *Bus) sendTo(ctx context.Context, stream string, suspect bool, all []*sending) error {
	var cut []*sending
	var twins []*sending
	ids := make(map[string]bool, len(all))
	size := 0
	for _, s := range all {
		if s.stream != stream || s.suspect != suspect || !s.open() {
			continue
		}
		if id := header(s.msg.Header, nats.MsgIdHdr); id != "" {
			if ids[id] {
				twins = append(twins, s)
				continue
			}
			ids[id] = true
		}
		if len(cut) == maxBatch || size+len(s.msg.Data) > maxBatchBytes && len(cut) > 0 {
			if err := b.sendBatch(ctx, stream, cut); err != nil {
				return err
			}
			cut, size = nil, 0
		}
		cut = append(cut, s)
		size += len(s.msg.Data)
	}
	if err := b.sendBatch(ctx, stream, cut); err != nil {
		return err
	}
	for _, s := range twins { // said twice in one breath: once is enough
		b.count(stream, Ack{Duplicate: true})
		s.sent = true
	}
	return nil
}

// sendBatch sends all as one atomic batch. A batch refused because the stream
// already has one of its messages is cut again, until that one stands alone.
func (b *Bus) sendBatch(ctx context.Context, stream string, all []*sending) error {
	if len(all) == 0 {
		return nil
	}
	if len(all) == 1 {
		return b.sendEach(ctx, stream, all)
	}
	err := b.commit(ctx, stream, all)
	var api *jetstream.APIError
	switch {
	case err == nil:
		for _, s := range all {
			s.sent = true
		}
		b.metrics.published.WithLabelValues(stream).Add(float64(len(all)))
		b.metrics.batchSize.WithLabelValues(stream).Observe(float64(len(all)))
		return nil
	case !errors.As(err, &api) && !hopeless(err), errors.Is(err, ErrFull):
		return err
	case api != nil && api.ErrorCode == errCodeBatchInflight:
		return err
	case api != nil && api.ErrorCode == errCodeBatchDuplicate:
		b.metrics.recut.WithLabelValues(stream).Inc()
		if len(all) > fewEnough && !all[0].suspect {
			half := len(all) / 2
			return errors.Join(b.sendBatch(ctx, stream, all[:half]), b.sendBatch(ctx, stream, all[half:]))
		}
	}
	return b.sendEach(ctx, stream, all) // tells which one is to blame
}

// commit sends all under one batch id, and waits for the PubAck of the last.
func (b *Bus) commit(ctx context.Context, stream string, all []*sending) error {
	id := []string{nuid.Next()}
	last := len(all) - 1
	for i, s := range all {
		s.msg.Header[headerBatchID] = id
		s.msg.Header[headerBatchSeq] = []string{strconv.Itoa(i + 1)}
		if i == last {
			s.msg.Header[headerBatchCommit] = commitNow
			break
		}
		delete(s.msg.Header, headerBatchCommit)
		if err := b.nc.PublishMsg(s.msg); err != nil {
			b.metrics.refused.WithLabelValues(stream).Inc()
			return brokerError(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	reply, err := b.nc.RequestMsgWithContext(ctx, all[last].msg)
	if err == nil {
		_, err = readAck(reply.Data)
	}
	if err != nil {
		b.metrics.refused.WithLabelValues(stream).Inc()
		return fmt.Errorf("publish a batch of %d to %s: %w", len(all), stream, brokerError(err))
	}
	return nil
}

var commitNow = []string{"1"}

// sendEach sends all one by one without waiting in between, then waits for the
// PubAck of each.
func (b *Bus) sendEach(ctx context.Context, stream string, all []*sending) error {
	futures := make([]jetstream.PubAckFuture, len(all))
	var later error
	for i, s := range all {
		delete(s.msg.Header, headerBatchID)
		delete(s.msg.Header, headerBatchSeq)
		delete(s.msg.Header, headerBatchCommit)
		s.msg.Reply = ""
		f, err := b.js.PublishMsgAsync(s.msg)
		if err != nil {
			later = s.failed(b, err)
			continue
		}
		futures[i] = f
	}
	for i, s := range all {
		if futures[i] == nil {
			continue
		}
		select {
		case ack := <-futures[i].Ok():
			s.sent = true
			b.count(stream, Ack{Seq: ack.Sequence, Duplicate: ack.Duplicate})
		case err := <-futures[i].Err():
			if err := s.failed(b, err); err != nil {
				later = err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return later
}

// failed notes err for good when it is hopeless; else it returns it.
func (s *sending) failed(b *Bus, err error) error {
	b.metrics.refused.WithLabelValues(s.stream).Inc()
	err = fmt.Errorf("publish %s: %w", s.msg.Subject, brokerError(err))
	if hopeless(err) {
		s.err = err
		return nil
	}
	return err
}
