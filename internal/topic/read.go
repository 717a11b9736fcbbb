package topic

import (
	"cmp"
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// curve makes a score of evidence: 1 / (1 + exp(-slope × (evidence - middle))),
// after Platt (1999).
type curve struct{ slope, middle float64 }

var defaultCurve = curve{slope: 0.9, middle: 3}

func (c curve) score(z float64) float64 { return 1 / (1 + math.Exp(-c.slope*(z-c.middle))) }

// maxEvidence is how many mentions a tag carries at most.
const maxEvidence = 12

// Reading is all that was understood of one article.
type Reading struct {
	// Tags are the topics, the surest first.
	Tags []events.Tag
	// Contexts are the hidden topics (context.anniversary, context.drill,
	// context.fiction …) with their evidence.
	Contexts []events.Tag
}

// Tag gives the topics of an article, the surest first and, of equal score, by
// id. Doc is the article's title and text cut into words; lang is the text's
// language ("und": the words of all languages count, for less); ents are what
// rules may ask for by "entity:" and "kind:", and may be nil. Every tag's
// evidence is mentions in a.
func (t *Taxonomy) Tag(a events.Article, doc token.Doc, lang string, ents []events.Entity) []events.Tag {
	return t.Read(a, doc, lang, ents).Tags
}

// Read is [Taxonomy.Tag] and the contexts that the text stands in.
func (t *Taxonomy) Read(a events.Article, doc token.Doc, lang string, ents []events.Entity) Reading {
	var r Reading
	t.judge(doc, lang, ents, func(s *scratch, doc token.Doc, trust float64) { r = t.reading(s, doc, trust) })
	return r
}

// judge weighs a text, cut to what is read of it, and hands over the sums.
func (t *Taxonomy) judge(doc token.Doc, lang string, ents []events.Entity, take func(s *scratch, doc token.Doc, trust float64)) {
	m, trust := t.matcher(lang)
	if len(doc.Title) > MaxWords {
		doc.Title = doc.Title[:MaxWords]
	}
	if len(doc.Title)+len(doc.Text) > MaxWords {
		doc.Text = doc.Text[:MaxWords-len(doc.Title)]
	}
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.reset()
	s.titleLen = int32(len(doc.Title))
	s.scan(doc.Title, 0, true)
	s.scan(doc.Text, s.titleLen, false)
	s.places(doc, ents)
	s.collect()
	s.weigh(t)
	take(s, doc, trust)
}

// matcher of a language, and what its scores are multiplied by.
func (t *Taxonomy) matcher(lang string) (*matcher, float64) {
	if len(lang) > 2 && lang != events.Und {
		for i := range lang {
			if lang[i] == '-' || lang[i] == '_' {
				lang = lang[:i]
				break
			}
		}
	}
	if lang == "" || lang == events.Und {
		return t.matchers[""], unsure
	}
	if m, ok := t.matchers[lang]; ok {
		return m, 1
	}
	return t.every, unsure
}

// reading makes tags of the sums.
func (t *Taxonomy) reading(s *scratch, doc token.Doc, trust float64) Reading {
	var strongest float64
	for _, x := range s.sums {
		if t.topics[x.topic].Threat {
			strongest = max(strongest, x.z)
		}
	}
	r := Reading{Tags: []events.Tag{}} // [] and not null in JSON
	for _, x := range s.sums {
		topic := &t.topics[x.topic]
		if x.z < least*t.curve.middle || topic.Threat && x.z < share*strongest {
			continue
		}
		tag := events.Tag{
			Topic:    topic.ID,
			Score:    math.Round(trust*t.curve.score(x.z)*1000) / 1000,
			Rule:     t.rules[x.rule].Name,
			Evidence: s.evidence(x, doc),
		}
		if topic.Hidden {
			r.Contexts = append(r.Contexts, tag)
		} else {
			r.Tags = append(r.Tags, tag)
		}
	}
	sortTags(r.Tags)
	sortTags(r.Contexts)
	return r
}

func sortTags(tags []events.Tag) {
	slices.SortFunc(tags, func(a, b events.Tag) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Topic, b.Topic))
	})
}

// evidence is the heaviest mentions of a sum, in the order of the text.
func (s *scratch) evidence(x sum, doc token.Doc) []events.Mention {
	kept := s.found[x.from:x.kept]
	if len(kept) > maxEvidence {
		kept = kept[:maxEvidence]
	}
	out := make([]events.Mention, 0, len(kept)+2)
	for _, f := range kept {
		for _, sp := range f.spans[:f.n] {
			out = append(out, s.mention(doc, sp.first, sp.last))
		}
	}
	slices.SortFunc(out, func(a, b events.Mention) int {
		return cmp.Or(cmp.Compare(b.Field, a.Field), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return slices.Compact(out)
}

func (s *scratch) mention(doc token.Doc, first, last int32) events.Mention {
	if first < s.titleLen {
		return events.Mention{Field: events.FieldTitle, Start: int(doc.Title[first].Start), End: int(doc.Title[last].End)}
	}
	first, last = first-s.titleLen, last-s.titleLen
	return events.Mention{Field: events.FieldText, Start: int(doc.Text[first].Start), End: int(doc.Text[last].End)}
}
