package topic

import (
	"cmp"
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Doubt is what speaks against a topic: contexts that the text stands in, and
// words that a rule counts as evidence against.
type Doubt struct {
	Topic string
	// Alone is the score that the words for the topic would have had alone,
	// Left what is left of it.
	Alone, Left float64
	// Tagged reports whether it is a tag all the same.
	Tagged bool
	// Contexts are those that take evidence away (context.drill), each with its
	// words.
	Contexts []events.Tag
	// For are the words for the topic, Against those against it.
	For, Against []events.Mention
}

// Doubts are the topics that a text would be tagged with, or more surely so, if
// nothing spoke against them; the most surely alone first. It is for a person
// who asks why: [Taxonomy.Read] does not need it.
func (t *Taxonomy) Doubts(doc token.Doc, lang string, ents []events.Entity) []Doubt {
	var out []Doubt
	t.judge(doc, lang, ents, func(s *scratch, doc token.Doc, trust float64) {
		score := func(z float64) float64 { return math.Round(trust*t.curve.score(z)*1000) / 1000 }
		for _, x := range s.sums {
			against := s.against(x)
			alone := x.own
			for _, f := range against {
				alone -= float64(f.weight)
			}
			if t.topics[x.topic].Hidden || alone < least*t.curve.middle || x.z >= alone {
				continue
			}
			d := Doubt{Topic: t.topics[x.topic].ID, Alone: score(alone), Left: score(x.z), Tagged: x.z >= least*t.curve.middle, For: s.evidence(x, doc)}
			for _, damp := range t.damps[x.topic] {
				for _, c := range s.sums {
					if c.topic == damp.context && damp.weight > 0 && c.own > 0 {
						d.Contexts = append(d.Contexts, events.Tag{Topic: t.topics[c.topic].ID, Score: score(c.own), Evidence: s.evidence(c, doc)})
					}
				}
			}
			for _, f := range against[:min(len(against), maxEvidence)] {
				for _, sp := range f.spans[:f.n] {
					d.Against = append(d.Against, s.mention(doc, sp.first, sp.last))
				}
			}
			out = append(out, d)
		}
	})
	slices.SortFunc(out, func(a, b Doubt) int { return cmp.Or(cmp.Compare(b.Alone, a.Alone), cmp.Compare(a.Topic, b.Topic)) })
	return out
}

// against are the findings of a sum that speak against it; they are the last.
func (s *scratch) against(x sum) []found {
	to := x.to
	for to > x.kept && s.found[to-1].weight < 0 {
		to--
	}
	return s.found[to:x.to]
}
