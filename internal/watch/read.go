package watch

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var nameText = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

func (d *document) watches(n ast.Node) []Watch {
	out := []Watch{}
	at := make(map[string]int)
	items := d.list(n, "watches")
	if len(items) > MaxWatches {
		d.fail(n, "split the file", "file holds %d watches, more than %d", len(items), MaxWatches)
		return out
	}
	for _, item := range items {
		w := d.watch(item)
		if line, twice := at[w.Name]; twice && w.Name != "" {
			d.fail(item, "give each its own name", "watch %q is already on line %d", w.Name, line)
		}
		at[w.Name] = w.Line
		out = append(out, w)
	}
	return out
}

func (d *document) watch(n ast.Node) Watch {
	w := Watch{
		Name: d.known, By: ByStory, Level: DefaultLevel, ResolveAfter: DefaultResolveAfter, File: d.name,
		When: When{Origins: DefaultOrigins, Within: DefaultWithin},
	}
	w.Line, _ = start(n)
	asked, steps := false, ast.Node(nil)
	ok := d.mapping(n, "a watch", map[string]func(ast.Node){
		"name":          func(n ast.Node) { w.Name = d.watchName(n) },
		"about":         func(n ast.Node) { w.About, _ = d.text(n, "about") },
		"group":         func(n ast.Node) { w.Group, _ = d.text(n, "group") },
		"query":         func(n ast.Node) { asked = true; d.query(n, &w) },
		"by":            func(n ast.Node) { w.By = d.word(n, "by", ByStory, ByQuery) },
		"when":          func(n ast.Node) { d.when(n, &w.When) },
		"level":         func(n ast.Node) { w.Level = d.level(n) },
		"escalate":      func(n ast.Node) { steps, w.Escalate = n, d.steps(n) },
		"resolve_after": func(n ast.Node) { w.ResolveAfter = d.duration(n, "resolve_after") },
		"budget":        func(n ast.Node) { w.Budget = d.budget(n) },
		"tests":         func(n ast.Node) { w.Tests = d.tests(n) },
	})
	if !ok {
		return w
	}
	if w.Name == "" && !d.blamed(w.Line) {
		d.fail(n, "add name: nato-missile", "watch has no name")
	}
	if !asked {
		d.fail(n, "add query:", "watch %q has no query", w.Name)
	}
	if steps != nil {
		d.rising(steps, w)
	}
	return w
}

// blamed reports whether the line has an error already.
func (d *document) blamed(line int) bool {
	return slices.ContainsFunc(d.errs, func(err error) bool {
		var e *Error
		return errors.As(err, &e) && e.Line == line
	})
}

func (d *document) watchName(n ast.Node) string {
	s, ok := d.text(n, "name")
	if ok && !nameText.MatchString(s) {
		d.fail(n, "letters, digits, - and _, 64 at most", "name cannot be %q", s)
	}
	return s
}

func (d *document) query(n ast.Node, w *Watch) {
	s, ok := d.text(n, "query")
	if !ok {
		return
	}
	q, err := query.Parse(s)
	var wrong *query.Error
	switch {
	case errors.As(err, &wrong):
		e := &Error{File: d.name, Message: fmt.Sprintf("query: column %d: %s", wrong.Column, wrong.Message), Hint: wrong.Hint, Caret: wrong.Caret()}
		at := d.places(n, s, []int{wrong.Offset})[0]
		e.Line, e.Column = at.line, at.column
		d.add(e)
	case err != nil:
		d.fail(n, "", "query: %v", err)
	case q.Broad():
		d.fail(n, "say what must be there too, beside NOT", "query asks for nothing: it matches almost every article")
	default:
		w.Query = q
		w.terms = d.terms(n, s, q)
	}
}

// terms finds where each term of q stands in the file, by its byte in the query.
func (d *document) terms(n ast.Node, s string, q *query.Query) map[int]place {
	var offsets []int
	query.Terms(q.Root, func(t *query.Term, _ bool) { offsets = append(offsets, t.Start) })
	slices.Sort(offsets)
	out := make(map[int]place, len(offsets))
	for i, p := range d.places(n, s, offsets) {
		out[offsets[i]] = p
	}
	return out
}

func (d *document) when(n ast.Node, w *When) {
	d.mapping(n, "when", map[string]func(ast.Node){
		"origins":  func(n ast.Node) { w.Origins = d.count(n, "origins", 1) },
		"articles": func(n ast.Node) { w.Articles = d.count(n, "articles", 1) },
		"within":   func(n ast.Node) { w.Within = d.duration(n, "within") },
		"surprise": func(n ast.Node) { w.Surprise = d.probability(n, "surprise") },
	})
}

func (d *document) level(n ast.Node) string {
	return d.word(n, "level", events.Info, events.Elevated, events.High, events.Critical)
}

// steps reads one step or a list of them.
func (d *document) steps(n ast.Node) (out []Step) {
	items := []ast.Node{n}
	if s, ok := n.(*ast.SequenceNode); ok {
		items = s.Values
	}
	for _, item := range items {
		var s Step
		ok := d.mapping(item, "escalate", map[string]func(ast.Node){
			"origins":  func(n ast.Node) { s.Origins = d.count(n, "origins", 1) },
			"articles": func(n ast.Node) { s.Articles = d.count(n, "articles", 1) },
			"surprise": func(n ast.Node) { s.Surprise = d.probability(n, "surprise") },
			"level":    func(n ast.Node) { s.Level = d.level(n) },
		})
		switch {
		case !ok:
		case s.Level == "":
			d.fail(item, "add level: high", "escalate does not say to which level")
		case s.Origins == 0 && s.Articles == 0 && s.Surprise == 0:
			d.fail(item, "add origins, articles or surprise", "escalate does not say when")
		}
		out = append(out, s)
	}
	return out
}

// rising checks that each step leads higher than what is before it.
func (d *document) rising(n ast.Node, w Watch) {
	level := w.Level
	for _, s := range w.Escalate {
		if s.Level != "" && events.LevelRank(s.Level) <= events.LevelRank(level) {
			d.fail(n, "order steps from low to high, all above level", "escalate leads from %s to %s", level, s.Level)
			return
		}
		if s.Origins > 0 && s.Articles == 0 && s.Surprise == 0 && s.Origins <= w.When.Origins {
			d.fail(n, "ask for more origins than when does", "escalate asks for %d origins, when for %d", s.Origins, w.When.Origins)
			return
		}
		level = s.Level
	}
}

func (d *document) duration(n ast.Node, what string) time.Duration {
	s, ok := d.text(n, what)
	if !ok {
		return 0
	}
	v, err := ParseDuration(s)
	if err != nil {
		d.fail(n, "", "%s: %v", what, err)
	}
	return v
}

func (d *document) budget(n ast.Node) Budget {
	s, ok := d.text(n, "budget")
	if !ok {
		return Budget{}
	}
	b, err := ParseBudget(s)
	if err != nil {
		d.fail(n, "", "budget: %v", err)
	}
	return b
}
