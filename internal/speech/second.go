package speech

import (
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Where the verb comes second (German, Dutch), no comma parts a speaker from
// what is said: "Laut der Polizei wurden drei Menschen verletzt". Then the
// speaker ends where a verb begins that is known to, and not before.

// verbSecond finds the speaker and the words of "laut X wurden …", "…, aldus
// X" and "… wurden laut X abgeschossen".
func (r *reading) verbSecond(v *verb, begin, end int) (w who, from, to int, ok bool) {
	w, ok = r.body(v.to, end)
	if !ok {
		return w, 0, 0, false
	}
	switch {
	case v.from == begin && w.to < end && r.is(w.to, finite):
		return w, w.to, end, true
	case v.from-begin < least:
		return w, 0, 0, false
	case w.to >= end:
		return w, begin, v.from, true
	}
	return w, begin, end, true // the speaker stands inside what is said
}

// accordingly: "X zufolge wurden …", "…, X zufolge".
func (r *reading) accordingly(v *verb, begin, end int) (w who, from, to int, ok bool) {
	start := v.from
	for start > begin && v.from-start < maxSpeaker && r.words[start].Before&(breaks|token.Comma) == 0 {
		start--
	}
	w, ok = r.body(start, v.from)
	if !ok || w.to != v.from {
		return w, 0, 0, false
	}
	switch {
	case start == begin && v.to < end && r.is(v.to, finite):
		return w, v.to, end, true
	case r.words[start].Before&token.Comma != 0 && start-begin >= least:
		return w, begin, start, true
	}
	return w, 0, 0, false
}

// body is the person, organisation or speaking office that words from at on
// name, with nothing but articles and qualities before: its last word is the
// name's.
func (r *reading) body(at, hi int) (who, bool) {
	hi = min(hi, at+maxSpeaker)
	for i := at; i < hi; i++ {
		if i > at && r.words[i].Before&(breaks|token.Comma) != 0 {
			return who{}, false
		}
		for _, n := range r.within(i, i+1) {
			if n.to <= hi && (n.kind == events.Person || n.kind == events.Organisation || i-at <= 1) {
				return r.named(n), true
			}
		}
		if k := r.long(i, speaker); k > 0 {
			return r.office(at, i, i+k, hi), true
		}
		if b := r.nameEnd(i, hi); !r.titled && b-i > 1 {
			return r.wording(i, b), true
		}
		if r.is(i, prep) || r.is(i, finite) {
			return who{}, false
		}
	}
	return who{}, false
}

// office is a speaker by the words around s: the person who holds the office,
// or the office and those who qualify it.
func (r *reading) office(at, s, to, hi int) who {
	if to < hi && r.words[to].Near() {
		for _, n := range r.within(to, to+1) {
			if n.kind == events.Person && n.to <= hi {
				return r.named(n)
			}
		}
	}
	start := s
	for start > at && s-start < 3 && !r.is(start-1, det) && !r.is(start-1, prep) {
		start--
	}
	// "das Ministerium in Kiew", "het ministerie van Defensie"
	if to+1 < hi && r.is(to, prep) && r.words[to].Near() && r.words[to+1].Shape&token.Capital != 0 && r.words[to+1].Near() {
		to += 2
	}
	return r.wording(start, to)
}
