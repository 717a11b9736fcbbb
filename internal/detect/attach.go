package detect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// One situation is one living alert: the watches of a group do not each open
// an alert for the same story. The first that opens has it, and the others are
// attached to it.

// host is the living alert that another watch of the group has on the story.
func (s *situation) host(d *Detector) *situation {
	group := s.rule.watch.Group
	if group == "" || s.story == nil {
		return nil
	}
	for _, r := range d.rules {
		if r == s.rule || r.watch.Group != group {
			continue
		}
		if o, ok := r.cases[s.story.Seq+1]; ok && o.alert.living() {
			return o
		}
	}
	return nil
}

// attach makes the alert of s stand for other too, whose clauses hold, at the
// higher of both levels. What the same article has just decided of the alert is
// amended, not followed by another version.
func (s *situation) attach(out []events.Alert, d *Detector, other *situation, v view) []events.Alert {
	l, name := s.alert, other.rule.watch.Name
	level := v.level(d, &other.rule.watch)
	rises := events.LevelRank(level) > events.LevelRank(l.Level)
	at, known := slices.BinarySearch(l.Also, name)
	if known && !rises {
		return out
	}
	var changed []string
	if rises {
		changed = append(changed, fmt.Sprintf("%s after %s", level, l.Level))
		l.Level = level
	}
	if !known {
		l.Also = slices.Insert(slices.Clone(l.Also), at, name)
		changed = append(changed, "also "+name)
	}
	if i := slices.IndexFunc(out, func(a events.Alert) bool { return a.ID == l.ID }); i >= 0 {
		if out[i].State == events.Updated && rises {
			l.State = events.Escalated
		}
		l.Past[len(l.Past)-1].Level = l.Level
		out[i] = s.stated(d)
		return out
	}
	state := events.Updated
	if rises {
		state = events.Escalated
	}
	return append(out, s.state(d, s.look(d), state, strings.Join(changed, ", ")))
}

// unite leaves one living alert of each group on a story that others were
// merged into: the oldest, which the others are attached to.
func (d *Detector) unite(out []events.Alert, of *story.Story) []events.Alert {
	for i, r := range d.rules {
		s, ok := r.cases[of.Seq+1]
		if !ok || s.story == nil || r.watch.Group == "" {
			continue
		}
		for _, q := range d.rules[i+1:] {
			o, ok := q.cases[of.Seq+1]
			if !ok || q.watch.Group != r.watch.Group || !s.alert.living() || !o.alert.living() {
				continue
			}
			older, younger := s, o
			if o.alert.Opened.Before(s.alert.Opened) {
				older, younger = o, s
			}
			out = append(out, younger.resolve(d, "its story is the same as that of alert "+older.alert.ID))
			older.alert.Also = united(older, younger)
		}
	}
	return out
}

// united are the watches that an alert stands for once it has taken another's.
func united(older, younger *situation) []string {
	all := append(append([]string{younger.rule.watch.Name}, older.alert.Also...), younger.alert.Also...)
	slices.Sort(all)
	all = slices.DeleteFunc(all, func(n string) bool { return n == older.rule.watch.Name })
	return slices.Compact(all)
}

// detach takes the watches that are gone out of the living alerts.
func (d *Detector) detach() {
	for _, r := range d.rules {
		for _, s := range r.cases {
			if s.alert == nil {
				continue
			}
			s.alert.Also = slices.DeleteFunc(slices.Clone(s.alert.Also), func(n string) bool { return d.rule(n) == nil })
		}
	}
}
