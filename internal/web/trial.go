package web

import (
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/watch"
)

// WatchTrial is what a watch would do: its own examples, what could be better,
// and what it would have said of the latest articles, had it run alone.
type WatchTrial struct {
	Watch    watch.Definition `json:"watch"`
	Examples []ExampleTrial   `json:"examples"`
	Advice   []Advice         `json:"advice"`
	History  HistoryTrial     `json:"history"`
}

// ExampleTrial is one of a watch's own examples.
type ExampleTrial struct {
	// Should is fires or silent.
	Should string `json:"should"`
	Title  string `json:"title"`
	OK     bool   `json:"ok"`
	// Why says what was missing, or what matched and should not.
	Why string `json:"why,omitempty"`
}

// Advice is what could be better in a watch, and is no error.
type Advice struct {
	Severity string `json:"severity"`
	Term     string `json:"term,omitempty"`
	Detail   string `json:"detail"`
	Hint     string `json:"hint,omitempty"`
}

// HistoryTrial is what a watch makes of the latest articles.
type HistoryTrial struct {
	// Articles were looked at, of at most Bound; From and To are the stream's
	// times of the first and the last.
	Articles int       `json:"articles"`
	Bound    int       `json:"bound"`
	From     time.Time `json:"from,omitzero"`
	To       time.Time `json:"to,omitzero"`
	// Matched answered the query.
	Matched int `json:"matched"`
	// Opened is how many alerts would have opened, PerDay that by the day, and
	// Alerts the latest of them.
	Opened int          `json:"opened"`
	PerDay float64      `json:"per_day"`
	Alerts []AlertTrial `json:"alerts"`
	// Near nearly opened one.
	Near []NearMiss `json:"near_misses"`
	// Note says what the figures do not cover.
	Note string `json:"note,omitempty"`
}

// AlertTrial is an alert that would have been, or one that a rule is asked about.
type AlertTrial struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Version  int       `json:"version"`
	State    string    `json:"state"`
	Watch    string    `json:"watch"`
	Level    string    `json:"level"`
	Headline string    `json:"headline"`
	Origins  int       `json:"origins"`
	// Why says by what it is told, or muted.
	Why string `json:"why,omitempty"`
}

// SubscriptionTrial is which of the latest alert versions a subscription would
// have told.
type SubscriptionTrial struct {
	Subscription subscription.Subscription `json:"subscription"`
	// Versions were looked at, of which Told would have been told.
	Versions int          `json:"versions"`
	Told     int          `json:"told"`
	Alerts   []AlertTrial `json:"alerts"`
	// Sent reports whether a test notification was sent: only when asked.
	Sent bool `json:"sent"`
}

// SilenceTrial is which of the alerts that live a silence would mute at its
// next version, at its level of now.
type SilenceTrial struct {
	Silence subscription.Silence `json:"silence"`
	Living  int                  `json:"living"`
	Muted   int                  `json:"muted"`
	Alerts  []AlertTrial         `json:"alerts"`
}

func (s *Server) shelfCalls() []call {
	yaml := []string{"application/json", "application/yaml"}
	out := kind{
		one: "watch", many: "watches", key: "name", shelf: s.Watches, example: watch.Definition{}, kinds: yaml, needs: []string{"query"}, test: WatchTrial{},
		told: "Runs its examples, and folds the latest articles with it alone.",
	}.calls(s)
	out = append(out, kind{
		one: "subscription", many: "subscriptions", key: "name", shelf: s.Subscriptions, example: subscription.Subscription{}, needs: []string{"channel"}, test: SubscriptionTrial{},
		told: "Lists the latest alert versions that it would tell; sends nothing unless send=true.",
	}.calls(s)...)
	return append(out, kind{
		one: "silence", many: "silences", key: "id", shelf: s.Silences, example: subscription.Silence{}, needs: []string{"comment", "until"}, test: SilenceTrial{},
		told: "Lists the living alerts that it would mute.",
	}.calls(s)...)
}
