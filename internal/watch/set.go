package watch

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Set is watches compiled into one index. It may be used from many goroutines;
// a change counts whole or not at all.
type Set struct {
	mu      sync.RWMutex
	reader  query.Reader
	index   *query.Index
	watches map[query.Handle]*Watch
	handles map[string]query.Handle
}

// NewSet compiles watches. Their names must differ.
func NewSet(ws []Watch) (*Set, error) {
	s := new(Set)
	return s, s.Replace(ws)
}

// Replace takes ws in place of all watches. On an error the old ones stay.
func (s *Set) Replace(ws []Watch) error {
	index, watches, handles := new(query.Index), make(map[query.Handle]*Watch, len(ws)), make(map[string]query.Handle, len(ws))
	for i := range ws {
		w := ws[i]
		if err := w.usable(); err != nil {
			return err
		}
		if _, twice := handles[w.Name]; twice {
			return fmt.Errorf("watch %q stands twice: give each its own name", w.Name)
		}
		h := index.Add(w.Query)
		watches[h], handles[w.Name] = &w, h
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index, s.watches, s.handles = index, watches, handles
	return nil
}

// Put adds w, or takes it in place of the watch of its name. On an error the
// old one stays.
func (s *Set) Put(w Watch) error {
	if err := w.usable(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		s.index, s.watches, s.handles = new(query.Index), make(map[query.Handle]*Watch), make(map[string]query.Handle)
	}
	s.drop(w.Name)
	h := s.index.Add(w.Query)
	s.watches[h], s.handles[w.Name] = &w, h
	return nil
}

// Remove forgets a watch; it reports whether it was there.
func (s *Set) Remove(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drop(name)
}

func (s *Set) drop(name string) bool {
	h, ok := s.handles[name]
	if ok {
		s.index.Remove(h)
		delete(s.handles, name)
		delete(s.watches, h)
	}
	return ok
}

// Get gives the watch of a name.
func (s *Set) Get(name string) (*Watch, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	h, ok := s.handles[name]
	return s.watches[h], ok
}

// Watches lists all watches by name.
func (s *Set) Watches() []Watch {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Watch, 0, len(s.handles))
	for _, name := range slices.Sorted(maps.Keys(s.handles)) {
		out = append(out, *s.watches[s.handles[name]])
	}
	return out
}

// View reads an article for [Set.Match].
func (s *Set) View(e *events.Enriched, doc token.Doc, src query.Source) *query.View {
	return s.reader.View(e, doc, src)
}

// Hit is a watch that an article matches.
type Hit struct {
	Watch *Watch
	view  *query.View
}

// Evidence gives the terms that matched, and their words in the article.
func (h Hit) Evidence() []query.Evidence { return h.Watch.Query.Explain(h.view).Evidence }

// Match gives the watches that the article matches, by name.
func (s *Set) Match(v *query.View) []Hit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.index == nil {
		return nil
	}
	var few [16]query.Handle
	found := s.index.Match(few[:0], v)
	if len(found) == 0 {
		return nil
	}
	out := make([]Hit, 0, len(found))
	for _, h := range found {
		out = append(out, Hit{Watch: s.watches[h], view: v})
	}
	slices.SortFunc(out, func(a, b Hit) int { return cmp.Compare(a.Watch.Name, b.Watch.Name) })
	return out
}

func (w *Watch) usable() error {
	switch {
	case w.Name == "":
		return errors.New("watch has no name")
	case w.Query == nil:
		return fmt.Errorf("watch %q has no query", w.Name)
	case w.Query.Broad():
		return fmt.Errorf("watch %q asks for nothing: say what must be there, beside NOT", w.Name)
	}
	return nil
}
