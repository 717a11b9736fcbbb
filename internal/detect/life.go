package detect

import (
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// life is the life of one alert: what its latest version said. Exported
// fields are its state.
type life struct {
	ID      string
	Version int
	State   string
	Level   string
	// Opened is when it was last opened, At when its latest version was stated,
	// Support when the latest article came.
	Opened, At, Support time.Time
	// Before is when the version before the latest was stated.
	Before time.Time
	// From, exclusive, and Until bound what the latest version of a watch by
	// query tells.
	From, Until time.Time
	// Due is when what came since the latest version is told at the latest;
	// zero: nothing came.
	Due               time.Time
	Origins, Articles int
	Headline          string
	Observed          int
	Expected          float64
	P                 *float64
	Reason, Changed   string
	Missing           string
	// Also are the other watches that it stands for, sorted.
	Also []string
	// Clauses and Baseline are what was decided by, when it was last opened,
	// updated or escalated.
	Clauses  []Clause
	Baseline Baseline
	// Past are its versions in brief, the latest last.
	Past []Version
	// Known are the origins counted when it was last looked at whole.
	Known []string
}

// Version is one version of an alert in brief.
type Version struct {
	Version int       `json:"version"`
	State   string    `json:"state"`
	Level   string    `json:"level"`
	At      time.Time `json:"at"`
	Origins int       `json:"origins"`
	Changed string    `json:"changed"`
}

const maxPast = 200

func (l *life) living() bool { return l != nil && l.State != events.Resolved }

// view is what a decision looks at.
type view struct {
	window sum // within the watch's window
	whole  sum // since the alert opened; by query, the window again
	expect burst.Expectation
	p      float64
	now    time.Time
}

func (s *situation) look(d *Detector) view {
	w := s.rule.watch.When
	v := view{now: d.clock.now, expect: s.expectation(d)}
	v.window = s.sum(d, v.now.Add(-w.Within), false)
	v.whole = v.window
	if s.alert.living() && s.story != nil {
		v.whole = s.sum(d, s.alert.Opened.Add(-w.Within), true)
	}
	v.p = v.expect.PValue(v.window.articles)
	return v
}

// opens reports whether the watch's clauses hold.
func (v view) opens(w *watch.Watch) bool {
	return v.window.origins >= w.When.Origins && v.window.articles >= w.When.Articles &&
		v.window.matched >= min(max(w.When.Origins, w.When.Articles), sure) && v.surprises(w.When.Surprise)
}

// sure is how many articles must match themselves before what their story tells
// opens an alert.
const sure = 2

// surprises reports whether the count is as improbable as asked. A cold
// baseline cannot tell: then the other clauses decide, and what only one or two
// articles say is not enough.
func (v view) surprises(p float64) bool {
	switch {
	case p == 0:
		return true
	case v.expect.Cold:
		return v.window.articles >= coldArticles
	}
	return v.p <= p
}

// coldArticles is what stands in for surprise while a baseline is cold.
const coldArticles = 3

// minHigh is how many independent origins the levels high and critical need,
// one of them trusted.
const minHigh = 3

// level is the level that the evidence carries.
func (v view) level(d *Detector, w *watch.Watch) string {
	level := w.Level
	for _, step := range w.Escalate {
		if events.LevelRank(step.Level) > events.LevelRank(level) && v.reaches(step) {
			level = step.Level
		}
	}
	if events.LevelRank(level) >= events.LevelRank(events.High) && !v.carriesHigh(d) {
		return events.Elevated
	}
	return level
}

func (v view) reaches(step watch.Step) bool {
	return v.whole.origins >= step.Origins && v.whole.articles >= step.Articles && v.surprises(step.Surprise)
}

func (v view) carriesHigh(d *Detector) bool {
	need := minHigh
	if m := d.cfg.MaxOrigins; m > 0 {
		need = min(need, m)
	}
	return v.whole.origins >= need && v.whole.trusted > 0
}

// decide states the next version, where there is one.
func (s *situation) decide(out []events.Alert, d *Detector) []events.Alert {
	w := &s.rule.watch
	if s.alert.living() {
		s.alert.Support = d.clock.now
		d.await(d.clock.now.Add(w.ResolveAfter))
		s.owe(d)
		if s.settled(d) {
			return out
		}
	}
	v := s.look(d)
	if !s.alert.living() {
		if !v.opens(w) {
			s.miss(d, v)
			return out
		}
		if h := s.host(d); h != nil {
			return h.attach(out, d, s, v)
		}
		return append(out, s.open(d, v))
	}
	s.alert.Known = d.origins()
	level := v.level(d, w)
	switch {
	case events.LevelRank(level) > events.LevelRank(s.alert.Level):
		changed := fmt.Sprintf("%s after %s", level, s.alert.Level)
		s.alert.Level = level
		return append(out, s.state(d, v, events.Escalated, changed))
	case s.material(d, v):
		return append(out, s.state(d, v, events.Updated, s.changes(d, v)))
	}
	return out
}

// grown is from how many hits on a living alert is no longer looked at whole
// for each article.
const grown = 64

// settled reports that the latest article cannot change a grown alert: its
// origin is known, and it is too early for an update.
func (s *situation) settled(d *Detector) bool {
	l := s.alert
	if len(s.hits) < grown || d.clock.now.Sub(l.At) >= d.cfg.UpdateEvery/3 {
		return false
	}
	_, known := slices.BinarySearch(l.Known, s.originOf(d, s.hits[len(s.hits)-1].Member))
	return known
}

// open states that the alert opens, or opens again.
func (s *situation) open(d *Detector, v view) events.Alert {
	w := &s.rule.watch
	changed := "opened"
	if s.alert == nil {
		s.alert = &life{ID: events.AlertID(w.Name, s.key())}
	} else {
		changed = fmt.Sprintf("opened again after it was resolved at %s", clockTime(s.alert.At))
	}
	s.alert.Opened, s.alert.Support, s.alert.Known, s.alert.Also = v.now, v.now, d.origins(), nil
	s.alert.Level = v.level(d, w)
	d.await(v.now.Add(w.ResolveAfter))
	return s.state(d, v, events.Opened, changed)
}

// key is what the alert's id is derived from: the story, or the first article
// of what is counted together.
func (s *situation) key() string {
	if s.story != nil {
		return s.story.ID
	}
	return s.hits[0].Member.ID
}

// material reports whether what changed is worth a version.
func (s *situation) material(d *Detector, v view) bool {
	l := s.alert
	since := v.now.Sub(l.At)
	if s.story == nil {
		return s.another(d, v)
	}
	if n := v.whole.origins; n > l.Origins && (2*n >= 3*l.Origins || since >= d.cfg.UpdateEvery/3) {
		return true
	}
	if v.whole.articles <= l.Articles {
		return false
	}
	return since >= d.cfg.UpdateEvery || since >= d.cfg.UpdateEvery/3 && s.turns()
}

// turns reports whether the latest article brings somebody or somewhere that
// the alert has not told of: its first names, which the title has, are new.
func (s *situation) turns() bool {
	n := len(s.hits) - 1
	last := &s.hits[n]
	if !last.Match {
		return false
	}
	for _, name := range last.Names[:min(len(last.Names), turning)] {
		if !slices.ContainsFunc(s.hits[max(0, n-turned):n], func(h hit) bool { return slices.Contains(h.Names, name) }) {
			return true
		}
	}
	return false
}

// turning is how many names of an article are asked, turned how many articles
// before it.
const (
	turning = 3
	turned  = 200
)

// changes says what is new since the latest version.
func (s *situation) changes(d *Detector, v view) string {
	l := s.alert
	if s.story == nil {
		n := s.sum(d, l.At.Add(time.Nanosecond), false)
		return fmt.Sprintf("%s of %s", plural(n.articles, "more article", "more articles"), plural(n.origins, "origin", "origins"))
	}
	text := ""
	if n := v.whole.origins - l.Origins; n > 0 {
		text = plural(n, "more origin", "more origins")
	}
	if n := v.whole.articles - l.Articles; n > 0 {
		if text != "" {
			text += ", "
		}
		text += plural(n, "more article", "more articles")
	}
	if s.headline(d) != l.Headline {
		text += ", new headline"
	}
	return text
}

// await makes sure that silence is looked for no later than at.
func (d *Detector) await(at time.Time) {
	if d.due.IsZero() || at.Before(d.due) {
		d.due = at
	}
}

// expire resolves the alerts that nothing has supported for long enough.
func (d *Detector) expire(out []events.Alert) []events.Alert {
	if d.due.IsZero() || d.clock.now.Before(d.due) {
		return out
	}
	d.due = time.Time{}
	for _, r := range d.rules {
		for _, s := range r.sorted() {
			if !s.alert.living() {
				continue
			}
			end := s.alert.Support.Add(r.watch.ResolveAfter)
			if d.clock.now.Before(end) {
				d.await(end)
				continue
			}
			out = append(out, s.resolve(d, fmt.Sprintf("nothing new for %s", watch.FormatDuration(r.watch.ResolveAfter))))
		}
	}
	return out
}

// resolve states that the alert is over.
func (s *situation) resolve(d *Detector, why string) events.Alert {
	v := s.look(d)
	return s.state(d, v, events.Resolved, why)
}
