package detect

import (
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// leap is how far one publisher's own date may move the stream's time alone.
const leap = 6 * time.Hour

// clock is the stream's time. It moves with the times of fetching, which are
// ours. Where there are none (a backtest), publishers' dates move it, and a
// leap must be confirmed by a second source or a third article.
type clock struct {
	now  time.Time
	leap time.Time // a leap not confirmed yet
	from string    // the source that made it
	seen int       // how often
}

// move takes an article's time into account, and returns the time at which it
// counts: its own, held to the past of the stream's time.
func (c *clock) move(a events.Article) time.Time {
	t := a.StreamTime().UTC()
	if t.Before(time.Unix(0, 0)) {
		t = time.Unix(0, 0).UTC()
		if !c.now.IsZero() {
			t = c.now
		}
	}
	switch {
	case c.now.IsZero() || !a.FetchedAt.IsZero():
	case t.Sub(c.now) > leap && !c.confirmed(t, a.Source):
		return c.now
	}
	if t.After(c.now) {
		c.now = t
	}
	return t
}

// confirmed reports whether others have seen the time leap too. It leaps to
// the earliest of what they say.
func (c *clock) confirmed(t time.Time, source string) bool {
	if c.leap.IsZero() || c.leap.Before(c.now) {
		c.leap, c.from, c.seen = t, source, 1
		return false
	}
	if t.Before(c.leap) {
		c.leap = t
	}
	c.seen++
	if source == c.from && c.seen < 3 {
		return false
	}
	c.now, c.leap = c.leap, time.Time{}
	return t.Sub(c.now) <= leap
}

// memory is which articles were seen within the window.
type memory struct {
	known map[uint64]struct{}
	queue []glimpse // in the order of being seen
}

type glimpse struct {
	Key uint64
	At  int64 // seconds since 1970
}

func (m *memory) has(id string) bool {
	_, ok := m.known[xxhash.Sum64String(id)]
	return ok
}

func (m *memory) add(id string, now time.Time) {
	if m.known == nil {
		m.known = map[uint64]struct{}{}
	}
	k := xxhash.Sum64String(id)
	m.known[k] = struct{}{}
	m.queue = append(m.queue, glimpse{k, now.Unix()})
	// An article older than the window is turned away by its time, so that it
	// need not be remembered longer than that.
	limit := now.Add(-2 * story.Window).Unix()
	n := 0
	for n < len(m.queue) && m.queue[n].At < limit {
		delete(m.known, m.queue[n].Key)
		n++
	}
	m.queue = m.queue[n:]
}
