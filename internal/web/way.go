package web

import (
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Way is an article's way through every gate. A gate that it has not come to is
// left out.
type Way struct {
	// Summary says in a sentence how far it came, and what came of it.
	Summary  string      `json:"summary"`
	Article  ArticleLine `json:"article"`
	Accepted Accepted    `json:"accepted"`
	Dead     *DeadGate   `json:"dead,omitempty"`
	Enriched *Understood `json:"enriched,omitempty"`
	Detected *Detected   `json:"detected,omitempty"`
	Story    *Joined     `json:"story,omitempty"`
	Origin   *Counted    `json:"origin,omitempty"`
	Watches  []WatchGate `json:"watches"`
	Alerts   []AlertGate `json:"alerts"`
	// Unmatched is how many more watches there are that it neither matched nor
	// nearly matched.
	Unmatched int `json:"watches_unmatched"`
}

// Accepted is the door: when it came, and what was known of its address.
type Accepted struct {
	At  time.Time `json:"at,omitzero"`
	Seq uint64    `json:"seq,omitempty"`
	// By is the source that brought it, or push/ and the token's name.
	By       string `json:"by,omitempty"`
	Revision int    `json:"revision"`
	// Versions are all that were taken at its address, the oldest first.
	Versions []AcceptedVersion `json:"versions,omitempty"`
	Note     string            `json:"note,omitempty"`
}

// AcceptedVersion is one version of an address.
type AcceptedVersion struct {
	ID       string    `json:"id"`
	By       string    `json:"by"`
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`
}

// DeadGate is a dead letter of the article.
type DeadGate struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	Worker string    `json:"worker"`
	Reason string    `json:"reason"`
}

// Understood is the enricher's gate.
type Understood struct {
	Seq        uint64       `json:"seq"`
	At         time.Time    `json:"at"`
	Enricher   string       `json:"enricher,omitempty"`
	Lang       string       `json:"lang"`
	Kind       string       `json:"kind,omitempty"`
	KindReason string       `json:"kind_reason,omitempty"`
	Topics     []events.Tag `json:"topics"`
	Entities   int          `json:"entities"`
	Linked     int          `json:"linked_entities"`
}

// Detected is whether the detector took the article into account.
type Detected struct {
	// State is considered, waiting (the detector is not there yet) or passed
	// (stale when it came, or it has left the window).
	State string `json:"state"`
	// Position is how far the detector is in the stream.
	Position uint64 `json:"position"`
}

// Joined is the story that the article is in, and what it has in common with it.
type Joined struct {
	ID       string `json:"id"`
	Headline string `json:"headline"`
	Articles int    `json:"articles"`
	Founded  bool   `json:"founded"`
	// Shared are the names and topics that others of the story's latest articles
	// have too, the most frequent first; Of is how many were compared.
	Shared []Shared `json:"shared"`
	Of     int      `json:"compared_with"`
	// Audit is what was merged or split.
	Audit []Change `json:"audit,omitempty"`
}

// Shared is a name or topic, and how many others have it too.
type Shared struct {
	What     string `json:"what"`
	Articles int    `json:"articles"`
}

// Counted is the origin that the article counts towards, and why.
type Counted struct {
	Origin  string `json:"origin"`
	Why     string `json:"why"`
	Trusted bool   `json:"trusted"`
}

// WatchGate is what one watch made of the article.
type WatchGate struct {
	Watch string `json:"watch"`
	// Outcome is matched, followed (it came with the watch's story) or near (one
	// thing was missing).
	Outcome string `json:"outcome"`
	// Terms are those that matched, Missing what would have to change.
	Terms   []string `json:"terms,omitempty"`
	Missing []string `json:"missing,omitempty"`
	Late    bool     `json:"late,omitempty"`
	// Clauses are what the watch asks of all that it saw of the story.
	Clauses []Clause `json:"clauses,omitempty"`
	Alert   string   `json:"alert,omitempty"`
}

// AlertGate is an alert that lists the article, and who was told of it.
type AlertGate struct {
	ID      string `json:"id"`
	Watch   string `json:"watch"`
	Version int    `json:"version"` // the first that lists it
	State   string `json:"state"`   // of now
	Level   string `json:"level"`
	// Told is what became of the alert's versions on each channel.
	Told []TellGate `json:"told"`
}

// TellGate is one version of an alert on one channel.
type TellGate struct {
	Channel string `json:"channel"`
	Version int    `json:"version"`
	// End is delivered, muted, superseded, failed or waiting.
	End    string    `json:"end"`
	At     time.Time `json:"at,omitzero"`
	Tries  int       `json:"tries,omitempty"`
	Reason string    `json:"reason,omitempty"`
}
