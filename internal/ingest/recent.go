package ingest

import (
	"sync"
	"time"
)

// recent remembers ids that are known for certain, so that a feed polled every
// minute does not ask for the same fifty records each time. What is known stays
// known; it forgets by half when it is full or a day old.
type recent struct {
	mu       sync.Mutex
	old, now map[string]struct{}
	since    time.Time
}

const (
	recentSize = 1 << 15
	recentAge  = 24 * time.Hour
)

func (r *recent) has(id string, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(at)
	if _, ok := r.now[id]; ok {
		return true
	}
	_, ok := r.old[id]
	return ok
}

func (r *recent) add(id string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(at)
	r.now[id] = struct{}{}
}

func (r *recent) turn(at time.Time) {
	age := at.Sub(r.since)
	if r.now == nil || len(r.now) >= recentSize || age > recentAge || age < -recentAge {
		r.old, r.now, r.since = r.now, make(map[string]struct{}), at
	}
}
