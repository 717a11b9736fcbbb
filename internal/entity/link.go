package entity

import (
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/internal/entity/ending"
	"github.com/tocsin-news/tocsin/internal/token"
)

// link gives each span the record that it means, where one is likely enough.
func (r *reading) link() {
	around := r.surroundings()
	for i := range r.spans {
		r.resolve(&r.spans[i], around)
	}
	r.recall()
	r.holders()
}

// surroundings are what the article speaks of for sure: countries, and places.
type surroundings struct {
	countries map[[2]byte]int
	places    []uint32
	named     map[uint32]bool
}

// surroundings counts the countries of the names that can mean but one thing.
func (r *reading) surroundings() surroundings {
	a := surroundings{countries: map[[2]byte]int{}, named: map[uint32]bool{}}
	for i := range r.spans {
		s := &r.spans[i]
		if s.post == 0 {
			continue
		}
		q, next := r.base.set.Post(s.post)
		if q.Flags&flagOffice != 0 {
			continue
		}
		m := &r.base.metas[q.Record]
		if next != 0 && m.prior < 8 || q.Flags&flagWeak != 0 {
			continue
		}
		a.named[q.Record] = true
		if m.country != [2]byte{} {
			a.countries[m.country]++
		}
		if m.placed && len(a.places) < 64 {
			a.places = append(a.places, q.Record)
		}
	}
	return a
}

// resolve picks the likeliest record for a span.
func (r *reading) resolve(s *span, around surroundings) {
	tagged, best := s.kind, -100.0
	var flags uint16
	for p := s.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&flagOffice != 0 || !r.fits(&r.fields[s.field], s.from, s.to, q) {
			continue
		}
		score := r.score(q.Record, q.Flags, around)
		if r.base.metas[q.Record].kind != tagged && q.Flags&flagAdjective == 0 {
			score -= 4
		}
		if score > best {
			best, flags = score, q.Flags
			s.record = int32(q.Record) + 1
		}
	}
	switch {
	case s.record == 0:
	case best < 0:
		r.refuse(s, tagged)
	default:
		s.kind = r.base.metas[s.record-1].kind
		if flags&flagAdjective != 0 {
			s.kind = 'M'
		}
		s.reason = "known by this name"
		if s.stem {
			s.reason = "known by another case of this name"
		}
		s.reason += r.why(uint32(s.record-1), flags, around)
	}
}

// refuse leaves a span without a record: a name that nobody of those who bear
// it is likely to be meant by, or no name at all.
func (r *reading) refuse(s *span, tagged byte) {
	s.record, s.kind = 0, tagged
	if s.reason == "" { // the base alone had found it
		s.kind = 0
	}
	if s.to-s.from == 1 && s.from > 0 && articles[r.fields[s.field].words[s.from-1].Fold] {
		s.kind = 0 // the Alliance, l'Union: a word, not a name that we know
	}
}

// score says how likely record i is meant: its prior, less when the form is
// weak, more for each sign in the article.
func (r *reading) score(i uint32, flags uint16, a surroundings) float64 {
	m := &r.base.metas[i]
	score := float64(m.prior)
	if flags&flagWeak != 0 {
		score -= 10
		if a.named[i] {
			return float64(m.prior)
		}
	}
	n := a.countries[m.country]
	if n > 0 && m.country != [2]byte{} {
		score += min(4, 2+float64(n)/2)
	} else if m.kind == 'P' && (m.prior < 3 || flags&flagBare != 0 && m.prior < 8 && !a.named[i]) {
		score -= 8 // one of many who may bear the name
	}
	if home(r.lang) == m.country {
		score++
	}
	if near := r.near(i, a); near >= 0 {
		score += 3
	}
	return score
}

// near returns the record of a place of the article within 250 km of place i,
// or -1.
func (r *reading) near(i uint32, a surroundings) int {
	m := &r.base.metas[i]
	if !m.placed {
		return -1
	}
	for _, p := range a.places {
		q := &r.base.metas[p]
		if p == i || math.Abs(float64(m.lat-q.lat)) > 2.3 {
			continue
		}
		if distance(m.lat, m.lon, q.lat, q.lon) < 250 {
			return int(p)
		}
	}
	return -1
}

// why puts the signs that spoke for record i in words.
func (r *reading) why(i uint32, flags uint16, a surroundings) string {
	m := &r.base.metas[i]
	why := ""
	if flags&flagWeak != 0 && a.named[i] {
		return "; named in full elsewhere"
	}
	if a.countries[m.country] > 1 && m.country != [2]byte{} {
		why = "; the article is of " + string(m.country[:])
	}
	if p := r.near(i, a); p >= 0 {
		_, name := r.base.head(uint32(p))
		why += "; near " + name
	}
	return why
}

func home(lang string) [2]byte {
	switch lang {
	case "en":
		return [2]byte{'U', 'S'}
	case "uk":
		return [2]byte{'U', 'A'}
	case "cs":
		return [2]byte{'C', 'Z'}
	}
	if len(lang) == 2 {
		return [2]byte{lang[0] - 32, lang[1] - 32}
	}
	return [2]byte{}
}

// holders resolves each office that the text names to who held it on the
// article's day, unless the article names that person too.
func (r *reading) holders() {
	if r.day == "" {
		return
	}
	named := map[int32]bool{}
	for i := range r.spans {
		named[r.spans[i].record] = true
	}
	for at := range r.fields {
		for _, h := range r.fields[at].offices {
			holder, ok := r.holder(h)
			if ok && !named[holder] {
				r.spans = append(r.spans, span{field: at, from: h.from, to: h.to, kind: 'P', record: holder, reason: "held this office on " + r.day})
			}
		}
	}
}

// holder returns the record, plus one, of who held an office on the day.
func (r *reading) holder(h hit) (int32, bool) {
	for p := h.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&flagOffice == 0 || !r.fits(&r.fields[0], 0, 0, q) {
			continue
		}
		if o := r.base.offices[q.Record-officeBase]; o.since <= r.day && (o.until == "" || r.day < o.until) {
			return int32(o.holder) + 1, true
		}
	}
	return 0, false
}

// recall gives a family name alone the person whose full name the article has.
func (r *reading) recall() {
	full := map[string]int{}
	for i := range r.spans {
		s := &r.spans[i]
		if s.kind != 'P' || s.to-s.from < 2 {
			continue
		}
		last := r.bare(&r.fields[s.field].words[s.to-1])
		if _, ok := full[last]; !ok && len(last) > 2 {
			full[last] = i
		}
	}
	if len(full) == 0 {
		return
	}
	r.take()
	for at := range r.fields {
		f := &r.fields[at]
		for i := range f.words {
			w := &f.words[i]
			if w.Shape&token.Capital == 0 || f.taken[i] {
				continue
			}
			j, ok := full[r.bare(w)]
			if !ok {
				continue
			}
			s := &r.spans[j]
			whole := s.text(r)
			r.spans = append(r.spans, span{field: at, from: i, to: i + 1, kind: 'P', record: s.record, entity: int32(j) + 1, reason: "short for " + whole})
		}
	}
	for i := range r.spans {
		s := &r.spans[i]
		known := s.record != 0 && r.base.metas[s.record-1].prior >= 9
		if s.kind != 'P' || s.to-s.from != 1 || known || s.entity != 0 {
			continue
		}
		if j, ok := full[r.bare(&r.fields[s.field].words[s.from])]; ok {
			s.record, s.entity = r.spans[j].record, int32(j)+1
			s.reason = "short for " + r.spans[j].text(r)
		}
	}
}

// bare is a word as family names are compared: without its case's ending.
func (r *reading) bare(w *token.Token) string {
	if ending.Declines(r.lang) {
		return ending.Cut(w.Fold, r.lang)
	}
	return w.Fold
}

// take notes which words the spans cover.
func (r *reading) take() {
	for at := range r.fields {
		f := &r.fields[at]
		f.taken = slices.Grow(f.taken[:0], len(f.words))[:len(f.words)]
		clear(f.taken)
	}
	for i := range r.spans {
		s := &r.spans[i]
		for k := s.from; k < s.to && s.kind != 0; k++ {
			r.fields[s.field].taken[k] = true
		}
	}
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
