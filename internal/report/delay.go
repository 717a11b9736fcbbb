package report

import (
	"fmt"
	"time"
)

// The measures of what is drawn of the plain rule: its firings on a line, and
// under it how much earlier or later each alert came.
const (
	besideHigh = 92
	firingsY   = 11
	leadsY     = 54 // where a lead is none
	leadsHigh  = 30 // of the longest lead, up or down
	longest    = 24 * time.Hour
)

// besideChart is the plain rule on the timeline.
type besideChart struct {
	Y        float64 // its top
	FiringsY float64
	ZeroY    float64
	Firings  []firing
	Leads    []leadBar
}

type firing struct {
	X    float64
	Told bool
	Say  string
}

// leadBar stands above the line where the alert came first, below it where the
// rule did.
type leadBar struct {
	X, Y, H  float64
	Earlier  bool
	Say, For string
}

// besideChart is nil when the plain rule did not run.
func (l *Log) besideChart(s scale, y int) *besideChart {
	if l.plain == nil {
		return nil
	}
	b := &besideChart{Y: float64(y), FiringsY: float64(y + firingsY), ZeroY: float64(y + leadsY)}
	leads, told := l.leads()
	for i, f := range l.plain.firings {
		say := "no alert tells of it"
		if told[i] {
			say = "an alert tells of it"
		}
		b.Firings = append(b.Firings, firing{s.x(f.At), told[i], fmt.Sprintf("%s: “%s” (%s)", f.At.UTC().Format("2 Jan 15:04"), f.Word, say)})
	}
	for _, x := range l.order {
		d, ok := leads[x.ID]
		if !ok {
			continue
		}
		high := max(2, round1(leadsHigh*float64(min(longest, max(d, -d)))/float64(longest)))
		bar := leadBar{X: s.x(x.Opened), Y: b.ZeroY - high, H: high, Earlier: true, For: x.ID}
		switch {
		case d < 0:
			bar.Y, bar.Earlier = b.ZeroY, false
			bar.Say = short(-d) + " after the rule"
		case d == 0:
			bar.Say = "together with the rule"
		default:
			bar.Say = short(d) + " before the rule"
		}
		bar.Say = x.Last.Headline + " — " + bar.Say
		b.Leads = append(b.Leads, bar)
	}
	return b
}
