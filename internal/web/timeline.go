package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// The timeline's measures, in the units of its drawing.
const (
	lineWide  = 900
	labelWide = 84
	lifeHigh  = 26
	stepsHigh = 84
	laneHigh  = 24
	axisHigh  = 22
)

// timeline is an alert over time: the level of each of its versions, how many
// independent origins there were, and its articles in a lane a language.
type timeline struct {
	High, LanesTop, AxisY int
	Spans                 []span
	Marks                 []tick
	Steps, Area           string // points of the line of origins
	Most                  int
	Lanes                 []lane
	Ticks                 []tick
	Say                   string
}

type span struct {
	X, W       float64
	Level, Say string
}

type tick struct {
	X     float64
	Label string
}

type lane struct {
	Y    int
	Name string
	Dots []dot
}

type dot struct {
	X      float64
	Counts bool
	ID     string
	Say    string
}

// drawn turns times into places.
type drawn struct{ from, to time.Time }

func (d drawn) x(t time.Time) float64 {
	share := float64(t.Sub(d.from)) / float64(d.to.Sub(d.from))
	return math.Round(10*(labelWide+min(1, max(0, share))*(lineWide-labelWide-8))) / 10
}

// draw draws an explanation; a life of less than an hour is drawn as an hour.
func draw(e Explanation) timeline {
	var times []time.Time
	for _, g := range e.Articles {
		times = append(times, g.at())
	}
	for _, v := range e.Versions {
		times = append(times, v.At)
	}
	times = slices.DeleteFunc(times, time.Time.IsZero)
	if len(times) == 0 {
		return timeline{}
	}
	d := drawn{slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)}
	if least := time.Hour - d.to.Sub(d.from); least > 0 {
		d.from, d.to = d.from.Add(-least/2), d.to.Add(least/2)
	}
	pad := d.to.Sub(d.from) / 50
	d.from, d.to = d.from.Add(-pad), d.to.Add(pad)
	t := timeline{LanesTop: lifeHigh + stepsHigh + 10}
	t.lives(e.Versions, d)
	t.origins(e.Articles, d)
	t.lanes(e.Articles, d)
	t.AxisY = t.LanesTop + laneHigh*len(t.Lanes)
	t.High = t.AxisY + axisHigh
	t.ticks(d)
	t.Say = fmt.Sprintf("Timeline from %s to %s: %s in %s; %s", d.from.UTC().Format("2 Jan 15:04"), d.to.UTC().Format("2 Jan 15:04"),
		count(len(e.Articles), "article"), count(len(t.Lanes), "language"), count(len(e.Versions), "version"))
	return t
}

// at is when the article came: the stream's time, else its own date.
func (g Grounds) at() time.Time {
	if g.FetchedAt.IsZero() {
		return g.PublishedAt
	}
	return g.FetchedAt
}

// lives is the bar of levels, and a mark a version.
func (t *timeline) lives(vs []Version, d drawn) {
	for i, v := range vs {
		t.Marks = append(t.Marks, tick{d.x(v.At), fmt.Sprintf("version %d, %s at %s: %s", v.Version, v.State, v.At.UTC().Format("2 Jan 15:04"), v.Changed)})
		if v.State == events.Resolved {
			continue
		}
		to := d.to
		if i+1 < len(vs) {
			to = vs[i+1].At
		}
		from := d.x(v.At)
		t.Spans = append(t.Spans, span{from, math.Max(2, math.Round(10*(d.x(to)-from))/10), v.Level, fmt.Sprintf("%s from %s", v.Level, v.At.UTC().Format("2 Jan 15:04"))})
	}
}

// origins is the line of how many independent origins there were.
func (t *timeline) origins(articles []Grounds, d drawn) {
	var came []time.Time
	for _, g := range articles {
		if g.Counts {
			came = append(came, g.at())
		}
	}
	slices.SortFunc(came, time.Time.Compare)
	t.Most = len(came)
	if t.Most == 0 {
		return
	}
	floor := float64(lifeHigh + stepsHigh)
	y := func(n int) float64 { return math.Round(10*(floor-float64(n)*(stepsHigh-12)/float64(t.Most))) / 10 }
	var b strings.Builder
	fmt.Fprintf(&b, "%g,%g", d.x(d.from), floor)
	for i, at := range came {
		fmt.Fprintf(&b, " %g,%g %g,%g", d.x(at), y(i), d.x(at), y(i+1))
	}
	fmt.Fprintf(&b, " %g,%g", d.x(d.to), y(t.Most))
	t.Steps = b.String()
	t.Area = t.Steps + fmt.Sprintf(" %g,%g", d.x(d.to), floor)
}

// lanes are the languages in the order of their coming.
func (t *timeline) lanes(articles []Grounds, d drawn) {
	at := map[string]int{}
	for _, g := range articles {
		name := "?"
		if g.Lang != "" && g.Lang != events.Und {
			name = LanguageName(g.Lang)
		}
		i, ok := at[name]
		if !ok {
			i = len(t.Lanes)
			at[name] = i
			t.Lanes = append(t.Lanes, lane{Y: t.LanesTop + i*laneHigh + laneHigh/2, Name: name})
		}
		how := "not counted again"
		if g.Counts {
			how = "counts as " + g.Origin
		}
		t.Lanes[i].Dots = append(t.Lanes[i].Dots, dot{d.x(g.at()), g.Counts, g.ID, fmt.Sprintf("%s: %s (%s, %s)", g.at().UTC().Format("2 Jan 15:04"), g.Evidence.Title, g.Source, how)})
	}
}

// ticks labels at most eight places of the axis at round times.
func (t *timeline) ticks(d drawn) {
	const day = 24 * time.Hour
	step := 7 * day
	for _, s := range []time.Duration{10 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 4 * day} {
		if d.to.Sub(d.from) <= 8*s {
			step = s
			break
		}
	}
	form := "15:04"
	if step >= day {
		form = "2 Jan"
	}
	if whole := d.to.Sub(d.from); whole > 8*step {
		step = whole / 8
	}
	was := 0
	for at := d.from.UTC().Truncate(step).Add(step); at.Before(d.to); at = at.Add(step) {
		f := form
		if at.YearDay() != was && step < day {
			f = "2 Jan 15:04"
		}
		was = at.YearDay()
		t.Ticks = append(t.Ticks, tick{d.x(at), at.Format(f)})
	}
}
