package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrConflict is the answer to a write that expected another last version:
// somebody else has written in between. Read again and decide again.
var ErrConflict = errors.New("somebody else has written in between")

// ErrFull is the answer of a broker that has no room left to store.
var ErrFull = errors.New("the broker's disk is full: free some space, and work resumes by itself")

// ErrNotFound is the answer for a dead letter or an object that is not there.
var ErrNotFound = errors.New("not found")

// ErrTooLarge is the answer to a message that the broker will never take.
var ErrTooLarge = errors.New("the message is larger than the broker takes")

// Regressed is the error of a reader whose own position does not fit the
// stream: the stream was re-created, purged, restored from an older copy or
// cut. Nothing was handed over past that point.
type Regressed struct {
	Stream string
	// Position is the last sequence that the reader has taken in.
	Position uint64
	// First and Last are what the stream has now.
	First, Last uint64
	// Missing is how many messages the reader will never see, or, when the
	// stream ends before Position, how many it has seen that the stream lacks.
	Missing uint64
	Reason  string
}

func (r *Regressed) Error() string {
	return fmt.Sprintf("stream %s regressed: %s (own position %d, stream has %d to %d, %d missing)",
		r.Stream, r.Reason, r.Position, r.First, r.Last, r.Missing)
}

// ErrRegressed matches every [Regressed] with errors.Is.
var ErrRegressed = errors.New("stream regressed")

// Is makes errors.Is(err, ErrRegressed) true.
func (r *Regressed) Is(target error) bool { return target == ErrRegressed }

// UnknownType is the error of a message whose CloudEvents type this version
// does not know, most often because a newer version wrote it.
type UnknownType struct {
	Type, Want string
	// Newer is whether only the major version differs.
	Newer bool
}

func (u *UnknownType) Error() string {
	if u.Newer {
		return fmt.Sprintf("message of type %s is newer than %s: it waits for a newer version of this program", u.Type, u.Want)
	}
	return fmt.Sprintf("message of type %q is not a %s", u.Type, u.Want)
}

// Codes of the broker that nats.go does not name.
const (
	errCodeInsufficient        jetstream.ErrorCode = 10023
	errCodeStreamInvalidConfig jetstream.ErrorCode = 10052
	errCodeMessageTooLarge     jetstream.ErrorCode = 10054
	errCodeStoreFailed         jetstream.ErrorCode = 10077
	errCodeStorageExceeded     jetstream.ErrorCode = 10047
	errCodeAccountExceeded     jetstream.ErrorCode = 10002
	errCodeWrongLastSequence   jetstream.ErrorCode = 10071
	errCodeWrongLastSeqConst   jetstream.ErrorCode = 10164
	errCodeBatchIncomplete     jetstream.ErrorCode = 10176
	errCodeBatchDuplicate      jetstream.ErrorCode = 10201
	errCodeBatchInflight       jetstream.ErrorCode = 10210
	errCodeHeaderTooLarge      jetstream.ErrorCode = 10097
)

// brokerError gives the broker's answer one of this package's names, where it
// has one.
func brokerError(err error) error {
	var api *jetstream.APIError
	if errors.Is(err, nats.ErrMaxPayload) {
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode {
	case errCodeInsufficient, errCodeStoreFailed, errCodeStorageExceeded, errCodeAccountExceeded:
		return fmt.Errorf("%w (%w)", ErrFull, err)
	case errCodeMessageTooLarge, errCodeHeaderTooLarge:
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	case errCodeWrongLastSequence, errCodeWrongLastSeqConst:
		return fmt.Errorf("%w (%w)", ErrConflict, err)
	}
	return err
}

// Unanswered reports whether err is a broker's silence, which says nothing of
// what was asked: it is slow, or away for a moment.
func Unanswered(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) ||
		errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrDisconnected) || errors.Is(err, nats.ErrConnectionReconnecting)
}

// hopeless reports whether publishing the same message again can never work.
func hopeless(err error) bool {
	return errors.Is(err, ErrTooLarge) || errors.Is(err, ErrConflict) ||
		errors.Is(err, errNoStream) || errors.Is(err, nats.ErrBadSubject) || errors.Is(err, errEncode)
}

var (
	errNoStream = errors.New("no stream keeps the subject")
	errEncode   = errors.New("cannot be written as JSON")
)

// pause waits d, or until ctx ends; it reports whether it waited d.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// backoff is the wait before try n (1, 2, …): first doubled each time, never
// more than most.
func backoff(n int, first, most time.Duration) time.Duration {
	if n > 30 {
		return most
	}
	return min(first<<(max(n, 1)-1), most)
}
