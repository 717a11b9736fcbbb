package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// Bounds of a page that a person reads.
const (
	mostAlerts = 1000
	mostMisses = 200
	mostBursts = 60
	mostListed = 25 // articles of each kind in one alert
)

// Page writes one page that stands alone: no script, nothing from elsewhere.
// The same log gives the same bytes.
func (l *Log) Page(w io.Writer) error {
	return page(w, "log", l.show())
}

func page(w io.Writer, name string, data any) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"day":   func(t time.Time) string { return t.UTC().Format("2 Jan 2006") },
		"clock": func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") },
		"short": short, "count": count, "perday": perDay, "some": some,
		"pair":  func(r Row, in shown) rowIn { return rowIn{r, in} },
		"style": func() template.CSS { return template.CSS(pageStyle) },
		// The policy lets this one style in and nothing else.
		"styleHash": func() string {
			sum := sha256.Sum256([]byte(pageStyle))
			return base64.StdEncoding.EncodeToString(sum[:])
		},
	}).Parse(pageText)
	if err != nil {
		return err // a test reads the page
	}
	return t.ExecuteTemplate(w, name, data)
}

// shown is what the page of one log shows.
type shown struct {
	Name, Span, Beside string
	Empty              bool
	All                Row
	Rows               []Row
	Days               float64
	Levels             []string
	Chart              chart
	Alerts             []shownLife
	MoreAlerts         int
	Misses             []Miss
	MoreMisses         int
	Bursts             []Burst
	MoreBursts         int
}

// rowIn is a row of the table of a page.
type rowIn struct {
	Row Row
	In  shown
}

// shownLife is an alert as the page lists it: Steps are cut, Reason is that of
// its last decision but the resolving one.
type shownLife struct {
	*Life
	Steps                    []Step
	MoreSteps                int
	Counted, Ignored         []events.Evidence
	MoreCounted, MoreIgnored int
	Lead                     string
}

func (l *Log) show() shown {
	s := shown{
		Name: l.Name, Span: l.span(), Empty: l.articles == 0, All: l.All(), Rows: l.Rows(), Days: l.Days(),
		Levels: levels, Misses: l.Misses(),
	}
	s.Chart = l.chart(s.Rows, s.Misses)
	if b := l.beside(); b != nil {
		s.Beside = b.sentence(l)
	}
	leads, _ := l.leads()
	alerts := slices.Clone(l.order)
	slices.Reverse(alerts)
	s.MoreAlerts = cut(&alerts, mostAlerts)
	for _, x := range alerts {
		s.Alerts = append(s.Alerts, x.show(leads))
	}
	slices.Reverse(s.Misses)
	s.MoreMisses = cut(&s.Misses, mostMisses)
	s.Bursts = slices.Clone(l.bursts)
	slices.SortStableFunc(s.Bursts, func(a, b Burst) int { return compare(a.P, b.P) })
	s.MoreBursts = cut(&s.Bursts, mostBursts)
	slices.SortStableFunc(s.Bursts, func(a, b Burst) int { return b.At.Compare(a.At) })
	return s
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (x *Life) show(leads map[string]time.Duration) shownLife {
	s := shownLife{Life: x, Steps: x.Steps}
	if n := len(x.Steps) - mostListed; n > 0 {
		s.MoreSteps = n
		s.Steps = slices.Concat(x.Steps[:mostListed/2], x.Steps[len(x.Steps)-(mostListed-mostListed/2):])
	}
	s.Counted, s.Ignored = x.split()
	s.MoreCounted, s.MoreIgnored = cut(&s.Counted, mostListed), cut(&s.Ignored, mostListed)
	switch lead, ok := leads[x.ID]; {
	case ok && lead.Abs() < time.Minute:
		s.Lead = "together with the plain keyword rule"
	case ok && lead > 0:
		s.Lead = short(lead) + " before the plain keyword rule"
	case ok:
		s.Lead = short(-lead) + " after the plain keyword rule"
	case len(leads) > 0:
		s.Lead = "the plain keyword rule says nothing of it"
	}
	return s
}

// cut leaves the first n and returns how many were more.
func cut[T any](all *[]T, n int) int {
	more := max(0, len(*all)-n)
	*all = (*all)[:len(*all)-more]
	return more
}
