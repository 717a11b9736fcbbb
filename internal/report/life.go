package report

import (
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Life is an alert from its opening on.
type Life struct {
	ID, Watch string
	// Also are the other watches that it came to stand for.
	Also   []string
	Opened time.Time
	// Level is the highest that it reached.
	Level string
	// Steps are its versions in brief.
	Steps []Step
	// Last is the latest version.
	Last events.Alert
	// Reason is the latest that says why it lives, not why it ended.
	Reason string
}

// Step is a version in brief.
type Step struct {
	At       time.Time
	State    string
	Level    string
	Origins  int
	Articles int
	Changed  string
}

func (x *Life) add(a events.Alert) {
	if events.LevelRank(a.Level) > events.LevelRank(x.Level) {
		x.Level = a.Level
	}
	for _, name := range a.Also {
		if !slices.Contains(x.Also, name) {
			x.Also = append(x.Also, name)
		}
	}
	x.Steps = append(x.Steps, Step{a.At, a.State, a.Level, a.Origins, len(a.Articles), a.Changed})
	x.Last = a
	if a.State != events.Resolved || x.Reason == "" {
		x.Reason = a.Reason
	}
}

// Ended is when it was resolved; the zero time when it still lives.
func (x *Life) Ended() time.Time {
	if x.Last.State != events.Resolved {
		return time.Time{}
	}
	return x.Last.At
}

// Counted are the articles that brought a new origin, in their order.
func (x *Life) Counted() []events.Evidence {
	counted, _ := x.split()
	return counted
}

// Ignored are the articles that brought none: reprints, copies, and more of the
// same publisher.
func (x *Life) Ignored() []events.Evidence {
	_, ignored := x.split()
	return ignored
}

func (x *Life) split() (counted, ignored []events.Evidence) {
	seen := map[string]bool{}
	for _, e := range x.Last.Articles {
		if seen[e.Origin] {
			ignored = append(ignored, e)
			continue
		}
		seen[e.Origin] = true
		counted = append(counted, e)
	}
	return counted, ignored
}

// span is a stretch of an alert's life at one level.
type span struct {
	from, to time.Time
	level    string
}

// spans cuts the life at each change of level; an alert that still lives ends
// with the history.
func (x *Life) spans(end time.Time) []span {
	var out []span
	for i, s := range x.Steps {
		if s.State == events.Resolved {
			continue
		}
		to := end
		if i+1 < len(x.Steps) {
			to = x.Steps[i+1].At
		}
		if n := len(out); n > 0 && out[n-1].level == s.Level && out[n-1].to.Equal(s.At) {
			out[n-1].to = to
			continue
		}
		out = append(out, span{s.At, to, s.Level})
	}
	return out
}
