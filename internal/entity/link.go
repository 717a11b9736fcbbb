package entity

import (
	"strconv"
	"strings"

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
	for _, s := range r.spans {
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
	tagged, best, second := s.kind, -100.0, -100.0
	var why string
	for p := s.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&flagOffice != 0 || !r.fits(&r.fields[s.field], s.from, s.to, q) {
			continue
		}
		score, reason := r.score(q.Record, q.Flags, around)
		if r.base.metas[q.Record].kind != tagged && q.Flags&flagAdjective == 0 {
			score -= 4
		}
		if score > best {
			best, second = score, best
			s.record, s.kind, why = int32(q.Record)+1, r.base.metas[q.Record].kind, reason
			if q.Flags&flagAdjective != 0 {
				s.kind = 'M'
			}
		} else {
			second = max(second, score)
		}
	}
	if s.record != 0 && best < 0 {
		s.record, s.kind = 0, tagged
		if s.to-s.from == 1 && s.from > 0 && articles[r.fields[s.field].words[s.from-1].Fold] {
			s.kind = 0 // the Alliance, l'Union: a word, not a name that we know
		}
		if s.reason == "" { // the base alone had found it
			s.kind = 0
		}
		return
	}
	if s.record != 0 {
		s.reason = "known by this name" + why
		if s.stem {
			s.reason = "known by another case of this name" + why
		}
	}
}

// score says how likely record i is meant: its prior, less when the form is
// weak, more for each sign in the article.
func (r *reading) score(i uint32, flags uint16, a surroundings) (float64, string) {
	m := &r.base.metas[i]
	score := float64(m.prior)
	why := ""
	if flags&flagWeak != 0 {
		score -= 10
		if a.named[i] {
			return float64(m.prior), "; named in full elsewhere"
		}
	}
	if n := a.countries[m.country]; n > 0 && m.country != [2]byte{} {
		score += min(4, 2+float64(n)/2)
		why = "; the article is of " + string(m.country[:])
	}
	if home(r.lang) == m.country {
		score++
	}
	if m.kind == 'P' && m.prior < 3 && why == "" {
		score -= 4 // one of many who may bear the name
	}
	if m.placed {
		for _, p := range a.places {
			q := &r.base.metas[p]
			if p != i && distance(m.lat, m.lon, q.lat, q.lon) < 250 {
				id, name := r.base.head(p)
				_ = id
				return score + 3, why + "; near " + name
			}
		}
	}
	return score, why
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
	for _, s := range r.spans {
		named[s.record] = true
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
	for i, s := range r.spans {
		if s.kind != 'P' || s.to-s.from < 2 {
			continue
		}
		last := r.fields[s.field].words[s.to-1].Fold
		if _, ok := full[last]; !ok && len(last) > 2 {
			full[last] = i
		}
	}
	if len(full) == 0 {
		return
	}
	taken := r.taken()
	for at := range r.fields {
		f := &r.fields[at]
		for i := range f.words {
			w := &f.words[i]
			if w.Shape&token.Capital == 0 || taken[at][i] {
				continue
			}
			j, ok := full[w.Fold]
			if !ok {
				continue
			}
			s := r.spans[j]
			whole := s.text(r)
			r.spans = append(r.spans, span{field: at, from: i, to: i + 1, kind: 'P', record: s.record, entity: int32(j) + 1,
				reason: "short for " + whole})
		}
	}
	for i := range r.spans {
		s := &r.spans[i]
		if s.kind != 'P' || s.to-s.from != 1 || s.record != 0 || s.entity != 0 {
			continue
		}
		if j, ok := full[r.fields[s.field].words[s.from].Fold]; ok {
			s.record, s.entity = r.spans[j].record, int32(j)+1
			s.reason = "short for " + r.spans[j].text(r)
		}
	}
}

func (r *reading) taken() [2]map[int]bool {
	out := [2]map[int]bool{{}, {}}
	for _, s := range r.spans {
		for i := s.from; i < s.to && s.kind != 0; i++ {
			out[s.field][i] = true
		}
	}
	return out
}

func (s span) text(r *reading) string {
	f := &r.fields[s.field]
	return f.src[f.words[s.from].Start:f.end(s.to)]
}

func (s span) key(r *reading) string {
	if s.record != 0 {
		return string(s.kind) + strconv.Itoa(int(s.record))
	}
	if s.entity != 0 {
		return r.spans[s.entity-1].key(r)
	}
	f := &r.fields[s.field]
	var b strings.Builder
	b.WriteByte(s.kind)
	for _, w := range f.words[s.from:s.to] {
		b.WriteByte(' ')
		b.WriteString(w.Fold)
	}
	return b.String()
}
