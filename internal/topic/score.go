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

// What a term's weight is multiplied by, for where it stands and how often it
// was found before.
const (
	inTitle   = 2.0
	inOpening = 1.25 // the first openingWords of the text
	inLead    = 1.0  // up to leadWords
	inBody    = 0.55

	openingWords = 25
	leadWords    = 70

	// least is the evidence with which a topic is tagged, in parts of the
	// curve's middle.
	least = 1.2
	// share is the evidence of the strongest threat that another needs.
	share = 0.42
	// unsure is what a score is multiplied by when the language is not known.
	unsure = 0.75
)

// again is the weight of the second, third, … time that a term is found.
var again = [...]float64{1, 0.45, 0.3, 0.2, 0.15, 0.1}

// maxEvidence is how many mentions a tag carries at most.
const maxEvidence = 12

// mask is words whose phrases are not evidence.
type mask struct {
	span
	topic int32
}

// found is one use of one hit.
type found struct {
	topic, use int32
	weight     float32
	spans      [maxSides]span
	n          int // spans in use
}

// span is words [first, last].
type span struct{ first, last int32 }

// sum is the evidence for one topic: found[from:to], those that count moved to
// the front up to kept.
type sum struct {
	topic          int32
	from, to, kept int32
	own            float64 // what the topic's words say
	z              float64 // what is left of it beside the contexts
	rule           int32
	best           float64
}

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
	return t.reading(s, doc, trust)
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

// collect turns hits into uses, and leaves out what is masked.
func (s *scratch) collect() {
	for _, atom := range s.touched {
		for _, u := range s.m.byAtom[atom] {
			use := &s.m.uses[u]
			for h := s.head[atom]; h >= 0; h = s.hits[h].next {
				s.note(u, use, &s.hits[h])
			}
		}
	}
	if len(s.masks) > 0 {
		s.found = slices.DeleteFunc(s.found, s.masked)
	}
}

// nearest is the closest hit of an atom within reach of h, in its sentence.
func (s *scratch) nearest(h *hit, o other) *hit {
	var best *hit
	least := o.near + 1
	for i := s.head[o.atom]; i >= 0; i = s.hits[i].next {
		x := &s.hits[i]
		if x.title != h.title || (x.sentence != h.sentence && x.sentence != noSentence && h.sentence != noSentence) {
			continue
		}
		between := max(x.first-h.last, h.first-x.last) - 1
		if between >= 0 && between < least {
			best, least = x, between
		}
	}
	return best
}

// note notes one use of a hit, if what must stand near it does.
func (s *scratch) note(id int32, u *use, h *hit) {
	f := found{topic: u.topic, use: id, weight: u.weight, n: 1 + len(u.others)}
	f.spans[0] = span{h.first, h.last}
	for i, o := range u.others {
		x := s.nearest(h, o)
		if x == nil {
			return
		}
		f.spans[i+1] = span{x.first, x.last}
	}
	if u.ignore {
		s.mask(f)
		return
	}
	switch {
	case h.title:
		f.weight *= inTitle
	case h.first-s.titleLen < openingWords:
		f.weight *= inOpening
	case h.first-s.titleLen < leadWords:
		f.weight *= inLead
	default:
		f.weight *= inBody
	}
	s.found = append(s.found, f)
}

// maxMasks is how many stretches of a text may be left out.
const maxMasks = 256

func (s *scratch) mask(f found) {
	if len(s.masks) == maxMasks {
		return
	}
	m := mask{span: f.spans[0], topic: f.topic}
	for _, sp := range f.spans[1:f.n] {
		m.first, m.last = min(m.first, sp.first), max(m.last, sp.last)
	}
	s.masks = append(s.masks, m)
}

func (s *scratch) masked(f found) bool {
	for _, m := range s.masks {
		if m.topic != everyTopic && m.topic != f.topic {
			continue
		}
		for _, sp := range f.spans[:f.n] {
			if m.first <= sp.first && sp.last <= m.last {
				return true
			}
		}
	}
	return false
}

// weigh sums the evidence by topic. A word counts once for a topic, under its
// heaviest term.
func (s *scratch) weigh(t *Taxonomy) {
	slices.SortFunc(s.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(b.weight, a.weight), cmp.Compare(a.spans[0].first, b.spans[0].first),
			cmp.Compare(a.use, b.use))
	})
	s.sums = s.sums[:0]
	for i := 0; i < len(s.found); {
		j := i
		for j < len(s.found) && s.found[j].topic == s.found[i].topic {
			j++
		}
		s.sums = append(s.sums, s.total(int32(i), int32(j)))
		i = j
	}
	for i := range s.sums {
		for _, d := range t.damps[s.sums[i].topic] {
			s.sums[i].z -= d.weight * max(0, s.own(d.context))
		}
	}
}

// total sums found[from:to], all of one topic.
func (s *scratch) total(from, to int32) sum {
	x := sum{topic: s.found[from].topic, from: from, to: to, rule: -1}
	clear(s.owner)
	kept := from
	for i := from; i < to; i++ {
		f := s.found[i]
		if f.weight < 0 {
			x.own += float64(f.weight)
			continue
		}
		if s.taken(f) {
			continue
		}
		s.take(f)
		w := float64(f.weight) * again[min(s.times(x.from, kept, f.use), len(again)-1)]
		x.own += w
		if w > x.best {
			x.best, x.rule = w, s.m.uses[f.use].rule
		}
		s.found[kept] = f
		kept++
	}
	x.kept, x.z = kept, x.own
	return x
}

// times is how often the use was counted already.
func (s *scratch) times(from, kept, use int32) int {
	n := 0
	for _, f := range s.found[from:kept] {
		if f.use == use {
			n++
		}
	}
	return n
}

func (s *scratch) taken(f found) bool {
	for _, sp := range f.spans[:f.n] {
		for i := sp.first; i <= sp.last && int(i) < len(s.owner); i++ {
			if s.owner[i] {
				return true
			}
		}
	}
	return false
}

func (s *scratch) take(f found) {
	for _, sp := range f.spans[:f.n] {
		for int(sp.last) >= len(s.owner) {
			s.owner = append(s.owner, false)
		}
		for i := sp.first; i <= sp.last; i++ {
			s.owner[i] = true
		}
	}
}

// own is the evidence for a context. A context may be damped itself; what it
// takes from others is what its own words say.
func (s *scratch) own(context int32) float64 {
	for i := range s.sums {
		if s.sums[i].topic == context {
			return s.sums[i].own
		}
	}
	return 0
}

// reading makes tags of the sums.
func (t *Taxonomy) reading(s *scratch, doc token.Doc, trust float64) Reading {
	var strongest float64
	for _, x := range s.sums {
		if t.topics[x.topic].Threat {
			strongest = max(strongest, x.z)
		}
	}
	var r Reading
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
