package ingest

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// mark writes the records of what was published, and of duplicates that had
// something to tell. Records that speak of news that was not published are
// left. An article is marked when the record of its address is; the others only
// help to find it again.
func (r *round) mark(ctx context.Context, published int) error {
	left := map[string]bool{}
	for _, c := range r.news[published:] {
		left[c.address], left[c.words], left[c.link] = true, true, true
	}
	var mu sync.Mutex
	failed := map[string]error{}
	others := map[[2]string]bool{} // key and id that somebody else has marked
	var g errgroup.Group
	g.SetLimit(side)
	for k, e := range r.keys {
		if !e.dirty || left[k] {
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
				others[[2]string{k, id}] = true
			}
			return nil
		})
	}
	_ = g.Wait() // errors are in failed
	var all []error
	for _, c := range r.news[:published] {
		result := &r.results[c.n]
		switch err := failed[c.address]; {
		case result.Outcome != Accepted:
		case err != nil:
			*result = Result{}
			all = append(all, err)
		case left[c.address]:
			*result = Result{}
		case others[[2]string{c.address, c.article.ID}]:
			result.Outcome = Duplicate
		default:
			r.door.cache.add(c.article.ID, c.article.FetchedAt)
		}
	}
	return errors.Join(all...)
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
