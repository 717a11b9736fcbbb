package speech

import (
	"cmp"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// reach is how many words off its verb a speaker may stand.
const reach = 14

// maxSpeaker is how many words may name a speaker who is no entity.
const maxSpeaker = 8

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
	if at < hi && r.is(at, oblique) {
		return r.spoke(at)
	}
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

// spoke is whom a pronoun at word i means: the one who spoke last, else the
// only person named before.
func (r *reading) spoke(i int) (who, bool) {
	w := r.last
	if w == (who{}) {
		for _, n := range r.within(max(0, i-most), i) {
			switch {
			case n.kind != events.Person || w.entity == n.entity+1:
			case w.entity == 0:
				w.entity = n.entity + 1
			default:
				return who{}, false
			}
		}
	}
	found := w != (who{})
	w.from, w.to = i, i+1
	return w, found
}

func (r *reading) named(n naming) who { return who{entity: n.entity + 1, from: n.from, to: n.to} }

// subject finds who of words [from, to) is the subject of what follows: the
// last person, else organisation, that no preposition leans on; a place only
// at the very end ("Moscow said"); else a name that nobody knows, or a word
// like "officials".
func (r *reading) subject(from, to int) (who, bool) {
	var other *naming
	ns := r.within(from, to)
	for i := len(ns) - 1; i >= 0; i-- {
		n := ns[i]
		if n.to > to || r.owns(n) {
			continue
		}
		leaning := r.leans(n, from)
		switch {
		case n.kind == events.Person && !leaning:
			return r.named(n), true
		case n.kind == events.Organisation && other == nil && (!leaning || r.voiced(n, from)),
			n.kind == events.Location && other == nil && n.to == to && !leaning:
			other = &ns[i]
		}
	}
	if a, b := r.lastName(from, to); b > a && b == to && (a == from || !r.is(a-1, prep)) && (other == nil || other.from > a && other.to <= b) {
		return r.wording(a, b), true
	}
	if other != nil {
		return r.named(*other), true
	}
	if s := r.spokesman(from, to); s >= 0 && to-s <= maxSpeaker {
		return r.called(from, to, s), true
	}
	return who{}, false
}

// first finds who of words [from, to) is the subject of what stands before.
func (r *reading) first(from, to int) (who, bool) {
	var other *naming
	ns := r.within(from, to)
	for i := range ns {
		n := ns[i]
		if r.owns(n) {
			continue
		}
		leaning := r.leans(n, from)
		switch {
		case n.kind == events.Person && !leaning:
			return r.named(n), true
		case n.kind == events.Organisation && other == nil && (!leaning || r.voiced(n, from)),
			n.kind == events.Location && other == nil && !leaning && n.from-from <= 1:
			other = &ns[i]
		}
	}
	if a, b := r.firstName(from, to); b > a && (a == from || !r.is(a-1, prep)) && (other == nil || other.from < b && other.to > a && (other.from > a || other.to < b)) {
		return r.wording(a, b), true
	}
	if other != nil {
		return r.named(*other), true
	}
	if s := r.spokesman(from, min(to, from+8)); s >= 0 {
		end := s + r.long(s, speaker)
		for end < to && end-from < maxSpeaker && !r.is(end, aux) {
			end++
		}
		return r.called(from, end, s), true
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

// voiced reports whether one who speaks for a body stands right before its
// name: "le porte-parole de l'OTAN", "an official at the Pentagon".
func (r *reading) voiced(n naming, from int) bool {
	for i := n.from - 1; i >= max(from, n.from-4); i-- {
		if k := r.long(i, voice); k > 0 {
			return i+k <= n.from
		}
		if !r.is(i, prep) && !r.is(i, det) && i+1 < n.from-2 {
			return false
		}
	}
	return false
}

// owns reports whether a name is a possessor: "Russia's attempts".
func (r *reading) owns(n naming) bool {
	return n.to < len(r.words) && r.words[n.to].Fold == "s" && r.words[n.to].Before&token.Apostrophe != 0
}

// called is a speaker known by the words around s alone, in [from, to): those
// that qualify it before, and all behind.
func (r *reading) called(from, to, s int) who {
	start := s
	for start > from && s-start < 3 && !r.is(start-1, det) && !r.is(start-1, prep) && !r.is(start-1, aux) {
		start--
	}
	to = min(to, start+maxSpeaker)
	for to > s+1 && (r.is(to-1, det) || r.is(to-1, prep)) {
		to--
	}
	return r.wording(start, to)
}

// wording is a speaker by the words [from, to).
func (r *reading) wording(from, to int) who {
	start, end := r.span(from, to)
	return who{name: r.src[start:end], from: from, to: to}
}

// firstName is the first run of two words or more in [from, to) that look like
// a full name, and lastName the last; 0, 0 when there is none, or when a title
// writes all words so.
func (r *reading) firstName(from, to int) (a, b int) {
	for a = from; a < to && !r.titled; a = max(b, a+1) {
		if b = r.nameEnd(a, to); b-a > 1 {
			return a, b
		}
	}
	return 0, 0
}

func (r *reading) lastName(from, to int) (a, b int) {
	for i := from; i < to && !r.titled; {
		end := r.nameEnd(i, to)
		if end-i > 1 {
			a, b = i, end
		}
		i = max(end, i+1)
	}
	return a, b
}

// nameEnd is where a run of words with capitals from word i ends.
func (r *reading) nameEnd(i, to int) int {
	for ; i < to; i++ {
		w := r.words[i]
		if w.Fold == "s" && w.Before&token.Apostrophe != 0 && i+1 < to && r.words[i+1].Shape&token.Capital != 0 {
			continue
		}
		if w.Shape&token.Capital == 0 || w.Shape&token.Number != 0 || r.is(i, det) || r.is(i, prep) {
			break
		}
	}
	return i
}

// key is the id of the speaker, or the words that name it; it remembers who
// spoke last, if that may be somebody.
func (r *reading) key(w who) string {
	if w.entity == 0 {
		r.last = who{name: w.name}
		return w.name
	}
	e := &r.ents[w.entity-1]
	if e.Kind == events.Person {
		r.last = who{entity: w.entity}
	}
	return cmp.Or(e.ID, e.Name)
}
