package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// The timeline's measures, in the units of its drawing.
const (
	chartWide = 1000
	labelWide = 170
	// marginWide is room for marks of the last day.
	marginWide = 8
	barsHigh   = 110
	laneHigh   = 22
	axisHigh   = 26
)

// chart is the timeline: bars of alerts by day and level, and a lane a watch.
type chart struct {
	High, BarsHigh, LanesTop int
	TickY                    int
	Unit                     string // what a bar is
	Most                     int
	Bars                     []bar
	Lanes                    []lane
	Ticks                    []tick
	Loud                     []mark
	LoudY                    float64
	// Beside is the plain rule beneath the bars, where it ran.
	Beside *besideChart
}

type bar struct {
	X, Y, W, H float64
	Level, Say string
	Link       string // the alert's id, in a lane
}

type mark struct {
	X, R float64
	Say  string
}

type tick struct {
	X     float64
	Label string
}

// scale turns a time into a place.
type scale struct{ from, to time.Time }

func (s scale) x(t time.Time) float64 {
	share := float64(t.Sub(s.from)) / float64(s.to.Sub(s.from))
	return round1(labelWide + min(1, max(0, share))*(chartWide-labelWide-marginWide))
}

func round1(x float64) float64 { return math.Round(10*x) / 10 }

func (l *Log) chart(rows []Row, misses []Miss) chart {
	if l.articles == 0 {
		return chart{}
	}
	step, unit := 24*time.Hour, "day"
	switch days := l.Days(); {
	case days <= 4:
		step, unit = time.Hour, "hour"
	case days > 400:
		step, unit = 7*24*time.Hour, "week"
	}
	from := l.first.UTC().Truncate(24 * time.Hour)
	s := scale{from, l.last.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)}
	c := chart{Unit: unit, BarsHigh: barsHigh, TickY: barsHigh + 15}
	c.bars(l.order, s, step)
	at := barsHigh + axisHigh
	if c.Beside = l.besideChart(s, at); c.Beside != nil {
		at += besideHigh
	}
	c.LoudY = float64(at + laneHigh/2)
	at += laneHigh
	c.LanesTop = at
	for _, r := range rows {
		n := newLane(r, misses, s, l.last, at)
		c.Lanes = append(c.Lanes, n)
		at += n.High
	}
	c.High = at + 8
	c.ticks(s)
	c.loud(l.bursts, s)
	return c
}

// bars stacks the alerts that opened in each step of time.
func (c *chart) bars(lives []*Life, s scale, step time.Duration) {
	n := int((s.to.Sub(s.from) + step - 1) / step)
	counts := make([]map[string]int, n)
	for _, x := range lives {
		i := min(n-1, max(0, int(x.Opened.Sub(s.from)/step)))
		if counts[i] == nil {
			counts[i] = map[string]int{}
		}
		counts[i][x.Level]++
		c.Most = max(c.Most, counts[i][events.Info]+counts[i][events.Elevated]+counts[i][events.High]+counts[i][events.Critical])
	}
	wide := float64(chartWide-labelWide-marginWide) / float64(n)
	for i, by := range counts {
		top := float64(barsHigh)
		at := s.from.Add(time.Duration(i) * step)
		for _, level := range levels {
			if by[level] == 0 {
				continue
			}
			h := float64(by[level]) / float64(max(c.Most, 3)) * (barsHigh - 14)
			top -= h
			c.Bars = append(c.Bars, bar{
				X: s.x(at), Y: round1(top), W: round1(max(1.5, min(wide*0.85, 40))), H: round1(h), Level: level,
				Say: fmt.Sprintf("%s from %s: %d %s", c.Unit, at.Format("2 Jan 2006 15:04"), by[level], level),
			})
		}
	}
}

// crowded marks the near misses of a watch; those that would lie on each other
// become one, larger mark.
func crowded(misses []Miss, of string, s scale) []mark {
	var out []mark
	n := 0
	for _, m := range misses {
		if m.Watch != of {
			continue
		}
		x := s.x(m.At)
		if last := len(out) - 1; last >= 0 && x-out[last].X < 8 {
			n++
			out[last].R = round1(min(8, 2.5+math.Sqrt(float64(n))))
			out[last].Say = fmt.Sprintf("%d near misses, the latest: %s — %s", n, m.Headline, m.Lacks)
			continue
		}
		n = 1
		out = append(out, mark{x, 3.5, fmt.Sprintf("nearly: %s — %s", m.Headline, m.Lacks)})
	}
	return out
}

// ticks labels days, months or quarters, as many as fit.
func (c *chart) ticks(s scale) {
	months, days, form := 0, 1, "2 Jan"
	switch n := s.to.Sub(s.from).Hours() / 24; {
	case n > 900:
		months, days, form = 6, 0, "Jan 2006"
	case n > 100:
		months, days, form = 1, 0, "Jan 06"
	case n > 12:
		days = 7
	}
	at := s.from
	if months > 0 {
		at = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, months, 0)
	}
	for ; at.Before(s.to); at = at.AddDate(0, months, days) {
		c.Ticks = append(c.Ticks, tick{s.x(at), at.Format(form)})
	}
}

// loud marks the days with bursts: the more of them, the larger.
func (c *chart) loud(bursts []Burst, s scale) {
	most := 1
	days := map[time.Time]int{}
	for _, b := range bursts {
		days[b.At]++
		most = max(most, days[b.At])
	}
	for i := 0; i < len(bursts); {
		j := i
		for j < len(bursts) && bursts[j].At.Equal(bursts[i].At) {
			j++
		}
		var keys []string
		for _, b := range bursts[i:min(j, i+4)] {
			keys = append(keys, b.Key)
		}
		c.Loud = append(c.Loud, mark{
			s.x(bursts[i].At), round1(1 + 8*math.Sqrt(float64(j-i)/float64(max(most, 8)))),
			fmt.Sprintf("%s: %s louder than usual: %s", bursts[i].At.UTC().Format("2 Jan 2006"), count(j-i, "series"), strings.Join(keys, ", ")),
		})
		i = j
	}
}
