package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Piece is a stretch of the article's own words: bytes [Start, End) of its
// field. Mark names what it was marked for, the term of the query that it met,
// or is empty.
type Piece struct {
	Words string `json:"words"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Mark  string `json:"mark,omitempty"`
}

// Line is a sentence of a text with the words in it that matched: bytes [Start,
// End) of the text.
type Line struct {
	Start  int     `json:"start"`
	End    int     `json:"end"`
	Pieces []Piece `json:"pieces"`
}

// Mark is a stretch of a text and the term that it met.
type Mark struct {
	events.Mention
	Term string
}

// Cut cuts the text s of a field along the marks that lie in it. Where marks
// overlap, the one that begins first and reaches furthest stands.
func Cut(s, field string, marks []Mark) []Piece { return cut(s, 0, len(s), apart(s, field, marks)) }

// Sentences gives the sentences of the text s of a field that hold marks, each
// cut along them, in the order of the text.
func Sentences(s, field string, marks []Mark) []Line {
	in := apart(s, field, marks)
	if len(in) == 0 {
		return nil
	}
	var out []Line
	ends := sentences(s)
	from := 0
	for _, to := range ends {
		n := 0
		for n < len(in) && in[n].Start < to {
			n++
		}
		if n > 0 {
			start, end := trim(s, from, to)
			start, end = min(start, in[0].Start), max(end, in[n-1].End) // a mark may reach into the next
			out = append(out, Line{start, end, cut(s, start, end, in[:n])})
			in, to = in[n:], max(to, end)
		}
		from = max(from, to)
	}
	return out
}

// longest is how many bytes a sentence is shown at most: a text without full
// stops is cut between words.
const longest = 600

// sentences are the places where the sentences of s end, the last its end.
func sentences(s string) []int {
	var out []int
	begin := 0
	for i, w := range token.Split(s) {
		if at := int(w.Start); i > 0 && (w.Starts() || at-begin > longest) {
			at = opening(s, at)
			out = append(out, at)
			begin = at
		}
	}
	return append(out, len(s))
}

// opens are the marks that open a sentence.
const opens = "«“„‚‘‹([\"'"

// opening goes back over the marks that open a sentence whose first word is at.
func opening(s string, at int) int {
	for {
		before := strings.TrimRight(s[:at], " \u00a0\u202f")
		r, size := utf8.DecodeLastRuneInString(before)
		if before == "" || !strings.ContainsRune(opens, r) || (r == '"' || r == '\'') && len(before) < at {
			return at
		}
		at = len(before) - size
	}
}

func apart(s, field string, marks []Mark) []Mark {
	var in []Mark
	for _, m := range marks {
		if m.Field == field && m.Start >= 0 && m.Start < m.End && m.End <= len(s) {
			in = append(in, m)
		}
	}
	slices.SortStableFunc(in, func(a, b Mark) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	at := 0
	return slices.DeleteFunc(in, func(m Mark) bool {
		if m.Start < at {
			return true
		}
		at = m.End
		return false
	})
}

// cut cuts bytes [from, to) of s along marks that lie there, apart and sorted.
func cut(s string, from, to int, in []Mark) []Piece {
	var out []Piece
	add := func(a, b int, mark string) {
		if a < b {
			out = append(out, Piece{s[a:b], a, b, mark})
		}
	}
	for _, m := range in {
		add(from, m.Start, "")
		add(m.Start, m.End, m.Term)
		from = m.End
	}
	add(from, to, "")
	return out
}
