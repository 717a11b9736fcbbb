package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Marked is an article with all that was understood of it, for a person to
// look at.
type Marked struct {
	Article      events.Article
	Lang         string
	Kind, Reason string
	Agency       *Agency
	Title, Text  []Run
	Says         []Saying
	Topics       []MarkedTag
	// Against is what spoke against a topic, where that is known.
	Against  []MarkedDoubt
	Entities []MarkedEntity
	Map      *atlas
}

// Run is a stretch of a text that one statement holds, or none.
type Run struct {
	Said  *Saying
	Words []Stretch
}

// Stretch is words that are marked alike: Kind is PER, ORG, LOC, MISC, "topic"
// or empty.
type Stretch struct {
	Words, Kind, Why string
}

// MarkedTag is a topic with its words.
type MarkedTag struct {
	Topic string
	Score float64
	Rule  string
	Words []string
}

// MarkedDoubt is what spoke against a topic.
type MarkedDoubt struct {
	Topic       string
	Alone, Left float64
	Tagged      bool
	// Contexts take evidence away; Words are evidence against it, For the words
	// for it.
	Contexts   []MarkedTag
	Words, For []string
}

// MarkedEntity is who or what is named, with the words.
type MarkedEntity struct {
	events.Entity
	Words []string
	Times int
}

// Wikidata is the address of what is known of the entity, or empty.
func (e MarkedEntity) Wikidata() string {
	if rest, ok := strings.CutPrefix(e.ID, "Q"); ok && rest != "" && strings.Trim(rest, "0123456789") == "" {
		return "https://www.wikidata.org/wiki/" + e.ID
	}
	return ""
}

// MarkUp marks an enriched article; against may be nil.
func MarkUp(e events.Enriched, against []topic.Doubt) Marked {
	m := Marked{
		Article: e.Article, Lang: e.Lang, Kind: e.Kind, Reason: e.KindReason, Agency: agencyOf(e),
		Title: Runs(e, events.FieldTitle), Text: Runs(e, events.FieldText),
	}
	for _, s := range e.Says {
		m.Says = append(m.Says, saying(e, s))
	}
	for _, t := range e.Topics {
		m.Topics = append(m.Topics, MarkedTag{t.Topic, t.Score, t.Rule, wordsOf(e.Article, t.Evidence)})
	}
	for _, d := range against {
		out := MarkedDoubt{Topic: d.Topic, Alone: d.Alone, Left: d.Left, Tagged: d.Tagged, Words: wordsOf(e.Article, d.Against), For: wordsOf(e.Article, d.For)}
		for _, c := range d.Contexts {
			out.Contexts = append(out.Contexts, MarkedTag{c.Topic, c.Score, c.Rule, wordsOf(e.Article, c.Evidence)})
		}
		m.Against = append(m.Against, out)
	}
	for _, x := range e.Entities {
		m.Entities = append(m.Entities, MarkedEntity{x, wordsOf(e.Article, x.Mentions), len(x.Mentions)})
	}
	var g Grounds
	g.Understood(e)
	m.Map = mapped([]Grounds{g})
	return m
}

// wordsOf are the words of mentions, each once.
func wordsOf(a events.Article, ms []events.Mention) []string {
	var out []string
	for _, m := range ms {
		if w := m.Of(a); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// Runs cuts one field of an article along its entities, topics and statements.
// Put together again, the words are the field.
func Runs(e events.Enriched, field string) []Run {
	s := e.Article.Text
	if field == events.FieldTitle {
		s = e.Article.Title
	}
	inner := stretches(e, field, len(s))
	var out []Run
	at := 0
	add := func(from, to int, said *Saying) {
		if from < to {
			out = append(out, Run{said, within(s, from, to, inner)})
		}
	}
	for _, x := range sayings(e, field, len(s), inner) {
		add(at, x.start, nil)
		add(x.start, x.end, x.said)
		at = x.end
	}
	add(at, len(s), nil)
	return out
}

type stretch struct {
	start, end int
	kind, why  string
	said       *Saying
}

// within cuts bytes [from, to) of s along the stretches that lie there.
func within(s string, from, to int, all []stretch) []Stretch {
	var out []Stretch
	add := func(a, b int, kind, why string) {
		if a < b {
			out = append(out, Stretch{s[a:b], kind, why})
		}
	}
	for _, x := range all {
		if x.start < from || x.end > to {
			continue
		}
		add(from, x.start, "", "")
		add(x.start, x.end, x.kind, x.why)
		from = x.end
	}
	add(from, to, "", "")
	return out
}

// stretches are the entities and topics of a field in the order of the text,
// the longer of two that overlap.
func stretches(e events.Enriched, field string, size int) []stretch {
	var all []stretch
	add := func(ms []events.Mention, kind, why string) {
		for _, m := range ms {
			if m.Field == field && m.Start >= 0 && m.Start < m.End && m.End <= size {
				all = append(all, stretch{start: m.Start, end: m.End, kind: kind, why: why})
			}
		}
	}
	for _, x := range e.Entities {
		add(x.Mentions, x.Kind, cmp.Or(x.ID, "not linked")+" "+x.Name)
	}
	for _, t := range e.Topics {
		add(t.Evidence, "topic", t.Topic)
	}
	return separate(all)
}

// sayings are the statements of a field, grown so that they part no stretch.
func sayings(e events.Enriched, field string, size int, inner []stretch) []stretch {
	var all []stretch
	for _, s := range e.Says {
		if w := s.Words; w.Field != field || w.Start < 0 || w.Start >= w.End || w.End > size {
			continue
		}
		said := saying(e, s)
		x := stretch{start: s.Words.Start, end: s.Words.End, said: &said}
		for _, in := range inner {
			if in.start < x.end && in.end > x.start {
				x.start, x.end = min(x.start, in.start), max(x.end, in.end)
			}
		}
		all = append(all, x)
	}
	return separate(all)
}

// separate sorts stretches and drops those that begin inside another.
func separate(all []stretch) []stretch {
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	at := 0
	return slices.DeleteFunc(all, func(x stretch) bool {
		if x.start < at {
			return true
		}
		at = x.end
		return false
	})
}
