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
	// exact is whether its sender must know if it was a duplicate.
	exact bool
	// sent is whether the stream has said that it has it, and ack its words.
	sent bool
	ack  Ack
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
	var cut, twins, firsts []*sending
	ids := make(map[string]*sending, len(all))
	size := 0
	for _, s := range all {
		if s.stream != stream || s.suspect != suspect || !s.open() {
			continue
		}
		if id := header(s.msg.Header, nats.MsgIdHdr); id != "" {
			if first := ids[id]; first != nil {
				twins, firsts = append(twins, s), append(firsts, first)
				continue
			}
			ids[id] = s
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
	for i, s := range twins { // said twice in one breath: once is enough
		s.sent, s.err, s.ack = firsts[i].sent, firsts[i].err, firsts[i].ack
		s.ack.Duplicate = true
		b.count(stream, s.ack)
	}
	return nil
}

// sendBatch sends all as one batch: an atomic one where each write is synced,
// so that one sync does for all, else a flow. A batch refused because the
// stream already has one of its messages is cut again, until that one stands
// alone.
func (b *Bus) sendBatch(ctx context.Context, stream string, all []*sending) error {
	switch {
	case len(all) == 0:
		return nil
	case len(all) == 1, !b.synced && (len(all) <= fewEnough || all[0].exact || all[0].suspect):
		return b.sendEach(ctx, stream, all)
	}
	last, err := b.sendWhole(ctx, stream, all)
	if err == nil {
		for i, s := range all {
			s.sent, s.ack = true, Ack{Seq: last.Seq - uint64(len(all)-1-i)}
		}
		b.metrics.published.WithLabelValues(stream).Add(float64(len(all)))
		b.metrics.batchSize.WithLabelValues(stream).Observe(float64(len(all)))
		return nil
	}
	b.metrics.refused.WithLabelValues(stream).Inc()
	switch refusal(err) {
	case waitAndRepeat:
		return err
	case cutAgain:
		b.metrics.recut.WithLabelValues(stream).Inc()
		if len(all) > fewEnough && !all[0].suspect {
			half := len(all) / 2
			return errors.Join(b.sendBatch(ctx, stream, all[:half]), b.sendBatch(ctx, stream, all[half:]))
		}
	}
	return b.sendEach(ctx, stream, all) // tells which one is to blame
}

func (b *Bus) sendWhole(ctx context.Context, stream string, all []*sending) (Ack, error) {
	if b.synced {
		return b.commit(ctx, stream, all)
	}
	return b.flow(ctx, stream, all)
}

// What to do about a batch that was not taken.
const (
	waitAndRepeat = iota
	cutAgain
	sendSingly
)

func refusal(err error) int {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, ErrFull):
		return waitAndRepeat
	case errors.Is(err, errCut), hopeless(err):
		return sendSingly
	case !errors.As(err, &api), api.ErrorCode == errCodeBatchInflight:
		return waitAndRepeat
	case api.ErrorCode == errCodeBatchDuplicate:
		return cutAgain
	}
	return sendSingly
}

// commit sends all under one batch id, and waits for the PubAck of the last.
func (b *Bus) commit(ctx context.Context, stream string, all []*sending) (Ack, error) {
	id := []string{nuid.Next()}
	last := len(all) - 1
	for i, s := range all {
		s.msg.Reply = ""
		s.msg.Header[headerBatchID] = id
		s.msg.Header[headerBatchSeq] = []string{strconv.Itoa(i + 1)}
		if i == last {
			s.msg.Header[headerBatchCommit] = commitNow
			break
		}
		delete(s.msg.Header, headerBatchCommit)
		if err := b.nc.PublishMsg(s.msg); err != nil {
			return Ack{}, brokerError(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	var ack Ack
	reply, err := b.nc.RequestMsgWithContext(ctx, all[last].msg)
	if err == nil {
		ack, err = readAck(reply.Data)
	}
	if err != nil {
		return Ack{}, fmt.Errorf("publish a batch of %d to %s: %w", len(all), stream, brokerError(err))
	}
	return ack, nil
}

var commitNow = []string{"1"}

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
