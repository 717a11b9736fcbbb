package entity

import (
	"math"

	"github.com/tocsin-news/tocsin/internal/token"
)

// link gives each span the record that it means, where one is likely enough.
func (r *reading) link() {
	for i := range r.spans {
		r.tail(&r.spans[i])
	}
	around := r.surroundings()
	for i := range r.spans {
		r.resolve(&r.spans[i], around)
	}
	r.agree()
	r.headline()
	r.recall(around)
	r.holders()
}

// candidate is a record that a span may mean.
type candidate struct {
	record  uint32
	flags   uint16
	foreign bool // called so in other languages than the article's
	score   float64
	signs   sign
}

// sign is what in the article spoke for a candidate.
type sign uint8

const (
	inFull   sign = 1 << iota // the article has a name of it that means nothing else
	ofLand                    // the article is of its country
	inRegion                  // the article names the region that it lies in
	beside                    // the text puts its region or country right behind it
	nearby                    // the article names a place near it
	spoken                    // the article's language is that of its country
)

// resolve picks the likeliest record for a span.
func (r *reading) resolve(s *span, a surroundings) {
	best, second := candidate{score: -100}, candidate{score: -100}
	self, ok := r.plain(s)
	if !ok {
		self = none
	}
	for p := s.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&flagOffice != 0 || !r.fits(&r.fields[s.field], s.from, s.to, q) {
			continue
		}
		c := candidate{record: q.Record, flags: q.Flags, foreign: r.foreign(q)}
		r.weigh(s, &c, self, a)
		switch {
		case c.score > best.score:
			if c.record != best.record {
				second = best
			}
			best = c
		case c.score > second.score && c.record != best.record:
			second = c
		}
	}
	switch {
	case best.score == -100:
	case best.score < 0 || r.undecided(best, second):
		r.refuse(s, best)
	default:
		s.record = int32(best.record) + 1
		s.kind = r.base.metas[best.record].kind
		if best.flags&flagAdjective != 0 {
			s.kind = 'M'
		}
		s.reason = "known by this name"
		if s.stem {
			s.reason = "known by another case of this name"
		}
		s.reason += r.why(best, a)
	}
}

// undecided reports whether the two likeliest are so near each other that the
// text does not say which is meant. A town stands before the region of its name.
func (r *reading) undecided(best, second candidate) bool {
	x, y := &r.base.metas[best.record], &r.base.metas[second.record]
	if second.score < best.score-0.5 || x.prior >= 7 || x.kind != y.kind {
		return false
	}
	related := x.part == second.record+1 || y.part == best.record+1
	return !related && best.signs&^(spoken|ofLand) == second.signs&^(spoken|ofLand)
}

// refuse leaves a span without a record: a name that nobody of those who bear
// it is likely to be meant by, or no name at all.
func (r *reading) refuse(s *span, best candidate) {
	word := best.flags&(flagWeak|flagBare) != 0
	if s.reason == "" && word { // the base alone had found it
		s.kind = 0
	}
	if word && s.to-s.from == 1 && s.from > 0 && articles[r.fields[s.field].words[s.from-1].Fold] {
		s.kind = 0 // the Alliance, l'Union: a word, not a name that we know
	}
	if s.reason == "" {
		s.reason = "a name that the base knows; the article does not say whose"
	}
}

// none is no record's number.
const none = math.MaxUint32

// weigh says how likely candidate c is meant: its prior, less when the form is
// weak or the context saw something of another kind, more for each sign in the
// article.
func (r *reading) weigh(s *span, c *candidate, self uint32, a surroundings) {
	m := &r.base.metas[c.record]
	c.score = float64(m.prior)
	c.signs = r.signs(s, c.record, self, a)
	tagged := s.reason != ""
	if c.flags&flagAdjective == 0 && m.kind != s.kind {
		c.score -= r.unlikeness(s, m)
	}
	switch {
	case c.flags&flagWeak == 0:
	case c.signs&inFull != 0:
		return
	case tagged && m.kind == s.kind && c.flags&flagBare == 0:
		c.score -= 5
	default:
		c.score -= 10
	}
	for _, x := range [...]struct {
		sign
		worth float64
	}{{ofLand, min(4, 2+float64(a.countries[m.country])/2)}, {inRegion, 3}, {beside, 6}, {nearby, 3}, {spoken, 1}} {
		if c.signs&x.sign != 0 {
			c.score += x.worth
		}
	}
	if m.nation {
		c.score += 4 // whom a town or a river is called after
	}
	if c.foreign {
		c.score -= 5
	}
	c.score -= r.thinness(c, m)
	if m.kind == 'O' && m.prior < 8 && m.country != [2]byte{} && c.signs&ofLand == 0 && len(a.countries) > 0 && r.generic(s) {
		c.score -= 12
	}
	if m.kind == 'L' && m.prior < 7 && c.signs&beside == 0 && r.elsewhere(s) {
		c.score -= 6
	}
}

// unlikeness is what it costs that m is of another kind than the span. A town
// is neither the club nor the person that is called so.
func (r *reading) unlikeness(s *span, m *meta) float64 {
	if m.kind == 'O' && s.kind == 'P' {
		return 6
	}
	if s.reason == "" || m.kind != 'L' || m.prior > 6 || m.prior > 4 && s.to-s.from > 1 {
		return 4
	}
	return 12
}

// thinness is what it costs that nothing in the article supports a record that
// few know: one of many who may bear a person's name, a small town far away.
func (r *reading) thinness(c *candidate, m *meta) float64 {
	switch {
	case c.signs&^(spoken|inFull) != 0:
	case m.kind == 'P' && (m.prior < 3 || m.prior < 4 && c.signs&spoken == 0 || c.flags&flagBare != 0 && m.prior < 8):
		return 8
	case m.kind == 'L' && m.prior < 4 && c.signs&spoken == 0:
		return 6
	}
	return 0
}

// bodies are heads of what many states and parties have: the Supreme Court,
// l'Assemblée nationale, Labour.
var bodies = set("assembly assemblee asamblea assemblea nationalversammlung court cour corte senate senat senato senado parliament parlement parlament parlamento " +
	"congress congres congreso party parti partei partido partito labour labor travailliste guard garde guardia ministry ministere ministerium ministerio ministero " +
	"council conseil consejo consiglio")

// generic reports whether a name is but one or two common words, one of them
// such a body.
func (r *reading) generic(s *span) bool {
	body := false
	if s.to-s.from > 2 {
		return false
	}
	for i := s.from; i < s.to; i++ {
		w := &r.fields[s.field].words[i]
		body = body || bodies[w.Fold]
		word := w.Shape&(token.Letters|token.Capital) != token.Letters|token.Capital || articles[w.Fold]
		if !word && (r.tagger == nil || !r.tagger.Common(w, r.lang) && !r.tagger.Head(w)) {
			return false
		}
	}
	return body
}

// why puts the signs that spoke for a candidate in words.
func (r *reading) why(c candidate, a surroundings) string {
	m := &r.base.metas[c.record]
	if c.flags&flagWeak != 0 && c.signs&inFull != 0 {
		return "; named in full elsewhere"
	}
	why := ""
	if m.part != 0 && c.signs&(beside|inRegion) != 0 {
		_, region := r.base.head(m.part - 1)
		why += "; in " + region
	}
	if a.countries[m.country] > 1 && m.country != [2]byte{} {
		why += "; the article is of " + string(m.country[:])
	}
	if p := r.near(c.record, none, a); p >= 0 {
		_, name := r.base.head(uint32(p))
		why += "; near " + name
	}
	return why
}

func (s *span) text(r *reading) string {
	f := &r.fields[s.field]
	return f.src[f.words[s.from].Start:f.end(s.to)]
}

// key is equal for spans of one entity: of one record, of one full name, or of
// the same words.
func (s *span) key(r *reading) uint64 {
	switch {
	case s.record != 0:
		return uint64(s.kind)<<56 | uint64(s.record)
	case s.entity != 0:
		return r.spans[s.entity-1].key(r)
	}
	h := uint64(s.kind)
	for _, w := range r.fields[s.field].words[s.from:s.to] {
		h = (h ^ w.Hash) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h | 1<<63
}
