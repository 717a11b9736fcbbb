package events

import "time"

// Alert is one decision in the life of an alert: a living thing with versions.
type Alert struct {
	// ID is stable for the life of the alert, see [AlertID].
	ID string `json:"id"`
	// Version is 1, 2, 3, … without a gap.
	Version int `json:"version"`
	// State is one of opened, updated, escalated, resolved. A resolved alert
	// that comes back is opened again, under the same id.
	State string `json:"state"`
	// Level is one of info, elevated, high, critical.
	Level string `json:"level"`
	Watch string `json:"watch"`
	// Also are the other watches whose conditions hold for the same story, and
	// that this alert stands for: one situation is one living alert.
	Also []string `json:"also,omitempty"`
	// Story is the story's id, when the watch is by story.
	Story    string `json:"story,omitempty"`
	Headline string `json:"headline"`
	// At is the stream time of the decision.
	At time.Time `json:"at"`
	// Articles is all the evidence, reprints too.
	Articles []Evidence `json:"articles"`
	// Origins is the number of independent origins counted.
	Origins int `json:"origins"`
	// Observed is the number of articles counted in the window; Expected is
	// what the baseline expected there.
	Observed float64 `json:"observed"`
	Expected float64 `json:"expected"`
	// PValue is how improbable Observed is, when the watch has a burst clause.
	PValue *float64 `json:"p_value,omitempty"`
	// Entities and Topics are what the evidence has in common.
	Entities []string `json:"entities"`
	Topics   []string `json:"topics"`
	// Reason is one sentence that a person can check.
	Reason string `json:"reason"`
	// Changed says what this version changed, in a few words.
	Changed string `json:"changed,omitempty"`
	// Missing says what the next level still lacks.
	Missing string `json:"missing,omitempty"`
}

// Evidence is an article that an alert rests on.
type Evidence struct {
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	URL         string    `json:"url"`
	Title       string    `json:"title"`
	PublishedAt time.Time `json:"published_at,omitzero"`
	// Origin is the origin that the article counts towards.
	Origin string `json:"origin"`
	// Why says why it counts there: "own reporting", "names afp",
	// "copies 3f2a…", "family lemonde".
	Why string `json:"why,omitempty"`
}

// States of an alert.
const (
	Opened    = "opened"
	Updated   = "updated"
	Escalated = "escalated"
	Resolved  = "resolved"
)

// Levels of an alert, least first.
const (
	Info     = "info"
	Elevated = "elevated"
	High     = "high"
	Critical = "critical"
)

// levels, least first.
var levels = [...]string{Info, Elevated, High, Critical}

// LevelRank orders levels: 0 for info to 3 for critical, -1 for any other word.
func LevelRank(level string) int {
	for i, l := range levels {
		if l == level {
			return i
		}
	}
	return -1
}
