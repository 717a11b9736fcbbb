package subscription

import (
	"fmt"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Silence is a person's word that some alerts need telling nobody for a while.
// All the matchers that are set must fit.
type Silence struct {
	ID string `yaml:"id" json:"id"`
	// Watch is a name or glob; Alert and Story are ids.
	Watch string `yaml:"watch,omitempty" json:"watch,omitempty"`
	Alert string `yaml:"alert,omitempty" json:"alert,omitempty"`
	Story string `yaml:"story,omitempty" json:"story,omitempty"`
	// UpTo is the highest level that is silenced; empty means high, so that a
	// rise to critical is told in spite of a silence that did not foresee it.
	UpTo    string    `yaml:"up_to,omitempty" json:"up_to,omitempty"`
	Author  string    `yaml:"author" json:"author"`
	Comment string    `yaml:"comment" json:"comment"`
	From    time.Time `yaml:"from,omitempty" json:"from,omitzero"`
	Until   time.Time `yaml:"until" json:"until"`
}

// MaxSilence bounds a silence: a longer one is a watch to be deleted.
const MaxSilence = 366 * 24 * time.Hour

// Validate reports the first field that is wrong, as a [*events.FieldError].
func (s Silence) Validate() error {
	switch {
	case !Named(s.ID):
		return wrong("id", "letters, digits, - and _", "is %q", s.ID)
	case s.Watch == "" && s.Alert == "" && s.Story == "":
		return wrong("watch", "name a watch, an alert or a story; * silences all", "is empty, and so are alert and story")
	case s.UpTo != "" && events.LevelRank(s.UpTo) < 0:
		return wrong("up_to", "info elevated high or critical", "is %q", s.UpTo)
	case s.Author == "":
		return wrong("author", "who answers for it", "is empty")
	case s.Comment == "":
		return wrong("comment", "why, for who comes next", "is empty")
	case s.Until.IsZero():
		return wrong("until", "a silence ends; a time such as 2026-01-02T15:04:05Z", "is missing")
	case !s.Until.After(s.From):
		return wrong("until", "after from", "is %s, not after from", s.Until.Format(time.RFC3339))
	case !s.From.IsZero() && s.Until.Sub(s.From) > MaxSilence:
		return wrong("until", "a year at most", "is %s after from", s.Until.Sub(s.From))
	}
	if s.Watch == "" {
		return nil
	}
	return glob("watch", s.Watch)
}

// Mutes reports whether s silences a at now, and says who wanted it and why.
func (s Silence) Mutes(a events.Alert, now time.Time) (bool, string) {
	upTo := s.UpTo
	if upTo == "" {
		upTo = events.High
	}
	switch {
	case now.Before(s.From), !now.Before(s.Until):
		return false, "not in force"
	case s.Watch != "" && !globbed(s.Watch, a.Watch):
		return false, "another watch"
	case s.Alert != "" && s.Alert != a.ID:
		return false, "another alert"
	case s.Story != "" && s.Story != a.Story:
		return false, "another story"
	case events.LevelRank(a.Level) > events.LevelRank(upTo):
		return false, fmt.Sprintf("level %s is above %s", a.Level, upTo)
	}
	return true, fmt.Sprintf("silence %s by %s until %s: %s", s.ID, s.Author, s.Until.UTC().Format(time.RFC3339), s.Comment)
}
