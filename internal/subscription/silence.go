package subscription

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
	// Entity is a name that the evidence has in common, in any case of letters.
	Entity string `yaml:"entity,omitempty" json:"entity,omitempty"`
	// Source is a publisher or glob that all of the evidence comes from: where
	// others tell of it too, the alert is told.
	Source string `yaml:"source,omitempty" json:"source,omitempty"`
	// Query is asked of the headline and titles, names and topics together.
	Query string `yaml:"query,omitempty" json:"query,omitempty"`
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
	case s.Watch == "" && s.Alert == "" && s.Story == "" && s.Entity == "" && s.Source == "" && s.Query == "":
		return wrong("watch", "name a watch, alert, story, entity or source, or give a query; watch: * silences all", "is empty, and so is all else")
	case s.UpTo != "" && events.LevelRank(s.UpTo) < 0:
		return wrong("up_to", "info elevated high or critical", "is %q", s.UpTo)
	case strings.TrimSpace(s.Author) == "":
		return wrong("author", "who answers for it", "is empty")
	case strings.TrimSpace(s.Comment) == "":
		return wrong("comment", "why, for who comes next", "is empty")
	case utf8.RuneCountInString(s.Author) > MaxWho:
		return wrong("author", "", "has more than %d characters", MaxWho)
	case utf8.RuneCountInString(s.Comment) > MaxNote:
		return wrong("comment", "", "has more than %d characters", MaxNote)
	case s.Until.IsZero():
		return wrong("until", "a silence ends; a time such as 2026-01-02T15:04:05Z", "is missing")
	case !s.Until.After(s.From):
		return wrong("until", "after from", "is %s, not after from", s.Until.Format(time.RFC3339))
	case !s.From.IsZero() && s.Until.Sub(s.From) > MaxSilence:
		return wrong("until", "a year at most", "is %s after from", s.Until.Sub(s.From))
	}
	for field, pattern := range map[string]string{"watch": s.Watch, "source": s.Source} {
		if pattern == "" {
			continue
		}
		if err := glob(field, pattern); err != nil {
			return err
		}
	}
	_, err := s.asks()
	return err
}

// Over reports whether s has ended at now.
func (s Silence) Over(now time.Time) bool { return !now.Before(s.Until) }

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
	case s.Entity != "" && !slices.ContainsFunc(a.Entities, func(e string) bool { return strings.EqualFold(e, s.Entity) }):
		return false, "it does not tell of " + s.Entity
	case s.Source != "" && !s.alone(a):
		return false, "others than " + s.Source + " tell of it"
	case events.LevelRank(a.Level) > events.LevelRank(upTo):
		return false, fmt.Sprintf("level %s is above %s", a.Level, upTo)
	}
	if !s.answers(a) {
		return false, "the query does not match"
	}
	return true, fmt.Sprintf("silence %s by %s until %s: %s", s.ID, s.Author, s.Until.UTC().Format(time.RFC3339), s.Comment)
}
