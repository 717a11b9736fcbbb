package web

import (
	"cmp"
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// mostSaid is how many statements of one article an explanation tells.
const mostSaid = 12

// Understood takes over what was understood of the article.
func (g *Grounds) Understood(e events.Enriched) {
	g.Lang, g.Kind, g.KindReason, g.FetchedAt = e.Lang, e.Kind, e.KindReason, e.Article.FetchedAt
	g.Agency = agencyOf(e)
	g.Title = Cut(e.Article.Title, events.FieldTitle, nil)
	for _, s := range e.Says[:min(len(e.Says), mostSaid)] {
		g.Says = append(g.Says, saying(e, s))
	}
	for _, x := range e.Entities {
		if x.Lat != nil && x.Lon != nil {
			g.Places = append(g.Places, Place{x.ID, x.Name, x.Country, degrees(*x.Lat), degrees(*x.Lon)})
		}
	}
}

// degrees rounds to some ten metres: coordinates are kept in half the digits.
func degrees(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// Marked takes the words of the article that met the query.
func (g *Grounds) Marked(a events.Article, marks []Mark) {
	for _, m := range marks {
		words := m.Of(a)
		i := slices.IndexFunc(g.Terms, func(t Met) bool { return t.Term == m.Term })
		if i < 0 {
			i = len(g.Terms)
			g.Terms = append(g.Terms, Met{Term: m.Term})
		}
		if t := &g.Terms[i]; words != "" && !slices.Contains(t.Words, words) {
			t.Words = append(t.Words, words)
		}
	}
	g.Title = Cut(a.Title, events.FieldTitle, marks)
	g.Lines = Sentences(a.Text, events.FieldText, marks)
}

// agencyOf is the agency that an article credits, with the words where the
// text does so, or nil.
func agencyOf(e events.Enriched) *Agency {
	switch {
	case e.Origin != nil:
		return credited(e.Article, *e.Origin)
	case e.Article.Origin == "":
		return nil
	}
	// The ingestor found it: find the words again.
	a := e.Article
	if o, ok := origin.Agency(a.Title, a.Text, token.Of(a.Title, a.Text)); ok && o.Key == a.Origin {
		return credited(a, o)
	}
	return &Agency{Key: a.Origin}
}

// credited is an agency with the words that name it, and the brackets around
// them: "(AFP)".
func credited(a events.Article, o events.Origin) *Agency {
	m := o.Evidence
	if wider := (events.Mention{Field: m.Field, Start: m.Start - 1, End: m.End + 1}); bracketed(wider.Of(a)) {
		m = wider
	}
	return &Agency{o.Key, m.Of(a), m.Field, m.Start, m.End}
}

func bracketed(s string) bool {
	n := len(s)
	return n > 2 && (s[0] == '(' && s[n-1] == ')' || s[0] == '[' && s[n-1] == ']' || s[0] == '/' && s[n-1] == '/')
}

func saying(e events.Enriched, s events.Statement) Saying {
	out := Saying{Stance: s.Stance, Speaker: s.Speaker, Field: s.Words.Field, Start: s.Words.Start, End: s.Words.End, Words: s.Words.Of(e.Article)}
	for _, x := range e.Entities {
		if s.Speaker != "" && x.ID == s.Speaker {
			out.Speaker, out.SpeakerID = cmp.Or(x.Name, x.ID), x.ID
		}
	}
	return out
}
