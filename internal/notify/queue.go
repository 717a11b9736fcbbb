package notify

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// queue is the order of one channel's outbox: what leaves next, and when. It
// keeps some 200 bytes a message; the messages themselves stay in the outbox.
type queue struct {
	mu      sync.Mutex
	threads map[string]*thread
	keys    map[string]bool
	wake    chan struct{} // has one element when something was added
}

// thread is what waits of one alert, in the order of its versions.
type thread struct {
	waiting []item
	retryAt time.Time                   // no try before it
	pace    *backoff.ExponentialBackOff // set while the first fails
}

// item is an entry's place in the order.
type item struct {
	key       string
	thread    string
	seq       uint64
	version   int
	state     string
	level     string
	queued    time.Time // as the outbox has it
	added     time.Time // to this queue
	base      time.Time // what its subscription asks for
	notBefore time.Time // base, or later by a snooze
	tries     int
	first     time.Time // the first try of this run
}

func newQueue() *queue {
	return &queue{threads: map[string]*thread{}, keys: map[string]bool{}, wake: make(chan struct{}, 1)}
}

// add puts e in its place; an entry that is there already stays as it is.
func (q *queue) add(e Entry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.keys[e.Key] {
		return
	}
	q.keys[e.Key] = true
	id := e.thread()
	t := q.threads[id]
	if t == nil {
		t = &thread{}
		q.threads[id] = t
	}
	it := item{
		key: e.Key, thread: id, seq: e.Seq, version: e.Alert.Version, state: e.Alert.State, level: e.Alert.Level,
		queued: e.Queued, added: time.Now(), base: e.NotBefore, notBefore: e.NotBefore,
	}
	at, _ := slices.BinarySearchFunc(t.waiting, it, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.seq, b.seq))
	})
	t.waiting = slices.Insert(t.waiting, at, it)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// has reports whether something of the alert waits.
func (q *queue) has(alertID string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.threads[alertID] != nil
}

// next is the item that leaves now, or else how long until one may; false and
// a wait of 0 when nothing waits at all. Among the threads that are due, the
// one whose first item is oldest in the alert stream goes first. failed is when
// the channel last did not get through.
//
// superseded are the items whose place it takes: they stay until they are done
// or it is.
func (q *queue) next(now, failed time.Time) (it item, found bool, superseded []item, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var first *thread
	for _, t := range q.threads {
		due := t.due()
		if due.After(now) {
			if d := due.Sub(now); wait == 0 || d < wait {
				wait = d
			}
			continue
		}
		if first == nil || t.waiting[0].seq < first.waiting[0].seq {
			first = t
		}
	}
	if first == nil {
		return item{}, false, nil, wait
	}
	old := first.stale(failed)
	return first.waiting[old], true, slices.Clone(first.waiting[:old]), 0
}

// due is when the thread may leave: when any of its items may, because those
// ahead of it go first; and not before a failed one is tried again.
func (t *thread) due() time.Time {
	due := t.waiting[0].notBefore
	for _, it := range t.waiting[1:] {
		if it.notBefore.Before(due) {
			due = it.notBefore
		}
	}
	if t.retryAt.After(due) {
		return t.retryAt
	}
	return due
}

// stale is how many leading updates have a newer version behind them that
// takes their place, because they have been waiting: held back, or there when
// the channel last failed.
func (t *thread) stale(failed time.Time) int {
	n := 0
	for n+1 < len(t.waiting) && t.waiting[n].state == events.Updated {
		if it := t.waiting[n]; it.notBefore.IsZero() && it.added.After(failed) {
			break
		}
		n++
	}
	return n
}

// supersede takes old out; by, which takes its place, has waited for both.
func (q *queue) supersede(old, by item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.keys, old.key)
	t, i := q.find(old)
	if t == nil {
		return
	}
	t.waiting = slices.Delete(t.waiting, i, i+1)
	if t, i := q.find(by); t != nil {
		w := &t.waiting[i]
		w.base, w.notBefore = earlier(old.base, w.base), earlier(old.notBefore, w.notBefore)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// done takes the item out: it has come to an end.
func (q *queue) done(it item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.keys, it.key)
	t, i := q.find(it)
	if t == nil {
		return
	}
	t.waiting = slices.Delete(t.waiting, i, i+1)
	t.pace, t.retryAt = nil, time.Time{}
	if len(t.waiting) == 0 {
		delete(q.threads, it.thread)
	}
}

// retry counts a failed try of the item. Its thread rests: longer each time,
// and as long as was asked for at least.
func (q *queue) retry(it item, now time.Time, asked time.Duration) (at time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t, i := q.find(it)
	if t == nil {
		return now
	}
	if t.pace == nil {
		t.pace = pace()
	}
	w := &t.waiting[i]
	if w.tries++; w.first.IsZero() {
		w.first = now
	}
	t.retryAt = now.Add(max(asked, t.pace.NextBackOff()))
	return t.retryAt
}

// rest lets the item's thread rest until at, without counting a failure.
func (q *queue) rest(it item, at time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t, _ := q.find(it); t != nil {
		t.retryAt = at
	}
}

func (q *queue) find(it item) (*thread, int) {
	t := q.threads[it.thread]
	if t == nil {
		return nil, 0
	}
	i := slices.IndexFunc(t.waiting, func(w item) bool { return w.key == it.key })
	if i < 0 {
		return nil, 0
	}
	return t, i
}

// pace is the rest between tries: about 1 s, 2 s, 4 s … 5 min, each half as
// much shorter or longer by chance, so that many do not come back at once.
func pace() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.Multiplier, b.MaxInterval, b.RandomizationFactor = time.Second, 2, 5*time.Minute, 0.5
	return b
}

// waiting is how many items wait, and since when the oldest does.
func (q *queue) waiting() (count int, oldest time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range q.threads {
		for _, it := range t.waiting {
			if count++; oldest.IsZero() || it.queued.Before(oldest) {
				oldest = it.queued
			}
		}
	}
	return count, oldest
}
