package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/web"
)

// written is a document as its bucket has it: what people wrote, and who. One
// that was taken away leaves its revision and who did it.
type written[T any] struct {
	Value *T        `json:"value,omitempty"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at"`
}

// shelf is the documents of one kind: the configuration's, which stand first,
// and those that people write, in a bucket.
type shelf[T any] struct {
	*kept[written[T]]
	// configured are the configuration's, and where each stands; show is a
	// document as the API shows it.
	configured func() map[string]configured[T]
	show       func(T) any
	// usable is what is wrong with a document that is about to be kept.
	usable func(T) error
	// changed makes what is here count.
	changed func(ctx context.Context) error
	most    int

	mu  sync.RWMutex
	has map[string]bus.Entry[written[T]]
	// stale has one element when something changed elsewhere.
	stale chan struct{}
}

type configured[T any] struct {
	value T
	from  string
}

// openShelf opens the bucket and takes in what is there.
func openShelf[T any](ctx context.Context, s *shelf[T], b *bus.Bus, name string, log *zap.Logger) error {
	s.has, s.stale = map[string]bus.Entry[written[T]]{}, make(chan struct{}, 1)
	var err error
	if s.kept, err = keep(ctx, b, name, log, s.took); err != nil {
		return fmt.Errorf("open what people wrote: %w", err)
	}
	return s.load(ctx)
}

func (s *shelf[T]) took(e bus.Entry[written[T]]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.has[e.Key] = e; e.Deleted {
		delete(s.has, e.Key)
	}
	select {
	case s.stale <- struct{}{}:
	default:
	}
}

// follow makes changes count that another process made, until ctx ends.
func (s *shelf[T]) follow(ctx context.Context, g *errgroup.Group) {
	g.Go(func() error { return s.run(ctx, func() {}) })
	g.Go(func() error { return s.heed(ctx) })
}

func (s *shelf[T]) heed(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.stale:
		}
		if err := s.changed(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("what people wrote does not count: trying again", zap.String("bucket", s.name), zap.Error(err))
			if pause(ctx, time.Second) {
				select {
				case s.stale <- struct{}{}:
				default:
				}
			}
		}
	}
}

// values are the documents that people wrote and that count: those whose names
// the configuration does not have, by name.
func (s *shelf[T]) values(configured map[string]configured[T]) []T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []T
	for _, name := range slices.Sorted(maps.Keys(s.has)) {
		if _, stands := configured[name]; !stands && s.has[name].Value.Value != nil {
			out = append(out, *s.has[name].Value.Value)
		}
	}
	return out
}

// Documents lists all, by name.
func (s *shelf[T]) Documents() []web.Document {
	own := s.configured()
	s.mu.RLock()
	defer s.mu.RUnlock()
	names := slices.AppendSeq(slices.Collect(maps.Keys(own)), maps.Keys(s.has))
	slices.Sort(names)
	var out []web.Document
	for _, name := range slices.Compact(names) {
		if d, ok := s.document(own, name); ok {
			out = append(out, d)
		}
	}
	return out
}

// Document is the one of a name.
func (s *shelf[T]) Document(name string) (web.Document, bool) {
	own := s.configured()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.document(own, name)
}

func (s *shelf[T]) document(own map[string]configured[T], name string) (web.Document, bool) {
	if c, ok := own[name]; ok {
		return web.Document{Name: name, From: c.from, Value: s.show(c.value)}, true
	}
	e, ok := s.has[name]
	if !ok || e.Value.Value == nil {
		return web.Document{}, false
	}
	return web.Document{Name: name, Rev: e.Rev, By: e.Value.By, At: e.Value.At, Value: s.show(*e.Value.Value)}, true
}

// value is the document of a name, wherever it stands.
func (s *shelf[T]) value(name string) (v T, ok bool) {
	if c, ok := s.configured()[name]; ok {
		return c.value, true
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.has[name]
	if !ok || e.Value.Value == nil {
		return v, false
	}
	return *e.Value.Value, true
}

// set keeps v under the name of w, nil for nothing, if what is there fits and
// the whole is usable.
func (s *shelf[T]) set(ctx context.Context, w web.Writing, v *T) (doc web.Document, created bool, err error) {
	if c, ok := s.configured()[w.Name]; ok {
		return doc, false, fmt.Errorf("%s stands in %s: %w", w.Name, c.from, web.ErrReadOnly)
	}
	if v != nil {
		if err := s.usable(*v); err != nil {
			return doc, false, err
		}
	}
	for {
		now, rev, _, err := s.bucket.Get(ctx, w.Name)
		if err != nil {
			return doc, false, err
		}
		there := now.Value != nil
		was := web.Document{Name: w.Name, Rev: rev}
		switch err := w.Fits(was, there); {
		case err != nil:
			return doc, false, err
		case v == nil && !there:
			return doc, false, fmt.Errorf("%s: %w", w.Name, web.ErrAbsent)
		case v != nil && !there && s.full():
			return doc, false, fmt.Errorf("there are %d already, and no room for more: %w", s.most, web.ErrConflict)
		}
		_, err = s.put(ctx, w.Name, written[T]{v, w.By, time.Now().UTC().Truncate(time.Millisecond)}, rev)
		if errors.Is(err, bus.ErrConflict) {
			continue
		}
		if err == nil {
			err = s.changed(ctx)
		}
		doc, _ = s.Document(w.Name)
		return doc, !there, err
	}
}

func (s *shelf[T]) full() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for _, e := range s.has {
		if e.Value.Value != nil {
			n++
		}
	}
	return n >= s.most
}

// forgetGone forgets who took away what, where that was before then.
func (s *shelf[T]) forgetGone(ctx context.Context, then time.Time) {
	s.mu.RLock()
	old := map[string]uint64{}
	for name, e := range s.has {
		if e.Value.Value == nil && e.Value.At.Before(then) {
			old[name] = e.Rev
		}
	}
	s.mu.RUnlock()
	for name, rev := range old {
		if err := s.bucket.DeleteRev(ctx, name, rev); err != nil && !errors.Is(err, bus.ErrConflict) {
			s.log.Warn("what was taken away cannot be forgotten yet", zap.String("bucket", s.name), zap.String("name", name), zap.Error(err))
		}
	}
}

// Delete takes a document away.
func (s *shelf[T]) Delete(ctx context.Context, w web.Writing) error {
	_, _, err := s.set(ctx, w, nil)
	return err
}
