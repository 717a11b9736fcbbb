package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Story is a cluster of articles on one happening, as the console shows it.
type Story struct {
	ID       string `json:"id"`
	Headline string `json:"headline"`
	// Phase is its place in life: emerging, developing, confirmed, peak,
	// fading, closed, revived.
	Phase string    `json:"phase"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	// Count is the number of articles; Articles are they, where one story is
	// shown by itself.
	Count    int               `json:"count"`
	Articles []events.Evidence `json:"articles,omitempty"`
	Origins  int               `json:"origins"`
	// Langs are its languages in the order in which they told it first.
	Langs []Tongue `json:"langs"`
	Audit []Change `json:"audit,omitempty"`
}

// Tongue is a language, and when a story was first told in it.
type Tongue struct {
	Lang string    `json:"lang"`
	At   time.Time `json:"at"`
}

// Change is something that happened to a story: a merge, a split.
type Change struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
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
	Baseline Baseline  `json:"baseline"`
}

// Baseline is what an expectation rests on.
type Baseline struct {
	Observed int     `json:"observed"`
	Expected float64 `json:"expected"`
	PValue   float64 `json:"p_value"`
	// Days is how many days of history it covers; Cold, that these are too few
	// to judge by.
	Days int  `json:"days"`
	Cold bool `json:"cold"`
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

// Mark is a stretch of a text and the term that it met.
type Mark struct {
	events.Mention
	Term string
}

// Cut cuts the text s of a field along the marks that lie in it. Where marks
// overlap, the one that begins first and reaches furthest stands.
func Cut(s, field string, marks []Mark) []Piece {
	var in []Mark
	for _, m := range marks {
		if m.Field == field && m.Start >= 0 && m.Start < m.End && m.End <= len(s) {
			in = append(in, m)
		}
	}
	slices.SortStableFunc(in, func(a, b Mark) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	var out []Piece
	at := 0
	for _, m := range in {
		if m.Start < at {
			continue
		}
		if m.Start > at {
			out = append(out, Piece{Words: s[at:m.Start]})
		}
		out = append(out, Piece{Words: s[m.Start:m.End], Mark: m.Term})
		at = m.End
	}
	if at < len(s) {
		out = append(out, Piece{Words: s[at:]})
	}
	return out
}
