package burst

import (
	"math"
	"time"
)

// Rhythm is how the whole stream spreads over the hours of a week, and on
// which days it was alive. The zero value is new; exported fields are its
// state.
type Rhythm struct {
	// Hours are articles by hour of the week, fading over weeks.
	Hours [168]float64
	// Alive are the articles of each day, by day modulo 64.
	Alive [64]uint32
	// Day is the latest day counted, in days since 1970; Since the first.
	Day, Since int64
}

// Add counts one article of the stream.
func (r *Rhythm) Add(at time.Time) {
	d := dayOf(at)
	if r.Since == 0 {
		r.Since, r.Day = d, d
	}
	if d > r.Day {
		for i := max(r.Day+1, d-int64(len(r.Alive))+1); i <= d; i++ {
			r.Alive[i%int64(len(r.Alive))] = 0
		}
		if d/7 > r.Day/7 {
			for i := range r.Hours {
				r.Hours[i] *= 0.8
			}
		}
		r.Day = d
	}
	if r.Day-d < int64(len(r.Alive)) {
		r.Alive[d%int64(len(r.Alive))]++
	}
	r.Hours[hourOf(at)]++
}

// hourOf is the hour of the week, from Thursday 0:00 UTC as 1970 began.
func hourOf(at time.Time) int { return int(at.Unix() / 3600 % 168) }

// alive reports whether the stream had articles on day d.
func (r *Rhythm) alive(d int64) bool {
	return d >= r.Since && d <= r.Day && r.Day-d < int64(len(r.Alive)) && r.Alive[d%int64(len(r.Alive))] > 0
}

// share is the part of a day's articles that fall into the window before now.
// Until a few weeks were seen it stays near the window's plain length.
func (r *Rhythm) share(now time.Time, window time.Duration) float64 {
	var total float64
	for _, n := range r.Hours {
		total += n
	}
	const prior = 20 // articles an hour, as if seen
	sum := 0.0
	for left, at := window.Hours(), now; left > 0; at = at.Add(-time.Hour) {
		part := math.Min(1, left)
		sum += part * (r.Hours[hourOf(at)] + prior) / (total + 168*prior) * 7
		left -= part
	}
	return sum
}

// Covered is how many of the last 28 days before now the stream was alive.
func (r *Rhythm) Covered(now time.Time) int {
	n := 0
	for d := dayOf(now) - 1; d > dayOf(now)-days; d-- {
		if r.alive(d) {
			n++
		}
	}
	return n
}

// perDay is how many articles an alive day of the last 28 had.
func (r *Rhythm) perDay(now time.Time) float64 {
	sum, n := 0.0, 0.0
	for d := dayOf(now) - 1; d > dayOf(now)-days; d-- {
		if r.alive(d) {
			sum += float64(r.Alive[d%int64(len(r.Alive))])
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
