package bus

import (
	"context"
	"fmt"
	"time"
)

// StreamInfo is what a stream holds.
type StreamInfo struct {
	Name     string
	Created  time.Time
	Messages uint64
	Bytes    uint64
	// First and Last are sequences; an empty stream that never held a message
	// has 0 and 0.
	First, Last uint64
	FirstTime   time.Time
	LastTime    time.Time
	// Deleted is how many messages between First and Last are gone.
	Deleted int
}

// Stream asks the broker what the stream holds: the figures that the ledger is
// checked against.
func (b *Bus) Stream(ctx context.Context, name string) (StreamInfo, error) {
	s, err := b.js.Stream(ctx, name)
	if err != nil {
		return StreamInfo{}, fmt.Errorf("look at stream %s: %w", name, err)
	}
	i := s.CachedInfo()
	return StreamInfo{
		Name: name, Created: i.Created,
		Messages: i.State.Msgs, Bytes: i.State.Bytes,
		First: i.State.FirstSeq, Last: i.State.LastSeq,
		FirstTime: i.State.FirstTime, LastTime: i.State.LastTime,
		Deleted: i.State.NumDeleted,
	}, nil
}
