package query

import (
	"slices"
	"strings"
)

// Match reports whether the article answers the query.
func (q *Query) Match(v *View) bool { return match(q.Root, v) }

func match(n Node, v *View) bool {
	switch n := n.(type) {
	case *And:
		for _, k := range n.Of {
			if !match(k, v) {
				return false
			}
		}
		return true
	case *Or:
		for _, k := range n.Of {
			if match(k, v) {
				return true
			}
		}
		return false
	case *Not:
		return !match(n.Of, v)
	case *Near:
		if a, b := n.words(); a != nil {
			return v.meet(a, b, int32(n.Within))
		}
		return len(v.spans(n, 1)) > 0
	case *Term:
		return n.match(v)
	}
	return false
}

// words gives the parts of a NEAR of two single words as they stand.
func (n *Near) words() (a, b *Term) {
	a, plain := n.A.(*Term)
	if !plain || !a.plain() {
		return nil, nil
	}
	if b, plain = n.B.(*Term); !plain || !b.plain() {
		return nil, nil
	}
	return a, b
}

func (t *Term) plain() bool { return len(t.Words) == 1 && !t.Inflected && !t.Prefix }

// meet reports whether two single words stand near enough. It goes from the end
// of the text to its beginning through the places of both: of two that are too
// far apart, the later one is too far from all that follow.
func (v *View) meet(a, b *Term, within int32) bool {
	i, j := v.words.first(a.keys[0]), v.words.first(b.keys[0])
	for i >= 0 && j >= 0 {
		switch {
		case i != j && v.apart(span{i, i}, span{j, j}, within) && v.field(a.Field, int(i)) && v.field(b.Field, int(j)):
			return true
		case i >= j:
			i = v.words.after(i)
		default:
			j = v.words.after(j)
		}
	}
	return false
}

func (t *Term) match(v *View) bool {
	if t.Field.Worded() {
		return t.each(v, func(span) bool { return false })
	}
	if t.Field == Tier {
		return t.tier(v.Source.Tier)
	}
	if t.Field == SourceField && t.Prefix {
		return strings.HasPrefix(strings.ToLower(v.Article.Article.Source), t.Value)
	}
	return v.facts.first(t.keys[0]) >= 0
}

// tier compares; a publisher whose tier is not known has none.
func (t *Term) tier(of int) bool {
	n := int(t.Value[0] - '0')
	switch {
	case of == 0:
		return false
	case t.Op == "<":
		return of < n
	case t.Op == "<=":
		return of <= n
	case t.Op == ">":
		return of > n
	case t.Op == ">=":
		return of >= n
	}
	return of == n
}

// span is a stretch of tokens, both ends included, all of one field.
type span struct{ from, to int32 }

// each calls yield for the places of a text term until it returns false, and
// reports whether there was any. The order is not that of the text.
func (t *Term) each(v *View, yield func(span) bool) (any bool) {
	visit := func(i int32, anchor int) bool {
		from := i - int32(anchor)
		if from < 0 || !t.at(v, int(from)) {
			return true
		}
		any = true
		return yield(span{from, from + int32(len(t.Words)) - 1})
	}
	switch {
	case t.Inflected:
		v.inflect()
		w := v.reader.stems(v.lang, t.Spelt[0], t.Words[0])
		last := int32(-1)
		for n, h := range w {
			if n == 1 && h == w[0] {
				break
			}
			for i := v.forms.first(h); i >= 0; i = v.forms.after(i) {
				if i/2 != last && !visit(i/2, 0) {
					return any
				}
				last = i / 2
			}
		}
	case t.Prefix && len(t.Words) == 1:
		for i := range v.tokens {
			if !visit(int32(i), 0) {
				return any
			}
		}
	default:
		for i := v.words.first(t.keys[0]); i >= 0; i = v.words.after(i) {
			if !visit(i, 0) {
				return any
			}
		}
	}
	return any
}

// at reports whether the term's words stand at token from and after.
func (t *Term) at(v *View, from int) bool {
	if from+len(t.Words) > len(v.tokens) || !v.field(t.Field, from) {
		return false
	}
	for j := range t.Words {
		tok := &v.tokens[from+j]
		if j > 0 && tok.Starts() || !t.word(v, j, from+j) {
			return false
		}
	}
	return true
}

// word reports whether token i is the term's word j.
func (t *Term) word(v *View, j, i int) bool {
	tok := &v.tokens[i]
	switch {
	case tok.Hash == t.keys[j]:
		return true
	case t.Inflected:
		v.inflect()
		return v.stems[i].meet(v.reader.stems(v.lang, t.Spelt[j], t.Words[j]))
	}
	return t.Prefix && j == len(t.Words)-1 && strings.HasPrefix(tok.Fold, t.Words[j])
}

// maxSpans bounds the places that one part of NEAR may have.
const maxSpans = 4096

// spans lists the places of n, in the order of the text, at most limit where
// limit is positive.
func (v *View) spans(n Node, limit int) []span {
	if limit <= 0 {
		limit = maxSpans
	}
	var out []span
	switch n := n.(type) {
	case *Term:
		n.each(v, func(s span) bool {
			out = append(out, s)
			return len(out) < limit
		})
	case *Or:
		for _, k := range n.Of {
			out = append(out, v.spans(k, limit)...)
		}
	case *Near:
		out = v.pairs(n, limit)
	}
	slices.SortFunc(out, func(a, b span) int {
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return int(a.to - b.to)
	})
	out = slices.Compact(out)
	return out[:min(len(out), limit)]
}

// pairs lists the stretches from an A to a B that stand near enough.
func (v *View) pairs(n *Near, limit int) (out []span) {
	as := v.spans(n.A, 0)
	if len(as) == 0 {
		return nil
	}
	bs := v.spans(n.B, 0)
	if len(bs) == 0 {
		return nil
	}
	widest := int32(0)
	for _, b := range bs {
		widest = max(widest, b.to-b.from)
	}
	for _, a := range as {
		i, _ := slices.BinarySearchFunc(bs, a.from-int32(n.Within)-widest, func(b span, at int32) int { return int(b.from - at) })
		for ; i < len(bs) && bs[i].from <= a.to+int32(n.Within); i++ {
			b := bs[i]
			if !v.apart(a, b, int32(n.Within)) {
				continue
			}
			if out = append(out, span{min(a.from, b.from), max(a.to, b.to)}); len(out) >= limit {
				return out
			}
		}
	}
	return out
}

// apart reports whether a and b are of one field, do not overlap, and are at
// most within words from one another.
func (v *View) apart(a, b span, within int32) bool {
	if (int(a.from) < v.titles) != (int(b.from) < v.titles) {
		return false
	}
	if a.to < b.from {
		return b.from-a.to <= within
	}
	return b.to < a.from && a.from-b.to <= within
}
