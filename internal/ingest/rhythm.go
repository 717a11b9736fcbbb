package ingest

import (
	"math"
	"time"
)

// Rhythm learns how often a source has something new. It keeps a count of new
// items and the time in which they came, both forgotten by half in a day, so
// that their ratio is the source's present rate.
type Rhythm struct {
	Count float64 `json:"count"`
	// Span is in seconds.
	Span float64 `json:"span"`
}

// Bounds of a learned interval.
const (
	leastEvery = time.Minute
	mostEvery  = time.Hour
	// startEvery is the interval before anything is known.
	startEvery = 10 * time.Minute
	halfLife   = 24 * time.Hour
)

// Observe takes in that n new items came in d.
func (r *Rhythm) Observe(n int, d time.Duration) {
	if d <= 0 {
		return
	}
	keep := math.Exp2(-d.Hours() / halfLife.Hours())
	r.Count = r.Count*keep + float64(n)
	r.Span = r.Span*keep + d.Seconds()
}

// PerSecond is the present rate. Half an item in the starting interval is
// added to what was observed, so that silence is not taken for death at once.
func (r Rhythm) PerSecond() float64 {
	return (r.Count + 0.5) / (r.Span + startEvery.Seconds())
}

// Every is the interval in which half a new item is expected: with it, news
// waits about a fifth of the source's own gap, and polls that find nothing are
// fewer than two in three.
func (r Rhythm) Every() time.Duration {
	every := time.Duration(0.5 / r.PerSecond() * float64(time.Second))
	return min(max(every, leastEvery), mostEvery).Round(time.Second)
}

// silentFor is after how long without news a source that has this rhythm is
// called silent: ten of its gaps, a day at least, so that nights and week-ends
// of a small desk do not count.
func (r Rhythm) silentFor() time.Duration {
	gap := time.Duration(10 / r.PerSecond() * float64(time.Second))
	return min(max(gap, 24*time.Hour), 30*24*time.Hour)
}
