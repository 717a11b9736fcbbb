package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Grounds is one article of the evidence: why it counts or does not, what it
// is, and its words.
type Grounds struct {
	events.Evidence
	// Counts is false for an article that brings no origin of its own.
	Counts bool `json:"counts"`
	// Repeats is the article that brought its origin before it.
	Repeats *Repeat `json:"repeats,omitempty"`
	// Late articles tell of a time whose window had closed: they are evidence,
	// and fire nothing.
	Late bool `json:"late,omitempty"`
	// Matches reports that its own words answer the watch's query; otherwise it
	// counts because its story does.
	Matches bool `json:"matches"`
	// Lacks is what it would need to answer the query itself, or must not have.
	Lacks []string `json:"lacks,omitempty"`
	// Gone is an article whose text is not kept any more.
	Gone      bool      `json:"gone,omitempty"`
	FetchedAt time.Time `json:"fetched_at,omitzero"`
	Lang      string    `json:"lang,omitempty"`
	// Kind is the kind of piece, KindReason why, where it is not news.
	Kind       string `json:"kind,omitempty"`
	KindReason string `json:"kind_reason,omitempty"`
	// Agency is the agency that the text credits, with the words.
	Agency *Agency `json:"agency,omitempty"`
	// Family is the publisher's owner, Trusted whether the publisher is.
	Family  string `json:"family,omitempty"`
	Trusted bool   `json:"trusted,omitempty"`
	// Says is who says what in it.
	Says []Saying `json:"says,omitempty"`
	// Places are those with coordinates.
	Places []Place `json:"places,omitempty"`
	// Terms are the terms of the query that it meets, with its words for each.
	Terms []Met `json:"terms,omitempty"`
	// Title is the title, cut along the words that matched; Lines are the
	// sentences of the text that hold such words.
	Title []Piece `json:"title_pieces,omitempty"`
	Lines []Line  `json:"lines,omitempty"`
}

// Agency is the agency that an article is from, and how it is known.
type Agency struct {
	Key string `json:"key"`
	// Words are those of the article that credit it; none where the feed or the
	// byline does.
	Words string `json:"words,omitempty"`
	Field string `json:"field,omitempty"`
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
}

// Repeat is an article that had brought the origin before.
type Repeat struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	Title  string `json:"title"`
	// Shared is the share of copied words, from 0 to 1.
	Shared float64 `json:"shared"`
}

// Saying is something that an article attributes to somebody.
type Saying struct {
	// Stance is claim, confirm, deny or quote.
	Stance string `json:"stance"`
	// Speaker is the name of who says it, "" when that is not sure; SpeakerID
	// its id, where it has one.
	Speaker   string `json:"speaker,omitempty"`
	SpeakerID string `json:"speaker_id,omitempty"`
	Field     string `json:"field"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Words     string `json:"words"`
}

// Place is a place that an article names. Lat and Lon are degrees (WGS 84).
type Place struct {
	ID      string  `json:"id,omitempty"`
	Name    string  `json:"name"`
	Country string  `json:"country,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
}

// Met is a term of a query and the words that met it, each once.
type Met struct {
	Term  string   `json:"term"`
	Words []string `json:"words,omitempty"`
}

// OriginWhy says why the article counts towards its origin.
func (g Grounds) OriginWhy() string {
	switch {
	case g.Agency != nil && g.Agency.Key == g.Origin:
		return "a text of the agency " + g.Origin + ": " + g.Agency.words()
	case strings.HasPrefix(g.Why, "names "):
		return "a text of the agency " + g.Origin
	case strings.HasPrefix(g.Why, "copies "), strings.HasPrefix(g.Why, "translates "):
		return g.Why
	case g.Origin == g.Source || g.Family == "" || g.Family == g.Source:
		return "its own reporting"
	}
	return "its own reporting (family " + g.Family + ")"
}

// NotCounted says why an article that brings no origin does not.
func (g Grounds) NotCounted() string {
	if g.Repeats == nil {
		return ""
	}
	share := ""
	if g.Repeats.Shared > 0 {
		share = fmt.Sprintf(", %.0f %% of the words copied", 100*g.Repeats.Shared)
	}
	of := g.Repeats.Source
	switch {
	case strings.HasPrefix(g.Why, "copies "):
		return "a copy of the text in " + of + share
	case strings.HasPrefix(g.Why, "translates "):
		return "a translation of the text in " + of
	case g.Agency != nil && g.Agency.Key == g.Origin:
		return "the agency " + g.Origin + " again, as in " + of + share + ": " + g.Agency.words()
	case g.Source == of:
		return of + " again" + share
	case g.Family == g.Origin:
		return "the family " + g.Family + " again, as " + of + share
	}
	return g.Origin + " again, as in " + of + share
}

// repeats notes which article had brought the origin: the one that was copied,
// else the first.
func (g *Grounds) repeats(articles []Grounds, first string) {
	prefix := first
	if _, of, ok := strings.Cut(g.Why, "copies "); ok {
		prefix, _, _ = strings.Cut(of, " ")
	} else if _, of, ok := strings.Cut(g.Why, "translates "); ok {
		prefix = of
	}
	for _, want := range []string{prefix, first} {
		for _, o := range articles {
			if o.ID != g.ID && want != "" && strings.HasPrefix(o.ID, want) {
				g.Repeats = &Repeat{ID: o.ID, Source: o.Source, Title: o.Evidence.Title}
				return
			}
		}
	}
}
