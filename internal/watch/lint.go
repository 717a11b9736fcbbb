package watch

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Severity says how much a finding matters.
type Severity string

// Severities, worst first.
const (
	Wrong Severity = "error"   // the watch, or a part of it, cannot do what it says
	Doubt Severity = "warning" // it probably does not do what was meant
	Note  Severity = "note"    // good to know
)

// Finding is something that a person should know of a watch that loads well.
type Finding struct {
	Severity Severity
	Watch    string
	File     string
	// Line and Column are where the term stands, or the watch.
	Line, Column int
	// Term is the part of the query that it is about, "" for the whole watch.
	Term          string
	Message, Hint string
}

func (f Finding) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s: watch %s: %s", f.File, f.Line, f.Column, f.Severity, f.Watch, f.Message)
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	return s
}

// Linter looks for what is allowed and probably not meant. Every field may be
// left out; what needs it is then not looked for.
type Linter struct {
	// Topic and Entity report whether an id is known.
	Topic, Entity func(id string) bool
	// Langs are the languages that the desk reads.
	Langs []string
	// Sample is articles as they come, some thousand, oldest first.
	Sample []*query.View
	// PerDay predicts how many alerts a day the watch raises.
	PerDay func(Watch) (float64, error)
	// MostPerDay is how many one watch may raise before it is said; 5 if 0.
	MostPerDay float64
}

// Lint gives the findings of all watches, in the order of the watches and of
// their queries.
func (l *Linter) Lint(ws []Watch) []Finding {
	var out []Finding
	for i := range ws {
		r := &report{watch: &ws[i]}
		l.spelling(r)
		l.sense(r)
		l.clauses(r)
		if len(l.Sample) > 0 {
			l.practice(r)
		}
		l.predict(r)
		slices.SortStableFunc(r.findings, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		out = append(out, r.findings...)
	}
	return out
}

// report is what was found of one watch.
type report struct {
	watch    *Watch
	findings []Finding
}

func (r *report) add(s Severity, t *query.Term, hint, format string, args ...any) {
	f := Finding{Severity: s, Watch: r.watch.Name, File: r.watch.File, Line: r.watch.Line, Column: 1, Hint: hint, Message: fmt.Sprintf(format, args...)}
	if t != nil {
		f.Term = t.String()
		if p, ok := r.watch.terms[t.Start]; ok {
			f.Line, f.Column = p.line, p.column
		}
	}
	r.findings = append(r.findings, f)
}

// clauses looks at what stands beside the query.
func (l *Linter) clauses(r *report) {
	w := r.watch
	if w.ResolveAfter < w.When.Within {
		r.add(Doubt, nil, "let resolve_after be "+FormatDuration(w.When.Within)+" at least", "an alert ends after %s, before its window of %s does", FormatDuration(w.ResolveAfter), FormatDuration(w.When.Within))
	}
	if w.When.Origins == 1 && w.When.Surprise == 0 && w.When.Articles < 2 && w.Budget.Per == 0 {
		r.add(Doubt, nil, "ask for two origins, or for surprise", "one article alone raises an alert")
	}
	if events.LevelRank(w.Level) >= events.LevelRank(events.High) && w.When.Origins < 2 {
		r.add(Doubt, nil, "ask for two origins, and escalate", "one origin alone raises an alert at %s", w.Level)
	}
	if len(w.Tests) == 0 {
		r.add(Note, nil, "add a text that fires and one that must not", "watch has no tests")
	}
}

func (l *Linter) predict(r *report) {
	if l.PerDay == nil {
		return
	}
	n, err := l.PerDay(*r.watch)
	most := cmp.Or(l.MostPerDay, 5)
	switch budget := r.watch.Budget; {
	case err != nil:
		r.add(Note, nil, "", "alerts a day could not be predicted: %v", err)
	case budget.Per > 0 && n > budget.PerDay():
		r.add(Doubt, nil, "raise origins or lower surprise", "%.2g alerts a day predicted, above the budget of %s", n, budget)
	case n > most:
		r.add(Doubt, nil, "raise origins, lower surprise, or narrow the query", "%.2g alerts a day predicted, above %.2g", n, most)
	default:
		r.add(Note, nil, "", "%.2g alerts a day predicted", n)
	}
}
