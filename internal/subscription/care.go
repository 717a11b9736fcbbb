package subscription

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Care is what people have said of one alert: that somebody has it in hand, or
// that it may wait. It says who is told and when, and never what is decided.
type Care struct {
	Alert string `json:"alert"`
	// Acknowledged makes updates quiet; openings, escalations and the end are
	// told all the same.
	Acknowledged *Word `json:"acknowledged,omitempty"`
	// Snoozed holds everything back until its end, or until the alert rises
	// above the level that it had.
	Snoozed *Word `json:"snoozed,omitempty"`
}

// Word is what one person said of an alert, and what the alert was then.
type Word struct {
	Who  string    `json:"who"`
	Note string    `json:"note,omitempty"`
	At   time.Time `json:"at"`
	// Until is when it lapses; zero for an acknowledgement that does not.
	Until time.Time `json:"until,omitzero"`
	// By is the name of the token that it came with.
	By string `json:"by,omitempty"`
	// Version and Level are what the alert had reached.
	Version int    `json:"version"`
	Level   string `json:"level"`
}

// Bounds of a word.
const (
	MaxWho    = 100
	MaxNote   = 2000
	MaxSnooze = 30 * 24 * time.Hour
)

// Validate reports the first field that is wrong, as a [*events.FieldError].
func (w Word) Validate() error {
	switch {
	case strings.TrimSpace(w.Who) == "":
		return wrong("who", "who answers for it", "is empty")
	case utf8.RuneCountInString(w.Who) > MaxWho:
		return wrong("who", "", "has more than %d characters", MaxWho)
	case utf8.RuneCountInString(w.Note) > MaxNote:
		return wrong("note", "", "has more than %d characters", MaxNote)
	case !w.Until.IsZero() && !w.Until.After(w.At):
		return wrong("until", "a time to come", "is %s, which is over", w.Until.Format(time.RFC3339))
	}
	return nil
}

// ValidateSnooze is Validate of a word that must end.
func (w Word) ValidateSnooze() error {
	if err := w.Validate(); err != nil {
		return err
	}
	switch {
	case w.Until.IsZero():
		return wrong("until", "a time such as 2026-01-02T15:04:05Z, or for: 4h", "is missing: a snooze ends")
	case w.Until.Sub(w.At) > MaxSnooze:
		return wrong("until", "30 days at most; a silence may be longer", "is %s ahead", w.Until.Sub(w.At).Round(time.Minute))
	}
	return nil
}

// Empty reports whether nothing is said.
func (c Care) Empty() bool { return c.Acknowledged == nil && c.Snoozed == nil }

// Now is what of c still holds at now, for an alert that was last opened with
// version opened: an acknowledgement is for one life of an alert, and what has
// lapsed is gone.
func (c Care) Now(opened int, now time.Time) Care {
	if a := c.Acknowledged; a != nil && (a.Version < opened || a.over(now)) {
		c.Acknowledged = nil
	}
	if s := c.Snoozed; s != nil && s.over(now) {
		c.Snoozed = nil
	}
	return c
}

func (w Word) over(now time.Time) bool { return !w.Until.IsZero() && !now.Before(w.Until) }

// Quiets reports whether the acknowledgement keeps a from being told at now,
// and who gave it. opened is the version with which the alert was last opened.
func (c Care) Quiets(a events.Alert, opened int, now time.Time) (bool, string) {
	w := c.Now(opened, now).Acknowledged
	if w == nil || a.State != events.Updated {
		return false, ""
	}
	return true, fmt.Sprintf("acknowledged by %s at %s", w.Who, w.At.UTC().Format(time.RFC3339))
}

// HeldUntil is when an alert that has reached level may be told: the zero time
// for at once.
func (c Care) HeldUntil(level string, now time.Time) time.Time {
	w := c.Snoozed
	if w == nil || w.over(now) || events.LevelRank(level) > events.LevelRank(w.Level) {
		return time.Time{}
	}
	return w.Until
}
