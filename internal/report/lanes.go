package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// lane is what one watch did. Alerts that lived at the same time stand in rows
// above each other.
type lane struct {
	Watch string
	Y     float64
	High  int
	// Mid is the middle of the lane, MissY where its near misses stand: there,
	// or beneath the alerts of a lane of several rows.
	Mid   float64
	MissY float64
	Lives []bar
	Marks []mark
}

// The measures of a row in a lane, and how many there are at most; beyond, the
// louder alert lies over the other.
const (
	rowHigh  = 10
	mostRows = 4
)

func newLane(r Row, misses []Miss, s scale, end time.Time, y int) lane {
	out := lane{Watch: r.Watch, Y: float64(y), Marks: crowded(misses, r.Watch, s)}
	rows := pack(r.lives, s, end)
	n := 1
	for _, row := range rows {
		n = max(n, row+1)
	}
	out.High = laneHigh + (n-1)*rowHigh
	high := float64(laneHigh - 10)
	if n > 1 {
		high = rowHigh - 2
		if len(out.Marks) > 0 {
			out.High += rowHigh
		}
	}
	out.Mid = float64(y) + float64(out.High)/2
	out.MissY = out.Mid
	if n > 1 {
		out.MissY = float64(y + out.High - rowHigh)
	}
	for i, x := range r.lives {
		top := float64(y + 5)
		if n > 1 {
			top = float64(y+6) + float64(rows[i]*rowHigh)
		}
		for _, p := range x.spans(end) {
			from := s.x(p.from)
			out.Lives = append(out.Lives, bar{
				from, top, max(3, round1(s.x(p.to)-from)), high, p.level,
				fmt.Sprintf("%s — %s, %s from %s", x.Last.Headline, x.Watch, p.level, p.from.UTC().Format("2 Jan 15:04")), x.ID,
			})
		}
	}
	slices.SortStableFunc(out.Lives, func(a, b bar) int { return cmp.Compare(events.LevelRank(a.Level), events.LevelRank(b.Level)) })
	return out
}

// pack gives each alert the first row that is free while it lives.
func pack(lives []*Life, s scale, end time.Time) []int {
	rows := make([]int, len(lives))
	var free []float64 // where each row is free again
	for i, x := range lives {
		until := end
		if !x.Ended().IsZero() {
			until = x.Ended()
		}
		from, to := s.x(x.Opened), max(s.x(until), s.x(x.Opened)+3)
		at := slices.IndexFunc(free, func(to float64) bool { return to <= from })
		switch {
		case at >= 0:
			free[at] = to
		case len(free) < mostRows:
			at, free = len(free), append(free, to)
		default:
			at = 0
			free[0] = max(free[0], to)
		}
		rows[i] = at
	}
	return rows
}
