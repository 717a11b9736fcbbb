package ingest

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// mark writes the records of what was published, and of duplicates that had
// something to tell. Records that speak of news that was not published are
// left. First come the words and the ids, by which an article is found at another
// address, then the addresses, with which it is marked: a death in between leaves an
// article that is not marked, and never one that is marked by half.
func (r *round) mark(ctx context.Context, published int) error {
	left := map[string]bool{"": true}
	for n, c := range r.news {
		if n >= published || r.results[c.n].Outcome == Rejected {
			left[c.address], left[c.words], left[c.given], left[c.link] = true, true, true, true
		}
	}
	words := map[string]bool{}
	for _, c := range r.all {
		words[c.words], words[c.given] = true, true
	}
	failed, _ := r.write(ctx, func(k string) bool { return words[k] && !left[k] })
	for _, c := range r.news[:published] {
		if failed[c.words] != nil || failed[c.given] != nil {
			left[c.address], left[c.link] = true, true
		}
	}
	more, others := r.write(ctx, func(k string) bool { return !words[k] && !left[k] })

	var all []error
	for _, c := range r.news[:published] {
		result := &r.results[c.n]
		switch err := errors.Join(failed[c.words], failed[c.given], more[c.address]); {
		case result.Outcome != Accepted:
		case err != nil:
			*result = Result{}
			all = append(all, err)
		case left[c.address]:
			*result = Result{}
		case others[written{c.address, c.article.ID}]:
			result.Outcome = Duplicate
		default:
			r.door.cache.add(c.version, c.article.FetchedAt)
		}
	}
	return errors.Join(all...)
}

// written is an id under a key.
type written struct{ key, id string }

// write writes the changed records that which chooses, side by side. It returns
// the keys that failed, and what somebody else had written of ours before.
func (r *round) write(ctx context.Context, which func(key string) bool) (failed map[string]error, others map[written]bool) {
	failed, others = map[string]error{}, map[written]bool{}
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(side)
	for k, e := range r.keys {
		if !e.dirty || !which(k) {
			continue
		}
		g.Go(func() error {
			theirs, err := e.write(ctx, r.door.Seen, k)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed[k] = err
			}
			for _, id := range theirs {
				others[written{k, id}] = true
			}
			return nil
		})
	}
	_ = g.Wait() // the errors are in failed
	return failed, others
}

// write writes the record. When somebody else has written in between, what
// they wrote is kept and ours put behind it; theirs are the ids of ours that
// they had marked.
func (e *entry) write(ctx context.Context, seen Store[Record], k string) (theirs []string, err error) {
	for {
		_, err := seen.Put(ctx, k, e.rec, e.rev)
		if !errors.Is(err, ErrConflict) {
			return theirs, err
		}
		if e.rec, e.rev, err = seen.Get(ctx, k); err != nil {
			return theirs, err
		}
		theirs, e.dirty = nil, false
		for _, v := range e.added {
			if e.rec.has(v.ID) {
				theirs = append(theirs, v.ID)
				continue
			}
			e.rec, e.dirty = e.rec.with(v), true
		}
		if !e.dirty {
			return theirs, nil
		}
	}
}
