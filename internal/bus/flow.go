package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// A flow is the broker's other kind of batch (fast-ingest, since nats-server
// 2.14): the stream stores each message as it comes and sends one PubAck at the
// end. It is for a broker that does not sync each write: there it is three
// times as fast as an atomic batch, which is written twice. Nothing rests on a
// batch being all or nothing: what was read is acknowledged only when all of
// its results have been, and a repeated result is the same result.
//
// A message that the stream already has is passed over, unless it is the first
// one: then the flow is refused, and its messages are sent one by one.
//
// Source: the reply subject <inbox>.<id>.<flow>.<gap mode>.<seq>.<op>.$FI of
// nats-server, server/stream.go, getFastBatch.

// Operations of a flow's messages.
const (
	flowStart  = "0"
	flowAppend = "1"
	flowCommit = "2"
)

// flow sends all as one flow, and waits for the PubAck at its end.
func (b *Bus) flow(ctx context.Context, stream string, all []*sending) (Ack, error) {
	inbox := b.nc.NewInbox()
	sub, err := b.nc.SubscribeSync(inbox + ".>")
	if err != nil {
		return Ack{}, err
	}
	defer func() { _ = sub.Unsubscribe() }()

	// The stream need not report before the end: a flow is never longer than
	// what it may have outstanding.
	prefix := inbox + "." + nuid.Next() + "." + strconv.Itoa(maxBatch) + ".fail."
	for i, s := range all {
		op := flowAppend
		switch i {
		case len(all) - 1:
			op = flowCommit
		case 0:
			op = flowStart
		}
		s.msg.Reply = prefix + strconv.Itoa(i+1) + "." + op + ".$FI"
		if err := b.nc.PublishMsg(s.msg); err != nil {
			return Ack{}, brokerError(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	for {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return Ack{}, fmt.Errorf("publish a flow of %d to %s: %w", len(all), stream, err)
		}
		end, err := readFlow(m.Data)
		switch {
		case err != nil:
			return Ack{}, fmt.Errorf("publish a flow of %d to %s: %w", len(all), stream, err)
		case !end.over:
		case end.Count != len(all):
			return Ack{}, errCut
		default:
			return Ack{Seq: end.Seq}, nil
		}
	}
}

// errCut is the answer to a flow that ended early.
var errCut = errors.New("the stream took only the beginning")

// flowEnd is the PubAck at the end of a flow: how many of its messages the
// stream has, and the sequence of the last.
type flowEnd struct {
	Error  *jetstream.APIError `json:"error"`
	Stream string              `json:"stream"`
	Count  int                 `json:"count"`
	Seq    uint64              `json:"seq"`
	over   bool
}

// readFlow reads one answer to a flow. Until the end they are reports on the
// way, which name no stream.
func readFlow(data []byte) (flowEnd, error) {
	var end flowEnd
	if err := json.Unmarshal(data, &end); err != nil {
		return end, fmt.Errorf("the stream's answer cannot be read: %w", err)
	}
	if end.Error != nil {
		return end, brokerError(end.Error)
	}
	end.over = end.Stream != ""
	return end, nil
}
