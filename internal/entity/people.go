package entity

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/entity/ending"
	"github.com/tocsin-news/tocsin/internal/token"
)

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
		if q.Flags&flagOffice == 0 || q.Langs&r.bit == 0 {
			continue
		}
		if o := r.base.offices[q.Record-officeBase]; o.since <= r.day && (o.until == "" || r.day < o.until) {
			return int32(o.holder) + 1, true
		}
	}
	return 0, false
}

// agree makes the spans of the same words one: those that the linker left open
// are what it found the others to be, and where it found none, the kind that most
// of them have.
func (r *reading) agree() {
	r.alike = r.alike[:0]
	for i := range r.spans {
		if r.spans[i].kind != 0 {
			r.alike = append(r.alike, alike{r.words(&r.spans[i]), int32(i)})
		}
	}
	slices.SortFunc(r.alike, func(a, b alike) int {
		return cmp.Or(cmp.Compare(a.words, b.words), cmp.Compare(a.span, b.span))
	})
	for rest := r.alike; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].words == rest[0].words {
			n++
		}
		if n > 1 {
			r.unite(rest[:n])
		}
		rest = rest[n:]
	}
}

// alike is a span and the hash of its words.
type alike struct {
	words uint64
	span  int32
}

// unite makes the spans of a group, which have the same words, one.
func (r *reading) unite(group []alike) {
	const order = "POLM"
	var kinds [len(order)]int
	var linked *span
	for _, x := range group {
		s := &r.spans[x.span]
		kinds[strings.IndexByte(order, s.kind)]++
		if s.record != 0 && linked == nil {
			linked = s
		}
	}
	for _, x := range group {
		s := &r.spans[x.span]
		switch {
		case s.record != 0:
		case linked != nil:
			s.kind, s.record, s.reason = linked.kind, linked.record, "as elsewhere in the article"
		default:
			most := strings.IndexByte(order, s.kind)
			for k, n := range kinds {
				if n > kinds[most] {
					most = k
				}
			}
			s.kind = order[most]
		}
	}
}

// words is equal for spans of the same words, in whatever case they stand.
func (r *reading) words(s *span) uint64 {
	h := uint64(s.to - s.from)
	for _, w := range r.fields[s.field].words[s.from:s.to] {
		word := w.Hash
		if ending.Declines(r.lang) {
			word = xxhash.Sum64String(r.bare(&w))
		}
		h = (h ^ word) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}

// mostBearers bounds how many full names are looked at for one family name.
const mostBearers = 64

// recall gives a family name alone the person whose full name the article has,
// whatever else the sentence took it for, unless the base knows it as something
// that the tagger, too, saw in it.
func (r *reading) recall(a surroundings) {
	full := map[string][]int{} // spans, in their order
	for i := range r.spans {
		if s := &r.spans[i]; s.kind == 'P' && s.to-s.from > 1 {
			words := r.fields[s.field].words[:s.to]
			if n := len(words); suffixes[words[n-1].Fold] && n-s.from > 2 { // Donald Trump Jr.
				words = words[:n-1]
			}
			if last := r.bare(&words[len(words)-1]); len(last) > 2 && len(full[last]) < mostBearers {
				full[last] = append(full[last], i)
			}
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
			s := span{field: at, from: i, to: i + 1}
			if j, ok := r.bearer(&s, full[r.bare(w)]); ok {
				r.shorten(&s, j)
				r.spans = append(r.spans, s)
			}
		}
	}
	for i := range r.spans {
		s := &r.spans[i]
		if s.kind == 0 || s.to-s.from != 1 || s.entity != 0 {
			continue
		}
		j, ok := r.bearer(s, full[r.bare(&r.fields[s.field].words[s.from])])
		if ok && !r.stays(s, &r.spans[j], a) {
			r.shorten(s, j)
		}
	}
}

// stays reports whether what s was linked to is no person, and meant although the
// person x is called so too: the tagger saw no person, and either x is named only
// later, or s stands behind a preposition of place, or the article speaks of that
// country by other names too.
func (r *reading) stays(s, x *span, a surroundings) bool {
	if s.record == 0 || s.kind == 'P' || s.seen == 'P' {
		return false
	}
	record := uint32(s.record - 1)
	m := &r.base.metas[record]
	f := &r.fields[s.field]
	return x.field > s.field || x.field == s.field && x.from > s.from ||
		s.from > 0 && f.words[s.from].Near() && toPlaces[f.words[s.from-1].Fold] || a.countries[m.country] > a.own[record]
}

// toPlaces are words that a place follows.
var toPlaces = set("in at to from near à en au dans vers nach aus desde hacia a da di w z do из в на к")

// bearer returns the span of the full name that s is short for: of the person
// whom the base knows by the family name alone, else the last before s, else
// the first.
func (r *reading) bearer(s *span, full []int) (int, bool) {
	best, ok := 0, false
	for _, j := range full {
		x := &r.spans[j]
		if s.record != 0 && x.record == s.record {
			return j, true
		}
		if before := x.field < s.field || x.field == s.field && x.from < s.from; before || !ok {
			best, ok = j, true
		}
	}
	return best, ok
}

// shorten makes s the short form of span j.
func (r *reading) shorten(s *span, j int) {
	x := &r.spans[j]
	s.kind, s.record, s.entity, s.reason = 'P', x.record, int32(j)+1, "short for "+x.text(r)
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
