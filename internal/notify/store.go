package notify

import (
	"context"
	"errors"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Entry is one message in a channel's outbox.
type Entry struct {
	// Key is the notification key, and the entry's key in the outbox.
	Key     string `json:"key"`
	Channel string `json:"channel"`
	// Seq is the alert version's sequence in the alert stream: the order in
	// which a channel's messages leave.
	Seq    uint64       `json:"seq"`
	Alert  events.Alert `json:"alert"`
	Queued time.Time    `json:"queued"`
	// NotBefore holds the entry back, see [subscription.Subscription.HeldUntil].
	NotBefore time.Time `json:"not_before,omitzero"`
	// Why says which subscription wanted it.
	Why string `json:"why,omitempty"`
	// Undelivered is set on the report that another channel failed for good.
	Undelivered *channel.Undelivered `json:"undelivered,omitempty"`
}

// thread is what keeps its order: the versions of one alert do, and each
// report of a failure is by itself.
func (e Entry) thread() string {
	if e.Undelivered != nil {
		return e.Key
	}
	return e.Alert.ID
}

func (e Entry) message() channel.Message {
	return channel.Message{Key: e.Key, Alert: e.Alert, Undelivered: e.Undelivered}
}

// Outbox keeps entries until they are sent. Keys are 32 hexadecimal digits.
type Outbox interface {
	// Create writes e under e.Key durably; it is nil also when an entry is
	// there already.
	Create(ctx context.Context, e Entry) error
	// Get is the entry under key; false when there is none.
	Get(ctx context.Context, key string) (Entry, bool, error)
	// Delete removes the entry; it is nil also when there is none.
	Delete(ctx context.Context, key string) error
	// Each hands over every entry, in any order, until f returns an error.
	Each(ctx context.Context, f func(Entry) error) error
}

// Deliveries keeps one [Record] an alert. Keys are letters, digits, '-', '_'.
type Deliveries interface {
	// Get is the record under key and its revision; a zero Record and revision
	// 0 when there is none.
	Get(ctx context.Context, key string) (Record, uint64, error)
	// Set writes r durably if the record is still at revision (0: if there is
	// none), else it returns an error that is [ErrConflict].
	Set(ctx context.Context, key string, r Record, revision uint64) error
}

// ErrConflict says that a record was written by somebody else since it was read.
var ErrConflict = errors.New("the record has changed meanwhile")

// amend changes the alert's record with f, until nobody was faster. f may be
// called more than once; when it returns false, nothing is written.
func (n *Notifier) amend(ctx context.Context, alertID string, f func(*Record) bool) error {
	for {
		r, rev, err := n.records.Get(ctx, recordKey(alertID))
		if err != nil {
			return err
		}
		r.Alert = alertID
		if !f(&r) {
			return nil
		}
		err = n.records.Set(ctx, recordKey(alertID), r, rev)
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
