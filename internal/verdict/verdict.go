// Package verdict is how a handler answers for one message: its return value
// is the protocol.
//
//	nil                    done
//	err                    try again, a little later each time
//	verdict.After(d, err)  try again, not before d has passed
//	verdict.Permanent(err) never try again: it goes to the dead letters
//
// It knows errors and durations; it has never seen a message.
package verdict

import (
	"errors"
	"time"
)

// Permanent marks err as one that no further try can mend. Permanent(nil) is
// nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanent{err}
}

// After marks err as one to try again, but not before d has passed. A d that
// is not positive is "at once". After(d, nil) is a wait without a complaint:
// it is not nil, and its text is "later".
func After(d time.Duration, err error) error {
	if err == nil {
		err = errLater
	}
	return &after{err, max(d, 0)}
}

// IsPermanent reports whether err, or an error that it wraps, is [Permanent].
func IsPermanent(err error) bool {
	var p *permanent
	return errors.As(err, &p)
}

// Delay returns how long err asks to wait, and whether it asks at all.
// A permanent error never asks.
func Delay(err error) (time.Duration, bool) {
	if IsPermanent(err) {
		return 0, false
	}
	var a *after
	if !errors.As(err, &a) {
		return 0, false
	}
	return a.wait, true
}

var errLater = errors.New("later")

type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

type after struct {
	err  error
	wait time.Duration
}

func (a *after) Error() string { return a.err.Error() }
func (a *after) Unwrap() error { return a.err }
