package notify

import (
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Health is how a channel does, for the console and for readiness.
type Health struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// Waiting is how many messages wait, the oldest since Oldest.
	Waiting int       `json:"waiting"`
	Oldest  time.Time `json:"oldest,omitzero"`
	// Up is false while the circuit breaker holds the channel back.
	Up bool `json:"up"`
	// Delivered is when a message was last taken; Failed when a try last
	// failed, with Error. Both are of this run.
	Delivered time.Time `json:"delivered,omitzero"`
	Failed    time.Time `json:"failed,omitzero"`
	Error     string    `json:"error,omitempty"`
}

// Health is how the channels do, in the order of the configuration.
func (n *Notifier) Health() []Health {
	out := make([]Health, 0, len(n.order))
	for _, name := range n.order {
		out = append(out, n.workers[name].state())
	}
	return out
}

// health is what a worker remembers of its last tries.
type health struct {
	mu                sync.Mutex
	delivered, failed time.Time
	err               error
}

func (w *worker) note(err error) {
	w.health.mu.Lock()
	defer w.health.mu.Unlock()
	if err == nil {
		w.health.delivered = time.Now().UTC()
		return
	}
	w.health.failed, w.health.err = time.Now().UTC(), err
}

func (w *worker) state() Health {
	h := Health{Name: w.opened.Name, Kind: w.opened.Kind, Up: w.breaker.State() == gobreaker.StateClosed}
	h.Waiting, h.Oldest = w.queue.waiting()
	w.health.mu.Lock()
	defer w.health.mu.Unlock()
	h.Delivered, h.Failed = w.health.delivered, w.health.failed
	if w.health.err != nil {
		h.Error = w.health.err.Error()
	}
	return h
}
