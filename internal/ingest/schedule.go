package ingest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cespare/xxhash/v2"
	"go.uber.org/zap"
)

// Ingestor polls sources when they are due. Several of them may share the same
// sources: a source is polled by whoever first writes its lease, and by
// another when that one dies.
type Ingestor struct {
	Door    *Door
	Fetcher *Fetcher
	States  Store[State]
	// Name tells this ingestor from those that share its sources. One that
	// keeps its name over a restart takes its own leases up at once.
	Name    string
	Now     func() time.Time
	Log     *zap.Logger
	Metrics *Metrics

	mu      sync.Mutex
	sources map[string]Source
	changed chan struct{}
	away    atomic.Bool       // the log or the store does not answer
	turned  map[string]string // state after the last poll, by source
}

// Times of a lease: it lasts leaseTime, and is renewed while the poll runs.
const (
	leaseTime  = time.Minute
	leaseRenew = 15 * time.Second
	// pollTime bounds one poll with all its pages.
	pollTime = 5 * time.Minute
	// storeWait is the wait after the store did not answer.
	storeWait = 5 * time.Second
	// goneWait is how often a source that is gone is looked at again, in case
	// its state was cleared.
	goneWait = time.Hour
)

// SetSources replaces the list of sources. Those that stay keep their schedule;
// a poll that runs is finished. Give it a list that [Check] has passed; what is
// pushed is left out.
func (i *Ingestor) SetSources(list []Source) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sources = make(map[string]Source, len(list))
	for _, s := range list {
		if s.Fetched() {
			i.sources[s.ID] = s
		}
	}
	if i.changed != nil {
		select {
		case i.changed <- struct{}{}:
		default:
		}
	}
}

// Run polls until ctx ends, and returns when the last poll has stopped. A poll
// that is cut off gives its lease back and loses nothing.
func (i *Ingestor) Run(ctx context.Context) error {
	i.mu.Lock()
	i.changed = make(chan struct{}, 1)
	i.changed <- struct{}{}
	i.mu.Unlock()
	var all sync.WaitGroup
	defer all.Wait()

	type child struct {
		source Source
		stop   context.CancelFunc
	}
	running := make(map[string]child)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-i.changed:
		}
		want := i.list()
		for id, c := range running {
			if s, stays := want[id]; !stays || s != c.source {
				c.stop()
				delete(running, id)
				i.count(id, "")
			}
		}
		for id, s := range want {
			if _, runs := running[id]; runs {
				continue
			}
			own, stop := context.WithCancel(ctx)
			running[id] = child{s, stop}
			all.Go(func() { i.follow(own, s, len(want)) })
		}
	}
}

func (i *Ingestor) list() map[string]Source {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.sources
}

// follow polls one source whenever it is due.
func (i *Ingestor) follow(ctx context.Context, s Source, among int) {
	// At the start many are due: they begin within the time that all need.
	delay := time.Duration(rand.Int64N(int64(min(time.Duration(among)*20*time.Millisecond, time.Minute)) + 1))
	for sleep(ctx, delay) {
		delay = i.turn(ctx, s)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// turn polls s if it is due and nobody else does, and returns when to look
// again.
func (i *Ingestor) turn(ctx context.Context, s Source) time.Duration {
	if i.Door.Full != nil && i.Door.Full() {
		return fullWait
	}
	st, rev, err := i.States.Get(ctx, s.key())
	if err != nil {
		return i.trouble(ctx, "the state of a source cannot be read", s, err)
	}
	st = s.suited(st)
	now := i.now()
	switch {
	case !st.Gone.IsZero():
		return goneWait
	case now.Before(st.Next) && !now.Before(st.Tried.Add(-leaseTime)): // else the clock was set back
		return st.Next.Sub(now) + i.offset(s, st)
	case st.Owner != i.Name && now.Before(st.Until) && st.Until.Sub(now) <= 2*leaseTime:
		return st.Until.Sub(now) + i.offset(s, st)
	}
	if !st.Next.IsZero() {
		i.Metrics.late(now.Sub(st.Next))
	}
	l := &lease{states: i.States, key: s.key(), rev: rev, name: i.Name, now: i.now}
	if err := l.take(ctx, st); err != nil {
		if !errors.Is(err, ErrConflict) {
			return i.trouble(ctx, "a source cannot be leased", s, err)
		}
		return i.offset(s, st) + time.Second
	}
	return i.leased(ctx, s, st, l)
}

// leased polls s under a lease, and writes down what was learnt.
func (i *Ingestor) leased(ctx context.Context, s Source, st State, l *lease) time.Duration {
	start, before := i.now(), st
	bounded, cancel := context.WithTimeoutCause(ctx, pollTime, errPollTime)
	defer cancel()
	stop := l.keep(bounded, cancel)
	r, err := i.poll(bounded, s, &st)
	stop()
	after := context.WithoutCancel(ctx)
	switch {
	case l.lost: // another polls it now
		return leaseTime
	case errors.Is(err, errPollTime):
		r = result{outcome: pollFailed, err: err}
	case err != nil:
		_ = l.give(after, before) // else it runs out
		return max(i.trouble(ctx, "a poll was broken off", s, err), delayOf(err))
	}
	st.polled(s, r, start, i.now())
	i.told(s, before, st, r)
	if err := l.give(after, st); err != nil {
		return i.trouble(ctx, "the state of a source cannot be written", s, err)
	}
	if i.away.CompareAndSwap(true, false) {
		i.log().Info("articles and states can be stored again")
	}
	return st.Next.Sub(i.now()) + i.offset(s, st)
}

var errPollTime = fmt.Errorf("the poll took longer than %s", pollTime)

// trouble is with the log or the store, not with s: it is told once, and again
// when it is over. It returns when to try again.
func (i *Ingestor) trouble(ctx context.Context, what string, s Source, err error) time.Duration {
	if ctx.Err() == nil && i.away.CompareAndSwap(false, true) {
		i.log().Warn(what+"; trying again, like all others", zap.String("source", s.ID), zap.Error(err))
	}
	return storeWait
}

// offset spreads the ingestors: each comes to a source a little later than it
// is due, by an amount of its own, so that the same one does not win every
// lease, and polls do not fall on the same second.
func (i *Ingestor) offset(s Source, st State) time.Duration {
	most := min(st.wait(s, result{})/20, 5*time.Second)
	return time.Duration(xxhash.Sum64String(i.Name+"\x00"+s.ID) % uint64(most+1))
}

// told counts a poll, and says in the log what an operator would want to know:
// a change, not a state.
func (i *Ingestor) told(s Source, before, after State, r result) {
	i.Metrics.polled(r.outcome)
	log := i.log().With(zap.String("source", s.ID))
	switch {
	case r.outcome == pollGone:
		log.Warn("a source is gone for good and is not polled any more", zap.String("url", s.address(before)))
	case r.outcome == pollMoved && before.Moved == "":
		log.Warn("a source has moved to another domain: confirm it in the configuration", zap.String("to", after.Moved))
	case after.Failures == 1:
		log.Warn("a source fails", zap.Error(r.err), zap.Time("next", after.Next))
	case after.Failures == 0 && before.Failures > 0:
		log.Info("a source is back", zap.Int("failures", before.Failures))
	case !after.silentSince(after.Tried).IsZero() && before.silentSince(before.Tried).IsZero():
		log.Warn("a source has been silent for far longer than it uses to", zap.Time("since", after.silentSince(after.Tried)))
	}
	if after.URL != before.URL && after.URL != "" {
		log.Info("a source has moved within its domain; configure the new address", zap.String("to", after.URL))
	}
	i.count(s.ID, s.state(after, i.now()))
}

// count keeps the number of sources in each state; "" is a source that went.
func (i *Ingestor) count(id, state string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.turned == nil {
		i.turned = make(map[string]string)
	}
	i.Metrics.turned(i.turned[id], state)
	if i.turned[id] = state; state == "" {
		delete(i.turned, id)
	}
}

func (i *Ingestor) now() time.Time {
	if i.Now != nil {
		return i.Now()
	}
	return time.Now()
}

func (i *Ingestor) log() *zap.Logger {
	if i.Log != nil {
		return i.Log
	}
	return zap.NewNop()
}
