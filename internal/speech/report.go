package speech

import "github.com/tocsin-news/tocsin/internal/token"

// least is the fewest words that are worth calling a claim.
const least = 3

// report finds reported speech: the verbs that no quotation used.
func (r *reading) report() {
	for i := range r.verbs {
		v := &r.verbs[i]
		if v.used {
			continue
		}
		begin, end := r.begin(v.from), r.end(v.to-1)
		w, from, to, ok := r.reported(v, begin, end)
		if ok && i+1 < len(r.verbs) {
			to = r.short(&r.verbs[i+1], from, to)
		}
		if !ok || to <= from || to-from < least && v.stance == Claim {
			continue
		}
		start, stop := r.span(r.dateline(from), to)
		r.say(v.stance, r.key(w), start, stop)
	}
}

// reported finds the speaker of v and the words [from, to) of what is said, in
// the sentence [begin, end).
func (r *reading) reported(v *verb, begin, end int) (w who, from, to int, ok bool) {
	switch v.role {
	case by, asper:
		return r.accordingTo(v, begin, end)
	case behind:
		return r.accordingly(v, begin, end)
	}
	if t := r.clause(v.to, end); t > 0 {
		if w, ok = r.left(v.from, begin); !ok {
			w, ok = r.right(v.to, t)
		}
		return w, t, end, ok
	}
	if r.lex.verbSecond && r.is(v.to, pronoun) {
		return who{}, 0, 0, false // "In May he denied …": the subject is behind the verb
	}
	if cut := r.closing(v, begin); cut > begin && !r.is(v.to, joins) {
		if w, ok = r.left(v.from, cut); ok {
			ok = v.to == end || r.words[v.to].Before&token.Comma != 0 || r.is(v.to, prep) || r.is(v.to, aux)
		} else {
			w, ok = r.right(v.to, end)
			ok = ok && (!r.lex.verbSecond || w.from <= v.to+4)
		}
		if ok {
			return w, begin, cut, true
		}
	}
	if v.role == say {
		return who{}, 0, 0, false
	}
	if v.role == comma {
		return r.afterComma(v, begin, end)
	}
	if v.particle > 0 {
		end = v.particle
	}
	if w, ok = r.left(v.from, begin); !ok || w.to < v.from-4 && r.words[v.from].Before&token.Comma == 0 {
		return who{}, 0, 0, false
	}
	return w, v.to, end, true
}

// clause is where what is said begins, behind "that", or 0.
func (r *reading) clause(from, end int) int {
	if v := r.verb(from, end); v != nil && v.role < by {
		end = v.from // "X said Y told Z that": the clause is another's
	}
	for i := from; i < min(end, from+8); i++ {
		if r.is(i, that) {
			return min(i+1, end)
		}
	}
	return 0
}

// short is where the words [from, to) end when the next verb closes them: "X
// denies a role in it, officials said".
func (r *reading) short(next *verb, from, to int) int {
	if next.from >= to || next.from < from || next.role >= by && next.from == from {
		return to
	}
	if cut := r.closing(next, from); cut > from && to-cut <= reach {
		return cut
	}
	return to
}

// closing is where the words end that v closes: the comma before it or before
// its subject ("…, a annoncé X", "…, X said"), or 0. A comma further off than
// that closes something else.
func (r *reading) closing(v *verb, begin int) int {
	for i := v.from; i > begin && v.from-i < 7; i-- {
		if r.words[i].Before&token.Comma != 0 {
			return i
		}
	}
	return 0
}

// afterComma: "X sagte am Dienstag, die Lage sei ernst". What stands between
// must be a time or a place, so that the comma begins what is said.
func (r *reading) afterComma(v *verb, begin, end int) (w who, from, to int, ok bool) {
	if v.particle > 0 {
		return w, 0, 0, false
	}
	for i := v.to; i < min(end, v.to+7); i++ {
		if r.words[i].Before&token.Comma != 0 {
			if r.is(i, joins) {
				return w, 0, 0, false
			}
			w, ok = r.left(v.from, begin)
			return w, i, end, ok && w.to >= v.from-4
		}
		if r.is(i, det) {
			return w, 0, 0, false
		}
	}
	return w, 0, 0, false
}

// dateline is where a sentence that begins with one begins without it: "KYIV,
// Nov 24 (Reuters) - …".
func (r *reading) dateline(from int) int {
	if from != 0 {
		return from
	}
	for i := 1; i < min(len(r.words), 14); i++ {
		if r.words[i].Before&token.Dash != 0 {
			if r.words[i].Before&token.Close != 0 {
				return i
			}
			return 0
		}
		if r.words[i].Starts() {
			return 0
		}
	}
	return 0
}

// accordingTo: "selon X, …", "…, selon X", "laut X wurden …", "… wurden laut X
// abgeschossen".
func (r *reading) accordingTo(v *verb, begin, end int) (w who, from, to int, ok bool) {
	if r.lex.verbSecond {
		return r.verbSecond(v, begin, end)
	}
	if v.role == asper {
		if _, ok = r.body(v.to, end); !ok {
			return w, 0, 0, false
		}
	}
	if w, ok = r.right(v.to, end); !ok {
		return w, 0, 0, false
	}
	rest := 0
	for i := max(w.to, v.to); i < min(end, v.to+2*reach, max(w.to, v.to)+9); i++ {
		if r.words[i].Before&token.Comma != 0 {
			rest = i
			break
		}
	}
	if rest > 0 && (v.from-begin < least || r.words[v.from].Before&token.Comma == 0) {
		return w, rest, end, true
	}
	return w, begin, v.from, v.from-begin >= least
}
