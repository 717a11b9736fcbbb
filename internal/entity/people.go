package entity

import (
	"slices"

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

// recall gives a family name alone the person whose full name the article has,
// whatever else the sentence took it for, unless the base knows it as that.
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
		known := s.record != 0 && (s.kind != 'P' || r.base.metas[s.record-1].prior >= 9)
		if s.kind == 0 || s.to-s.from != 1 || known || s.entity != 0 {
			continue
		}
		if j, ok := full[r.bare(&r.fields[s.field].words[s.from])]; ok {
			s.kind, s.record, s.entity = 'P', r.spans[j].record, int32(j)+1
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
