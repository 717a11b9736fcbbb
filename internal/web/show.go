package web

import (
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Story is a cluster of articles on one happening, as the console shows it.
type Story struct {
	ID       string `json:"id"`
	Headline string `json:"headline"`
	// Phase is its place in life: emerging, developing, confirmed, peak,
	// fading, closed, revived.
	Phase    string            `json:"phase"`
	First    time.Time         `json:"first"`
	Last     time.Time         `json:"last"`
	Articles []events.Evidence `json:"articles"`
	Origins  int               `json:"origins"`
	Langs    []string          `json:"langs"`
	Entities []string          `json:"entities"`
	Topics   []string          `json:"topics"`
}

// Explanation tells why an alert is: the clauses and their numbers, the
// evidence down to the words, what was ignored, and what is missing.
type Explanation struct {
	Alert   events.Alert `json:"alert"`
	Query   string       `json:"query"`
	Clauses []Clause     `json:"clauses"`
	// Articles is the evidence, each with the words that made it match.
	Articles []Grounds `json:"articles"`
	Missing  string    `json:"missing,omitempty"`
}

// Clause is one condition of a watch with what was asked and seen.
type Clause struct {
	Name  string `json:"name"`
	Asked string `json:"asked"`
	Seen  string `json:"seen"`
	Met   bool   `json:"met"`
}

// Grounds is why one article counts, or does not.
type Grounds struct {
	events.Evidence
	// Counts is false for a reprint of something counted already.
	Counts bool    `json:"counts"`
	Lang   string  `json:"lang,omitempty"`
	Title  []Piece `json:"title_pieces,omitempty"`
	Text   []Piece `json:"text_pieces,omitempty"`
}

// Piece is a stretch of the article's own words; Mark names the term of the
// query that it met, or is empty.
type Piece struct {
	Words string `json:"words"`
	Mark  string `json:"mark,omitempty"`
}
