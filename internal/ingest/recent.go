package ingest

import (
	"sync"
	"time"
)

// recent remembers offers that are known for certain, so that a feed polled
// every minute does not ask for the same fifty records each time. What is known
// from one teller stays known from him, and says nothing of another. It forgets
// by half when it is full or a day old.
type recent struct {
	mu       sync.Mutex
	old, now map[telling]struct{}
	since    time.Time
}

// telling is an article's id and words, and who tells of it.
type telling struct {
	id, by      string
	title, text uint64
}

func (v Version) telling() telling { return telling{v.ID, v.By, v.Title, v.Text} }

const (
	recentSize = 1 << 15
	recentAge  = 24 * time.Hour
)

func (r *recent) has(v Version, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(at)
	if _, ok := r.now[v.telling()]; ok {
		return true
	}
	_, ok := r.old[v.telling()]
	return ok
}

func (r *recent) add(v Version, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(at)
	r.now[v.telling()] = struct{}{}
}

func (r *recent) turn(at time.Time) {
	age := at.Sub(r.since)
	if r.now == nil || len(r.now) >= recentSize || age > recentAge || age < -recentAge {
		r.old, r.now, r.since = r.now, make(map[telling]struct{}), at
	}
}
