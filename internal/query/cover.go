package query

import (
	"slices"
	"strconv"
)

// cover finds leaves of which every article that matches the program at the
// head of code must have one, how many articles in one are expected to have
// one, and how long that program is. nil: there are none.
func (x *Index) cover(code []uint32) (under []uint32, p float64, length int) {
	op, n := code[0]&opMask, code[0]&^opMask
	if op == opLeaf {
		_, p := x.keysOf(x.leaves.nodes[n])
		return []uint32{n}, p, 1
	}
	length = int(code[1])
	if op == opNot {
		return nil, 1, length
	}
	at := 2
	for i := range n {
		part, share, used := x.cover(code[at:length])
		at += used
		switch {
		case op == opOr && part == nil:
			return nil, 1, length
		case op == opOr:
			under, p = append(under, part...), p+share
		case part != nil && (under == nil || share < p):
			under, p = part, share
		case i == 0:
			p = 1
		}
	}
	return unique(under), p, length
}

// rarity is how much rarer a phrase or a NEAR is guessed to be than its rarest
// word.
const rarity = 0.2

// keysOf finds keys of which every article that matches a leaf must have one,
// and how many articles in one are expected to match it.
func (x *Index) keysOf(leaf Node) (keys []uint64, p float64) {
	switch n := leaf.(type) {
	case *Or:
		for _, k := range n.Of {
			part, share := x.keysOf(k)
			keys, p = append(keys, part...), p+share
		}
		return unique(keys), p
	case *Near:
		keys, p = x.keysOf(n.A)
		if other, share := x.keysOf(n.B); share < p {
			keys, p = other, share
		}
		return keys, rarity * p
	case *Term:
		return x.keysOfTerm(n)
	}
	return nil, 1
}

func (x *Index) keysOfTerm(t *Term) (keys []uint64, p float64) {
	switch {
	case t.Field == Tier:
		return tiers(t)
	case t.Prefix && (t.Field == SourceField || len(t.Words) == 1):
		k, w := prefixOf(t)
		return []uint64{k}, x.share(k, min(0.5, 8*commonness(w)))
	case !t.Field.Worded():
		k := keyOf(t.keys[0], factKey)
		return []uint64{k}, x.share(k, t.prior())
	case t.Inflected:
		for j := range t.Words {
			part, share := x.formsOf(t.Spelt[j], t.Words[j]), 0.0
			for _, k := range part {
				share += x.share(k, 2*commonness(t.Words[j])/float64(len(part)))
			}
			if keys == nil || share < p {
				keys, p = part, share
			}
		}
		return keys, p
	}
	whole := len(t.Words)
	if t.Prefix {
		whole--
	}
	for j := range whole {
		k, guess := wordOf(t.keys[j]), commonness(t.Words[j])
		if j+1 < whole {
			k, guess = pairOf(t.keys[j], t.keys[j+1]), rarity*min(guess, commonness(t.Words[j+1]))
		}
		share := x.share(k, guess)
		if keys == nil || share < p {
			keys, p = []uint64{k}, share
		}
	}
	return keys, p
}

// formsOf gives the keys of a word's stems in every language that has any.
func (x *Index) formsOf(spelt, folded string) []uint64 {
	if keys, ok := x.forms[spelt]; ok {
		return keys
	}
	var keys []uint64
	for _, lang := range stemmed {
		s := stemsOf(lang, spelt, folded)
		keys = append(keys, formOf(s[0]), formOf(s[1]))
	}
	keys = unique(keys)
	if x.forms == nil || len(x.forms) > remembered {
		x.forms = make(map[string][]uint64)
	}
	x.forms[spelt] = keys
	return keys
}

func tiers(t *Term) ([]uint64, float64) {
	var keys []uint64
	for n := 1; n <= 9; n++ {
		if t.tier(n) {
			keys = append(keys, tierOf(n))
		}
	}
	if keys == nil { // tier:<1 matches nothing
		keys = []uint64{tierOf(0)}
	}
	return keys, 0.2 * float64(len(keys))
}

// unique drops what was there before.
func unique[T comparable](of []T) []T {
	if len(of) < 2 {
		return of
	}
	seen := make(map[T]bool, len(of))
	return slices.DeleteFunc(of, func(k T) bool {
		again := seen[k]
		seen[k] = true
		return again
	})
}

// prior guesses how many articles in one have a term's fact, before any was
// seen.
func (t *Term) prior() float64 {
	if t.Field == Kind && t.Value == Kinds()[0] {
		return 0.9
	}
	return prior[t.Field]
}

var prior = map[Field]float64{
	Lang: 0.4, SourceField: 0.02, Country: 0.1, PlaceCountry: 0.1, SourceCountry: 0.2, Entity: 0.01,
	EntityKind: 0.7, Kind: 0.05, Topic: 0.05, Origin: 0.05,
}

// commonness guesses how many articles in one have a word, from its length.
func commonness(w string) float64 {
	if _, err := strconv.Atoi(w); err == nil {
		return 0.05
	}
	switch n := len(w); {
	case n <= 3:
		return 0.5
	case n <= 4:
		return 0.1
	case n <= 6:
		return 0.03
	case n <= 9:
		return 0.01
	}
	return 0.005
}

// Broad reports whether an article may match without having anything that the
// query names, as one of only NOT. Such a query is good for a search, and too
// broad for a watch.
func (q *Query) Broad() bool { return broad(q.Root) }

func broad(n Node) bool {
	switch n := n.(type) {
	case *And:
		return !slices.ContainsFunc(n.Of, func(k Node) bool { return !broad(k) })
	case *Or:
		return slices.ContainsFunc(n.Of, broad)
	case *Not:
		return true
	}
	return false
}
