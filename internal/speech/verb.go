package speech

import (
	"strings"

	"github.com/tocsin-news/tocsin/internal/token"
)

// verb is a verb of saying, or words like "according to": words [from, to).
type verb struct {
	from, to int
	role     role
	stance   string
	used     bool
	// particle is the word that ends its clause and belongs to it, or 0.
	particle int
}

// maxVerbs bounds the verbs of one field.
const maxVerbs = 512

// find finds the verbs that stand outside quotations.
func (r *reading) find() {
	r.verbs = r.verbs[:0]
	if len(r.lex.entries) == 0 {
		return
	}
	q := 0
	for i := 0; i < len(r.words) && len(r.verbs) < maxVerbs; i++ {
		for q < len(r.quotes) && r.quotes[q].to <= i {
			q++
		}
		if q < len(r.quotes) && r.quotes[q].from <= i {
			i = r.quotes[q].to - 1
			continue
		}
		e := r.lex.at(r.src, r.words, i)
		if e == nil || e.role < say || e.role > behind {
			continue
		}
		particle := 0
		if e.apart != "" {
			if particle = r.particle(i+1, e.apart); particle == 0 {
				continue
			}
		}
		if to := i + 1 + len(e.rest); r.speaks(e, i) {
			r.verbs = append(r.verbs, verb{from: i, to: to, role: e.role, stance: e.stance, particle: particle})
			i = to - 1
		}
	}
}

// speaks reports whether e, found at word i, is a verb there: not a noun (the
// claim), not a passive or a lone participle, not something that was not said.
func (r *reading) speaks(e *entry, i int) bool {
	switch {
	case e.role == asper:
		return !(r.is(i-1, det) || r.is(i-1, prep)) || !r.words[i].Near()
	case e.role == by, e.role == behind:
		return true
	case e.stance == Deny && e.role == object && r.refuses(i+1+len(e.rest)):
		return false
	case e.bound && !r.bound(i), r.is(i-1, passive), r.is(i+1, not), !e.bound && r.is(i-1, det) && !r.is(i-1, pronoun):
		return false
	}
	for k := i - 1; k >= max(0, i-4) && r.words[k+1].Near(); k-- {
		if r.is(k, not) {
			return false
		}
		if !r.is(k, aux) && !r.is(k, pronoun) {
			break
		}
	}
	return true
}

// bound reports whether an auxiliary stands before word i: "a-t-il déclaré",
// "hat gesagt".
func (r *reading) bound(i int) bool {
	for k := i - 1; k >= max(0, i-4); k-- {
		if r.is(k, passive) {
			return false
		}
		if r.is(k, aux) {
			return true
		}
		if !r.words[k+1].Near() {
			return false
		}
	}
	return false
}

// particle is where the clause from word at on ends with a particle, or 0:
// "teilte die Polizei am Montag mit".
func (r *reading) particle(at int, want string) int {
	for i := at; i < min(len(r.words), at+reach); i++ {
		if i > at && r.words[i].Before&(breaks|token.Comma) != 0 {
			return 0
		}
		next := i + 1
		if r.words[i].Of(r.src) == want && (next == len(r.words) || r.words[next].Before&(breaks|token.Comma) != 0 || r.is(next, that)) {
			return i
		}
	}
	return 0
}

// refuses reports whether what follows word at is refused rather than denied:
// "denied entry", "negó la entrada".
func (r *reading) refuses(at int) bool {
	for i := at; i < min(len(r.words), at+6) && r.words[i].Near(); i++ {
		if r.is(i, thing) {
			return true
		}
		for _, end := range r.lex.things {
			if strings.HasSuffix(r.words[i].Fold, end) {
				return true
			}
		}
	}
	return false
}
