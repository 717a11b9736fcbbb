package speech

import (
	"sort"
	"strings"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const (
	// fewest words of a quotation whose speaker is named: one is a word set
	// apart rather than said.
	fewest = 2
	// lone is the fewest words of one whose speaker is not.
	lone = 8
	// near is how many words off a quotation its verb may stand.
	near = 10
)

// attribute gives each quotation its speaker.
func (r *reading) attribute() {
	for i := range r.quotes {
		q := &r.quotes[i]
		n := q.to - q.from
		if n < fewest {
			continue
		}
		w, stance, ok := r.quoted(q)
		if !ok && i > 0 && r.goesOn(&r.quotes[i-1], q) {
			w, stance, ok = r.last, Quote, r.last != (who{})
		}
		switch {
		case ok:
			r.say(stance, r.key(w), q.start, q.end)
		case n >= lone && r.words[q.from].Shape&token.Capital != 0:
			r.say(Quote, "", q.start, q.end)
		}
	}
}

// quoted finds who says q, in the words before a colon, in those after it, and
// in those before.
func (r *reading) quoted(q *quote) (who, string, bool) {
	colon := r.words[q.from].Before&token.Colon != 0
	if colon {
		if w, stance, ok := r.before(q); ok {
			return w, stance, true
		}
		if w, ok := r.colon(q); ok {
			return w, Quote, true
		}
	}
	if w, stance, ok := r.behind(q); ok {
		return w, stance, true
	}
	if colon {
		return who{}, "", false
	}
	return r.before(q)
}

// behind: « … », a déclaré X; "…," X said; "…", according to X.
func (r *reading) behind(q *quote) (who, string, bool) {
	if q.to >= len(r.words) || r.words[q.to].Before&(token.Line|token.Colon) != 0 {
		return who{}, "", false
	}
	// After a full stop another sentence begins; after "?" and "!" it may go on.
	if w := r.words[q.to]; w.Before&token.Stop != 0 && w.Shape&token.Capital != 0 && !strings.ContainsAny(r.src[q.end-1:q.end], "?!") {
		return who{}, "", false
	}
	end := min(r.end(q.to), r.nextQuote(q.to))
	v := r.verb(q.to, min(end, q.to+near))
	if v == nil {
		if r.words[q.to].Before&(token.Dash|token.Open) != 0 {
			for _, n := range r.within(q.to, q.to+1) {
				if n.kind == events.Person {
					return r.named(n), Quote, true
				}
			}
		}
		return who{}, "", false
	}
	w, ok := who{}, false
	if v.role < by {
		w, ok = r.left(v.from, q.to)
	}
	if !ok {
		w, ok = r.right(v.to, end)
	}
	if !ok {
		return who{}, "", false
	}
	v.used = true
	return w, quoting(v), true
}

// before: X a déclaré : « … »; X said "…"; selon X, « … ».
func (r *reading) before(q *quote) (who, string, bool) {
	if r.words[q.from].Starts() {
		return who{}, "", false
	}
	begin := r.begin(q.from)
	v := r.lastVerb(max(begin, q.from-near), q.from)
	if v == nil {
		return who{}, "", false
	}
	w, ok := who{}, false
	if v.role < by {
		w, ok = r.left(v.from, begin)
	}
	if !ok {
		w, ok = r.right(v.to, q.from)
	}
	if !ok {
		return who{}, "", false
	}
	v.used = true
	return w, quoting(v), true
}

// colon: "Emmanuel Macron : « … »", "Emmanuel Macron, à Kiev : « … »".
func (r *reading) colon(q *quote) (who, bool) {
	begin := r.begin(q.from)
	if q.from-begin > reach {
		return who{}, false
	}
	ns := r.within(begin, q.from)
	for _, n := range ns {
		if n.kind == events.Person && !r.leans(n, begin) {
			return r.named(n), true
		}
	}
	for _, n := range ns {
		if n.kind == events.Organisation && n.to == q.from {
			return r.named(n), true
		}
	}
	return who{}, false
}

// goesOn reports whether q goes on with what was quoted before, in the same
// paragraph and the next sentence: "A," X said. "B."
func (r *reading) goesOn(was, q *quote) bool {
	if !r.words[q.from].Starts() || q.from-was.to > 2*reach {
		return false
	}
	sentences := 0
	for i := was.to; i <= q.from; i++ {
		if r.words[i].Before&token.Line != 0 {
			return false
		}
		if r.words[i].Starts() {
			sentences++
		}
	}
	return sentences == 1 && len(r.says) > 0 && r.says[len(r.says)-1].Speaker != "" && r.says[len(r.says)-1].Words.End == was.end
}

// quoting is the stance of words quoted with v: a denial stays one.
func quoting(v *verb) string {
	if v.stance == Deny || v.stance == Confirm {
		return v.stance
	}
	return Quote
}

// verb is the first verb that begins in words [from, to), or nil.
func (r *reading) verb(from, to int) *verb {
	if i := r.firstVerb(from); i < len(r.verbs) && r.verbs[i].from < to {
		return &r.verbs[i]
	}
	return nil
}

// lastVerb is the last verb in words [from, to), or nil.
func (r *reading) lastVerb(from, to int) *verb {
	for i := r.firstVerb(to) - 1; i >= 0 && r.verbs[i].from >= from; i-- {
		if r.verbs[i].to <= to {
			return &r.verbs[i]
		}
	}
	return nil
}

// firstVerb is the index of the first verb from word at on.
func (r *reading) firstVerb(at int) int {
	return sort.Search(len(r.verbs), func(i int) bool { return r.verbs[i].from >= at })
}

// nextQuote is where the first quotation from word at on begins.
func (r *reading) nextQuote(at int) int {
	i := sort.Search(len(r.quotes), func(i int) bool { return r.quotes[i].from >= at })
	if i == len(r.quotes) {
		return len(r.words)
	}
	return r.quotes[i].from
}
