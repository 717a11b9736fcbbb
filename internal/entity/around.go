package entity

import (
	"math"
	"slices"
	"strings"
)

// surroundings are what the article speaks of for sure: countries, and places.
type surroundings struct {
	countries map[[2]byte]int
	own       map[uint32]int // how often a record itself is counted among them
	places    []uint32
	named     map[uint32]bool
}

// surroundings counts the countries of the names that can mean but one thing,
// or one so much better known than the others that it is likely meant.
func (r *reading) surroundings() surroundings {
	a := surroundings{countries: map[[2]byte]int{}, own: map[uint32]int{}, named: map[uint32]bool{}}
	for i := range r.spans {
		s := &r.spans[i]
		record, ok := r.plain(s)
		if !ok {
			continue
		}
		m := &r.base.metas[record]
		a.named[record] = true
		if m.prior < 5 && (m.kind != 'P' || s.to-s.from < 2) {
			continue // it would support itself
		}
		if m.country != [2]byte{} {
			a.countries[m.country]++
			a.own[record]++
		}
		if m.placed && !m.nation && len(a.places) < 64 {
			a.places = append(a.places, record)
		}
	}
	return a
}

// plain returns the record that a span means without regard to the rest of the
// article, where there is one.
func (r *reading) plain(s *span) (record uint32, ok bool) {
	top, next := -1, -1
	for p := s.post; p != 0; {
		q, following := r.base.set.Post(p)
		p = following
		if q.Flags&(flagOffice|flagWeak) != 0 || ok && q.Record == record {
			continue
		}
		prior := int(r.base.metas[q.Record].prior)
		if q.Flags&flagBare != 0 && prior < 8 {
			return 0, false
		}
		switch {
		case prior > top:
			top, next, record, ok = prior, top, q.Record, true
		case prior > next:
			next = prior
		}
	}
	return record, ok && (next < 0 || top >= 8 || top >= next+2)
}

// signs are those that speak for record i as what span s means. What the article
// speaks of only by s itself, which is self by its name alone, is none.
func (r *reading) signs(s *span, i, self uint32, a surroundings) (out sign) {
	m := &r.base.metas[i]
	if a.named[i] {
		out |= inFull
	}
	if m.country != [2]byte{} {
		others := a.countries[m.country] - a.own[i]
		if self != none && self != i && r.base.metas[self].country == m.country {
			others -= a.own[self]
		}
		if others > 0 {
			out |= ofLand
		}
		if strings.Contains(speakers[r.lang], string(m.country[:])) {
			out |= spoken
		}
	}
	if m.kind != 'L' {
		return out
	}
	if m.part != 0 && m.part-1 != self && a.named[m.part-1] {
		out |= inRegion
	}
	if r.near(i, self, a) >= 0 {
		out |= nearby
	}
	if r.joined(s, i) {
		out |= beside
	}
	return out
}

// speakers are the countries whose press writes in a language.
var speakers = map[string]string{
	"en": "US GB CA AU IE NZ", "fr": "FR BE CH LU CA", "de": "DE AT CH LI", "es": "ES MX AR CO CL PE", "it": "IT CH", "nl": "NL BE",
	"pl": "PL", "pt": "PT BR", "ru": "RU BY KZ", "uk": "UA", "cs": "CZ", "bg": "BG", "tr": "TR", "ro": "RO MD", "sv": "SE FI",
}

// near returns the record of a place of the article, other than i and self, within
// 250 km of place i, or -1.
func (r *reading) near(i, self uint32, a surroundings) int {
	m := &r.base.metas[i]
	if !m.placed || m.nation {
		return -1
	}
	for _, p := range a.places {
		q := &r.base.metas[p]
		if p == i || p == self || q.area || math.Abs(float64(m.lat-q.lat)) > 2.3 {
			continue
		}
		if east := math.Abs(float64(m.lon - q.lon)); east > 9 && east < 351 && math.Abs(float64(m.lat)) < 75 {
			continue // 9° are more than 250 km there
		}
		if distance(m.lat, m.lon, q.lat, q.lon) < 250 {
			return int(p)
		}
	}
	return -1
}

// joined reports whether the text names, right behind the span and parted by a
// comma or a bracket, the region or the country that place i lies in; or right
// before it a place that lies in i.
func (r *reading) joined(s *span, i uint32) bool {
	m := &r.base.metas[i]
	for p := r.behind(s); p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&(flagOffice|flagAdjective) == 0 && r.within(m, q.Record) {
			return true
		}
	}
	if !m.area {
		return false
	}
	for p := r.before(s); p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&(flagOffice|flagAdjective) == 0 && r.within(&r.base.metas[q.Record], i) {
			return true
		}
	}
	return false
}

// within reports whether m lies in the region or the country i.
func (r *reading) within(m *meta, i uint32) bool {
	x := &r.base.metas[i]
	return m.part == i+1 || x.nation && m.country == x.country && !m.nation
}

// elsewhere reports whether a region or a country stands right behind the span,
// so that a place outside it is hardly meant.
func (r *reading) elsewhere(s *span) bool {
	for p := r.behind(s); p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&(flagOffice|flagAdjective) == 0 && r.base.metas[q.Record].area {
			return true
		}
	}
	return false
}

// behind returns the posts of the name that follows a comma or a bracket behind
// the span: of Idaho in "Lewiston, Idaho".
func (r *reading) behind(s *span) uint32 {
	f := &r.fields[s.field]
	if s.to >= len(f.words) || !apart(f.src[f.words[s.to-1].End:f.words[s.to].Start]) {
		return 0
	}
	i, _ := slices.BinarySearchFunc(f.hits, s.to, func(h hit, from int) int { return h.from - from })
	if i < len(f.hits) && f.hits[i].from == s.to {
		return f.hits[i].post
	}
	return 0
}

// before returns the posts of the name that ends before a comma or a bracket
// before the span.
func (r *reading) before(s *span) uint32 {
	f := &r.fields[s.field]
	if s.from == 0 || !apart(f.src[f.words[s.from-1].End:f.words[s.from].Start]) {
		return 0
	}
	i, _ := slices.BinarySearchFunc(f.hits, s.from, func(h hit, from int) int { return h.from - from })
	for i--; i >= 0 && i < len(f.hits) && f.hits[i].from >= s.from-5; i-- {
		if f.hits[i].to == s.from {
			return f.hits[i].post
		}
	}
	return 0
}

// apart reports whether a gap between two words is a comma or an opening bracket.
func apart(gap string) bool {
	gap = strings.TrimSpace(gap)
	return gap == "," || gap == "("
}

// heads are words for a kind of place that stand before its name.
var heads = set("the l la le les de d du des of island islands isle ile iles canton ville city town province departement " +
	"region republic republique kingdom royaume territory")

// tail gives a place that is named with the word for its kind, such as "the
// city of Kherson", the posts of its name.
func (r *reading) tail(s *span) {
	if s.post != 0 || s.kind != 'L' || s.to-s.from < 2 {
		return
	}
	f := &r.fields[s.field]
	for from := s.from; from < s.to-1 && from < s.from+4 && heads[f.words[from].Fold]; from++ {
		if h, ok := f.hit(from+1, s.to); ok {
			s.post, s.stem = h.post, h.stem
			return
		}
	}
}
