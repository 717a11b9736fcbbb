package notify

import (
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// level is the highest level of what waits in the item's thread: when an alert
// rises above what was snoozed, all that waits of it goes.
func (q *queue) level(it item) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	top := it.level
	if t := q.threads[it.thread]; t != nil {
		for _, w := range t.waiting {
			if events.LevelRank(w.level) > events.LevelRank(top) {
				top = w.level
			}
		}
	}
	return top
}

// hold puts off the item's whole thread until then.
func (q *queue) hold(it item, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.threads[it.thread]
	if t == nil {
		return
	}
	for i := range t.waiting {
		if w := &t.waiting[i]; w.notBefore.Before(until) {
			w.notBefore = until
		}
	}
}

// release takes back what was put off of the alert.
func (q *queue) release(alertID string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.threads[alertID]
	if t == nil {
		return
	}
	for i := range t.waiting {
		t.waiting[i].notBefore = t.waiting[i].base
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
