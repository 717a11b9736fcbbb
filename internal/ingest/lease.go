package ingest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

// lease is the right to poll one source for a while. Two ingestors never hold
// the same one: each write expects the revision of the last.
type lease struct {
	states Store[State]
	key    string
	name   string
	now    func() time.Time

	mu   sync.Mutex
	rev  uint64
	held State
	lost bool
}

// take claims the source. [ErrConflict]: another was first.
func (l *lease) take(ctx context.Context, st State) error {
	st.Owner, st.Until = l.name, l.now().Add(leaseTime)
	return l.write(ctx, st)
}

func (l *lease) write(ctx context.Context, st State) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	rev, err := l.states.Put(ctx, l.key, st, l.rev)
	if err == nil {
		l.rev, l.held = rev, st
	}
	l.lost = errors.Is(err, ErrConflict)
	return err
}

// keep renews the lease until the returned stop is called. A lease that was
// lost cancels the poll.
func (l *lease) keep(ctx context.Context, cancel context.CancelFunc) (stop func()) {
	done := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		t := time.NewTicker(leaseRenew)
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-t.C:
			}
			st := l.held
			st.Until = l.now().Add(leaseTime)
			if errors.Is(l.write(ctx, st), ErrConflict) {
				cancel()
				return
			}
		}
	})
	return func() {
		close(done)
		renewing.Wait()
	}
}

// give writes st and gives the source back.
func (l *lease) give(ctx context.Context, st State) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	st.Owner, st.Until = "", time.Time{}
	return l.write(ctx, st)
}

func delayOf(err error) time.Duration {
	d, _ := verdict.Delay(err)
	return d
}
