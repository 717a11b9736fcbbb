package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// levels, as they stand in a table.
var levels = []string{events.Info, events.Elevated, events.High, events.Critical}

// Row is what one watch did, or all of them.
type Row struct {
	Watch string
	// Alerts counts lives by the highest level that they reached, Versions what
	// was decided of them, Misses what nearly became one.
	Alerts   map[string]int
	Versions int
	Misses   int
	// Also counts alerts of other watches of its group that stand for it too.
	Also int
	// Lead is the median time before the plain rule, where Led.
	Lead time.Duration
	Led  bool

	lives []*Life
}

// Total is the number of alerts of any level.
func (r Row) Total() (n int) {
	for _, k := range r.Alerts {
		n += k
	}
	return n
}

// PerDay is the number of alerts a day.
func (r Row) PerDay(days float64) float64 { return float64(r.Total()) / days }

// Early is the lead without its sign, for EarlyWord to say on which side.
func (r Row) Early() string {
	if r.Lead.Abs() < time.Minute {
		return "together"
	}
	return short(r.Lead.Abs())
}

// EarlyWord is before, after or with.
func (r Row) EarlyWord() string {
	switch {
	case r.Lead.Abs() < time.Minute:
		return "with"
	case r.Lead < 0:
		return "after"
	}
	return "before"
}

// Rows sums up by watch: those that raised or nearly raised something, by name.
func (l *Log) Rows() []Row {
	rows := map[string]*Row{}
	row := func(name string) *Row {
		if rows[name] == nil {
			rows[name] = &Row{Watch: name, Alerts: map[string]int{}}
		}
		return rows[name]
	}
	for _, x := range l.order {
		row(x.Watch).count(x)
		for _, name := range x.Also {
			row(name).Also++
		}
	}
	for _, m := range l.Misses() {
		row(m.Watch).Misses++
	}
	leads, _ := l.leads()
	out := make([]Row, 0, len(rows))
	for _, r := range rows {
		r.Lead, r.Led = median(r.lives, leads)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(a.Watch, b.Watch) })
	return out
}

func (r *Row) count(x *Life) {
	r.lives = append(r.lives, x)
	r.Alerts[x.Level]++
	r.Versions += len(x.Steps)
}

// All is the row of all watches together.
func (l *Log) All() Row {
	all := Row{Watch: "all", Alerts: map[string]int{}, Misses: len(l.Misses())}
	for _, x := range l.order {
		all.count(x)
	}
	leads, _ := l.leads()
	all.Lead, all.Led = median(all.lives, leads)
	return all
}

// Summary writes the figures for a person at a terminal.
func (l *Log) Summary(w io.Writer) error {
	fmt.Fprintf(w, "%s\n", l.span())
	if l.articles == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\nalerts\tin others'\ta day\tinfo\televated\thigh\tcritical\tversions\tnear misses\tbefore plain rule\t  watch\n")
	for _, r := range append(l.Rows(), l.All()) {
		fmt.Fprintf(t, "%d\t%s\t%s\t", r.Total(), some(r.Also), perDay(r.PerDay(l.Days())))
		for _, level := range levels {
			fmt.Fprintf(t, "%s\t", some(r.Alerts[level]))
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t  %s\n", r.Versions, some(r.Misses), r.lead(), r.Watch)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if b := l.beside(); b != nil {
		fmt.Fprintf(w, "\n%s\n", b.sentence(l))
	}
	return nil
}

func (l *Log) span() string {
	if l.articles == 0 {
		return "no articles"
	}
	return fmt.Sprintf("%s of %s from %s to %s (%s)", count(l.articles, "article"), count(len(l.sources), "source"),
		l.first.UTC().Format("2 Jan 2006"), l.last.UTC().Format("2 Jan 2006"), count(int(l.Days()+0.5), "day"))
}

func (r Row) lead() string {
	if !r.Led {
		return "-"
	}
	return short(r.Lead)
}

func (b *Beside) sentence(l *Log) string {
	s := fmt.Sprintf("Beside it the plain keyword rule (%d items in a day, %d times the week before; %s) went off %s, %s a day, %d of them on nothing that an alert tells of.",
		plainItems, plainTimes, count(b.Words, "word"), times(b.Firings), perDay(b.PerDay), b.Noise)
	if b.Shared == 0 {
		return s + fmt.Sprintf(" It went off on none of the %s.", count(len(l.order), "alert"))
	}
	r := Row{Lead: b.Lead}
	return s + fmt.Sprintf(" It went off on %d of the %s; the median of these came %s %s it.", b.Shared, count(len(l.order), "alert"), r.Early(), r.EarlyWord())
}

func count(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return grouped(n) + " " + of
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return grouped(n) + " times"
}

// grouped writes 32898 as 32,898.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func some(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func perDay(x float64) string { return fmt.Sprintf("%.2f", x) }

// short writes a time span to the minute: 2 d 3 h, 4 h 10 min, -12 min.
func short(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	m := int(d.Round(time.Minute).Minutes())
	switch {
	case m >= 24*60:
		return fmt.Sprintf("%s%d d %d h", sign, m/(24*60), m/60%24)
	case m >= 60:
		return fmt.Sprintf("%s%d h %d min", sign, m/60, m%60)
	}
	return fmt.Sprintf("%s%d min", sign, m)
}
