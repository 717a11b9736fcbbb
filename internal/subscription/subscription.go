// Package subscription says who is told of which alert, and when not.
//
// It knows alerts, names with globs, levels and hours. It must not know how a
// channel speaks, what was sent already, or what time it is: the caller hands
// the time in.
package subscription

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Subscription sends the alerts of some watches to one channel.
type Subscription struct {
	Name string `yaml:"name" json:"name"`
	// Watches are names or globs ("nato-*"); none means every watch.
	Watches []string `yaml:"watches,omitempty" json:"watches,omitempty"`
	// MinLevel is the least level that is told; empty means info.
	MinLevel string `yaml:"min_level,omitempty" json:"min_level,omitempty"`
	// Channel is the name of the channel that is told.
	Channel string `yaml:"channel" json:"channel"`
	// States restricts to some of opened, updated, escalated, resolved; none
	// means all.
	States []string `yaml:"states,omitempty" json:"states,omitempty"`
	// Quiet holds alerts back in some hours.
	Quiet *Quiet `yaml:"quiet,omitempty" json:"quiet,omitempty"`
	// Group holds each update back this long, so that a later one can take its
	// place ("10m"); openings, escalations and ends never wait for it.
	Group Duration `yaml:"group,omitempty" json:"group,omitempty"`
}

// MaxGroup bounds Group: an update older than that is no news.
const MaxGroup = 24 * time.Hour

// A name is also a key of the broker's buckets and a label of metrics.
var name = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// Named reports whether s can be the name of a subscription or channel:
// letters, digits, '-' and '_', 64 at most.
func Named(s string) bool { return name.MatchString(s) }

// Validate reports the first field that is wrong, as a [*events.FieldError].
func (s Subscription) Validate() error {
	switch {
	case !Named(s.Name):
		return wrong("name", "letters, digits, - and _, such as desk", "is %q", s.Name)
	case s.Channel == "":
		return wrong("channel", "the name of one of the channels", "is empty")
	case s.MinLevel != "" && events.LevelRank(s.MinLevel) < 0:
		return wrong("min_level", "info elevated high or critical", "is %q", s.MinLevel)
	case s.Group < 0 || time.Duration(s.Group) > MaxGroup:
		return wrong("group", "0s to 24h", "is %v", time.Duration(s.Group))
	}
	for i, g := range s.Watches {
		if err := glob(fmt.Sprintf("watches[%d]", i), g); err != nil {
			return err
		}
	}
	for i, st := range s.States {
		if !slices.Contains(states, st) {
			return wrong(fmt.Sprintf("states[%d]", i), "opened updated escalated or resolved", "is %q", st)
		}
	}
	if s.Quiet == nil {
		return nil
	}
	return s.Quiet.Validate()
}

var states = []string{events.Opened, events.Updated, events.Escalated, events.Resolved}

// Matches reports whether a is told, and why or why not in a few words.
func (s Subscription) Matches(a events.Alert) (bool, string) {
	if ok, why := s.Covers(a); !ok {
		return false, why
	}
	if events.LevelRank(a.Level) < max(events.LevelRank(s.MinLevel), 0) {
		return false, fmt.Sprintf("level %s is below %s", a.Level, s.MinLevel)
	}
	return true, "subscription " + s.Name
}

// Covers is Matches without the level. Whoever was told of an alert is told of
// its end too, whatever level it ended at.
func (s Subscription) Covers(a events.Alert) (bool, string) {
	if len(s.Watches) > 0 && !slices.ContainsFunc(s.Watches, func(g string) bool { return concerns(g, a) }) {
		return false, fmt.Sprintf("watch %s is none of %s", a.Watch, strings.Join(s.Watches, " "))
	}
	if len(s.States) > 0 && !slices.Contains(s.States, a.State) {
		return false, fmt.Sprintf("state %s is none of %s", a.State, strings.Join(s.States, " "))
	}
	return true, "subscription " + s.Name
}

// HeldUntil is when a, decided on at now, may be sent: the zero time for at
// once. Quiet hours hold anything below their own level, Group holds updates.
func (s Subscription) HeldUntil(a events.Alert, now time.Time) time.Time {
	var until time.Time
	if s.Group > 0 && a.State == events.Updated {
		until = now.Add(time.Duration(s.Group))
	}
	if s.Quiet != nil {
		if end := s.Quiet.Ends(a.Level, now); end.After(until) {
			until = end
		}
	}
	return until
}

// All validates subs together: each by itself, names once, channels known.
func All(subs []Subscription, channels []string) error {
	seen := map[string]bool{}
	for i, s := range subs {
		where := fmt.Sprintf("subscriptions[%d]", i)
		if err := s.Validate(); err != nil {
			return fmt.Errorf("%s (%s): %w", where, s.Name, err)
		}
		if seen[s.Name] {
			return fmt.Errorf("%s: %w", where, wrong("name", "give each its own", "%q is there twice", s.Name))
		}
		seen[s.Name] = true
		if !slices.Contains(channels, s.Channel) {
			hint := "one of: " + strings.Join(channels, " ")
			if len(channels) == 0 {
				hint = "none is configured yet"
			}
			return fmt.Errorf("%s (%s): %w", where, s.Name, wrong("channel", hint, "%q is not a channel", s.Channel))
		}
	}
	return nil
}

// globbed reports whether the watch fits the glob: * any run, ? any one.
func globbed(pattern, watch string) bool {
	ok, err := path.Match(pattern, watch)
	return err == nil && ok
}

func glob(field, pattern string) error {
	if pattern == "" {
		return wrong(field, "a name or a glob such as nato-*", "is empty")
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return wrong(field, "a name or a glob such as nato-*", "%q cannot be read", pattern)
	}
	return nil
}

func wrong(field, hint, format string, args ...any) error {
	return &events.FieldError{Field: field, Problem: fmt.Sprintf(format, args...), Hint: hint}
}

// concerns reports whether the alert is of a watch that the glob names, or
// stands for one.
func concerns(g string, a events.Alert) bool {
	return globbed(g, a.Watch) || slices.ContainsFunc(a.Also, func(w string) bool { return globbed(g, w) })
}
