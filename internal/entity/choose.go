package entity

import (
	"github.com/tocsin-news/tocsin/internal/token"
)

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

// known makes a span of a hit: an office, an adjective or a name.
func (r *reading) known(at int, x hit) (span, bool) {
	s := span{field: at, from: x.from, to: x.to, post: x.post, stem: x.stem}
	for p := x.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		switch {
		case q.Flags&flagOffice != 0:
			s.kind = 'P'
			s.tenure = int32(q.Record-officeBase) + 1
			return s, true
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
