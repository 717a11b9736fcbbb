package bus

import (
	"context"
	"fmt"
	"maps"

	"github.com/nats-io/nats.go"
)

// message is the message that the letter keeps, as it was, except for the
// headers that made it one of a batch, bound it to a sequence, or would have
// the broker take it for a repeat.
func (l DeadLetter) message(ctx context.Context, b *Bus) (*nats.Msg, error) {
	h := nats.Header(maps.Clone(l.Header))
	if h == nil {
		h = nats.Header{}
	}
	for k := range h {
		if len(k) > 5 && k[:5] == "Nats-" {
			delete(h, k)
		}
	}
	h.Set(nats.MsgIdHdr, fmt.Sprintf("retry-%d-%s", l.Seq, header(h, headerID)))
	data := l.Data
	if len(data) == 0 { // too large to keep twice: it is where it came from
		s, err := b.js.Stream(ctx, l.Stream)
		if err != nil {
			return nil, err
		}
		raw, err := s.GetMsg(ctx, l.Sequence)
		if err != nil {
			return nil, fmt.Errorf("read sequence %d of %s, where its data is: %w", l.Sequence, l.Stream, err)
		}
		data = raw.Data
	}
	return &nats.Msg{Subject: l.Subject, Header: h, Data: data}, nil
}
