package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Get is the message of a stream at one sequence. ErrNotFound: it is not there
// any more, or not yet.
func Get[T any](ctx context.Context, b *Bus, stream string, seq uint64) (v T, m Meta, err error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return v, m, fmt.Errorf("read %s at %d: %w", stream, seq, err)
	}
	raw, err := s.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return v, m, ErrNotFound
	}
	if err != nil {
		return v, m, fmt.Errorf("read %s at %d: %w", stream, seq, err)
	}
	if err := decode(raw.Data, &v); err != nil {
		return v, m, fmt.Errorf("read %s at %d: %w", stream, seq, err)
	}
	return v, rawMeta(stream, raw), nil
}
