package entity

import (
	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// tag finds the names of field at with the tagger, where there is one and the
// field's capitals tell something, else with choose.
func (r *reading) tag(m *tagger.Model, at int) {
	f := &r.fields[at]
	if m == nil || f.shouts || f.titled {
		r.choose(f)
		return
	}
	r.clues = r.hints(r.clues[:0], f)
	r.tagged = m.Tag(r.tagged[:0], f.words, r.clues, r.lang, &r.work)
	r.tagged = r.cut(m, f, join(f, r.tagged))
	r.merge(at, r.tagged)
}

// merge unites what the tagger found with what the base knows: a name that the
// base knows well stands, unless the tagger saw a longer one around it.
func (r *reading) merge(at int, tagged []tagger.Span) {
	f := &r.fields[at]
	t, end := 0, 0
	for h := 0; h <= len(f.hits); h++ {
		from := len(f.words)
		var x hit
		if h < len(f.hits) {
			x = f.hits[h]
			from = x.from
		}
		for t < len(tagged) && tagged[t].From < from { // those that begin before the hit
			s := tagged[t]
			t++
			if s.From < end {
				continue
			}
			r.spans = append(r.spans, span{field: at, from: s.From, to: s.To, kind: s.Kind, seen: s.Kind, reason: "named so by its context"})
			end = s.To
		}
		if h == len(f.hits) || x.from < end {
			continue
		}
		if t < len(tagged) && tagged[t].From == x.from {
			s := tagged[t]
			if s.To > x.to || s.To < x.to && !r.strong(f, x) {
				continue
			}
			if s.To == x.to {
				t++
				r.spans = append(r.spans, span{field: at, from: s.From, to: s.To, kind: s.Kind, seen: s.Kind, post: x.post, stem: x.stem, reason: "named so by its context"})
				end = s.To
				continue
			}
		}
		overlaps := t < len(tagged) && tagged[t].From < x.to
		if overlaps && tagged[t].To > x.to || !r.strong(f, x) && (overlaps || !r.noted(f, x)) {
			continue
		}
		if s, ok := r.known(at, x); ok {
			r.spans = append(r.spans, s)
			end = x.to
		}
	}
}

// strong reports whether the base knows a name so well that it needs no
// context: several words, or one that all know; an adjective.
func (r *reading) strong(f *field, x hit) bool {
	for p := x.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if !r.fits(f, x.from, x.to, q) {
			continue
		}
		if q.Flags&flagOffice != 0 {
			continue
		}
		if q.Flags&flagAdjective != 0 {
			return true
		}
		if m := &r.base.metas[q.Record]; q.Flags&flagWeak == 0 && !r.foreign(q) && (m.prior >= 6 || x.to-x.from > 1 && m.prior >= 3) {
			return true
		}
	}
	return false
}

// noted reports whether a name in the midst of a sentence is known well enough
// to stand although the tagger saw nothing in it.
func (r *reading) noted(f *field, x hit) bool {
	w := &f.words[x.from]
	if r.lang == "de" || w.Starts() || w.Before&(token.Quote|token.Colon) != 0 || w.Shape&token.Capital == 0 {
		return false
	}
	q, next := r.base.set.Post(x.post)
	for next != 0 && q.Flags&flagWeak != 0 {
		q, next = r.base.set.Post(next)
	}
	return q.Flags&(flagWeak|flagOffice) == 0 && !r.foreign(q) && r.fits(f, x.from, x.to, q) && r.base.metas[q.Record].prior >= 5
}

// choose decides which stretches of a field are names: those of the base, the
// longest first, and people whom a title introduces.
func (r *reading) choose(f *field) {
	at := 0
	if f == &r.fields[1] {
		at = 1
	}
	end := 0
	h := 0
	for i := 0; i < len(f.words); i++ {
		for h < len(f.hits) && f.hits[h].from < i {
			h++
		}
		if i < end {
			continue
		}
		if h < len(f.hits) && f.hits[h].from == i {
			x := f.hits[h]
			if s, ok := r.known(at, x); ok {
				r.spans = append(r.spans, s)
				end = x.to
				continue
			}
		}
		if s, ok := r.introduced(f, at, i); ok {
			r.spans = append(r.spans, s)
			end = s.to
		}
	}
}

// known makes a span of a hit: an adjective or a name.
func (r *reading) known(at int, x hit) (span, bool) {
	s := span{field: at, from: x.from, to: x.to, post: x.post, stem: x.stem}
	for p := x.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		switch {
		case q.Flags&flagOffice != 0:
			continue
		case q.Flags&flagAdjective != 0:
			s.kind = 'M'
			return s, true
		}
		if s.kind == 0 {
			s.kind = r.base.metas[q.Record].kind
		}
	}
	return s, s.kind != 0
}

// titles introduce a person.
var titles = set("m mm mme mlle me mr mrs ms miss dr pr prof professeur professor sir lord lady " +
	"president presidente premier ministre minister general gen colonel col commandant commander captain capitaine " +
	"lieutenant lt major amiral admiral senateur senator depute sen rep chancelier chancellor pape pope king queen roi reine " +
	"prince princess princesse spokesman spokeswoman spokesperson porte-parole ambassadeur ambassador secretary herr frau " +
	"senor senora signor signora pan pani")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range token.Split(words) {
		out[w.Fold] = true
	}
	return out
}

// introduced finds an unknown person behind a title: M. Dupont, le général Y.
func (r *reading) introduced(f *field, at, i int) (span, bool) {
	if i == 0 || f.shouts || !titles[f.words[i-1].Fold] || !f.words[i].Near() {
		return span{}, false
	}
	j := i
	for j < len(f.words) && j < i+4 && f.words[j].Shape&token.Capital != 0 && (j == i || f.words[j].Near()) {
		j++
	}
	if j == i || titles[f.words[i].Fold] {
		return span{}, false
	}
	return span{field: at, from: i, to: j, kind: 'P', reason: "behind the title " + f.words[i-1].Of(f.src)}, true
}
