package speech

import (
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// reach is how many words off its verb a speaker may stand.
const reach = 14

// maxSpeaker is how many words may name a speaker who is no entity.
const maxSpeaker = 9

// who is a speaker: an entity or words.
type who struct {
	entity int // +1
	name   string
	// from and to are the words between which the speaker is named; none of a
	// pronoun's.
	from, to int
}

// breaks is what parts a speaker from a verb.
const breaks = token.First | token.Stop | token.Line | token.Colon | token.Quote | token.Dash | token.Open | token.Close

// left finds the speaker who stands before word at, not before word lo.
func (r *reading) left(at, lo int) (who, bool) {
	end := at
	for end > lo && (r.is(end-1, aux) || r.is(end-1, not)) && r.words[end].Before&(breaks|token.Comma) == 0 {
		end--
	}
	if end > lo && r.is(end-1, pronoun) {
		return r.spoke(end - 1)
	}
	from := end
	for from > lo && end-from < reach && r.words[from].Before&(breaks|token.Comma) == 0 {
		from--
	}
	if from == end && from > lo && r.words[from].Before&token.Comma != 0 && r.words[from].Before&breaks == 0 {
		return r.beforeComma(from, lo)
	}
	return r.subject(from, end)
}

// beforeComma finds the speaker before an apposition that ends at word at:
// "Mark Rutte, the alliance's secretary general, said".
func (r *reading) beforeComma(at, lo int) (who, bool) {
	start := at - 1
	for start > lo && at-start < reach && r.words[start].Before&(breaks|token.Comma) == 0 {
		start--
	}
	if start > lo && r.words[start].Before&token.Comma != 0 && r.words[start].Before&breaks == 0 {
		from := start - 1
		for from > lo && start-from < reach && r.words[from].Before&(breaks|token.Comma) == 0 {
			from--
		}
		if w, ok := r.subject(from, start); ok {
			return w, true
		}
	}
	return r.subject(start, at)
}

// right finds the speaker who stands after words before at, not after hi.
func (r *reading) right(at, hi int) (who, bool) {
	hi = min(hi, at+reach)
	for at < hi && r.is(at, aux) {
		at++
	}
	if at < hi && r.is(at, pronoun) {
		return r.spoke(at)
	}
	end := at
	for end < hi && (end == at || r.words[end].Before&(breaks|token.Comma) == 0) && !r.is(end, that) {
		end++
	}
	// "said the minister, Ann Lee": the name after the comma is the speaker's.
	if end < hi && r.words[end].Before&token.Comma != 0 && r.words[end].Before&breaks == 0 {
		for _, n := range r.within(end, end+1) {
			if n.kind == events.Person {
				return r.named(n), true
			}
		}
	}
	return r.first(at, end)
}

// spoke is whom a pronoun at word i means: the person who spoke last, else the
// last who was named.
func (r *reading) spoke(i int) (who, bool) {
	if r.last > 0 {
		return who{entity: r.last, from: i, to: i + 1}, true
	}
	for _, n := range backwards(r.within(max(0, i-most), i)) {
		if n.kind == events.Person {
			return who{entity: n.entity + 1, from: i, to: i + 1}, true
		}
	}
	return who{}, false
}

func backwards(ns []naming) []naming {
	out := make([]naming, len(ns))
	for i, n := range ns {
		out[len(ns)-1-i] = n
	}
	return out
}

func (r *reading) named(n naming) who { return who{entity: n.entity + 1, from: n.from, to: n.to} }

// subject finds who of words [from, to) is the subject of what follows: the
// last person, else organisation, that no preposition leans on; a place only
// at the very end ("Moscow said"); else a word like "officials".
func (r *reading) subject(from, to int) (who, bool) {
	if from >= to {
		return who{}, false
	}
	var org *naming
	ns := r.within(from, to)
	for i := len(ns) - 1; i >= 0; i-- {
		n := ns[i]
		if n.to > to {
			continue
		}
		leaning := r.leans(n, from)
		switch {
		case n.kind == events.Person && !leaning:
			return r.named(n), true
		case n.kind == events.Organisation && org == nil && (!leaning || r.spokesman(from, n.from) >= 0):
			org = &ns[i]
		case n.kind == events.Location && n.to == to && !leaning && org == nil:
			org = &ns[i]
		}
	}
	if org != nil {
		return r.named(*org), true
	}
	if s := r.spokesman(from, to); s >= 0 {
		return r.called(from, to, s)
	}
	return who{}, false
}

// first finds who of words [from, to) is the subject of what stands before.
func (r *reading) first(from, to int) (who, bool) {
	var org *naming
	ns := r.within(from, to)
	for i := range ns {
		n := ns[i]
		leaning := r.leans(n, from)
		switch {
		case n.kind == events.Person && !leaning:
			return r.named(n), true
		case n.kind == events.Organisation && org == nil && (!leaning || r.spokesman(from, n.from) >= 0):
			org = &ns[i]
		case n.kind == events.Location && org == nil && !leaning && n.from-from <= 1:
			org = &ns[i]
		}
	}
	if org != nil {
		return r.named(*org), true
	}
	if s := r.spokesman(from, min(to, from+8)); s >= 0 {
		end := s + r.long(s, speaker)
		for end < to && end-from < maxSpeaker && !r.is(end, aux) {
			end++
		}
		return r.called(from, end, s)
	}
	return who{}, false
}

// leans reports whether a preposition stands before a name: "of NATO", "à
// Reuters", "de l'OTAN".
func (r *reading) leans(n naming, from int) bool {
	i := n.from - 1
	if i >= from && r.is(i, prep) {
		return true
	}
	return i > from && r.is(i, det) && r.is(i-1, prep)
}

// spokesman is the first of words [from, to) that names somebody who speaks,
// or -1.
func (r *reading) spokesman(from, to int) int {
	for i := from; i < to; i++ {
		if r.is(i, speaker) {
			return i
		}
	}
	return -1
}

// called is a speaker known by the words around s alone, in [from, to): those
// that qualify it before, and all behind.
func (r *reading) called(from, to, s int) (who, bool) {
	start := s
	for start > from && s-start < 3 && !r.is(start-1, det) && !r.is(start-1, prep) && !r.is(start-1, aux) {
		start--
	}
	to = min(to, start+maxSpeaker)
	a, b := r.span(start, to)
	return who{name: r.src[a:b], from: start, to: to}, true
}

// key is the id of the speaker, or the words that name it; it remembers who
// spoke last.
func (r *reading) key(w who) string {
	if w.entity == 0 {
		return w.name
	}
	e := &r.ents[w.entity-1]
	if e.Kind == events.Person {
		r.last = w.entity
	}
	if e.ID != "" {
		return e.ID
	}
	return e.Name
}
