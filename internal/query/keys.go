package query

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// Keys are hashes under which queries are filed and articles looked up. Words
// are filed under their own hash; the others are set apart by what they are.
const (
	saltForm   = 0x9e3779b97f4a7c15
	saltPrefix = 0xc2b2ae3d27d4eb4f
)

func (f fact) key() uint64 { return mix(f.value ^ xxhash.Sum64String(string(f.field))) }

func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}

// shapes remembers which kinds of key are filed at all.
type shapes struct {
	forms    bool
	prefixes [longest + 1]bool // by length in bytes
	memo     map[string][]uint64
}

// cover finds keys of which every article that matches n must have one, and
// how many articles in one are expected to have one. nil: there are none.
func (x *Index) cover(n Node) ([]uint64, float64) {
	switch n := n.(type) {
	case *And:
		return x.least(n.Of)
	case *Or:
		var keys []uint64
		sum := 0.0
		for _, k := range n.Of {
			part, p := x.cover(k)
			if part == nil {
				return nil, 1
			}
			keys, sum = append(keys, part...), sum+p
		}
		return unique(keys), sum
	case *Near:
		return x.least([]Node{n.A, n.B})
	case *Term:
		return x.coverTerm(n)
	}
	return nil, 1
}

func (x *Index) least(of []Node) (keys []uint64, least float64) {
	for _, k := range of {
		if part, p := x.cover(k); part != nil && (keys == nil || p < least) {
			keys, least = part, p
		}
	}
	return keys, least
}

func (x *Index) coverTerm(t *Term) ([]uint64, float64) {
	switch {
	case t.Field == Tier:
		return x.tiers(t)
	case t.Prefix && (t.Field == SourceField || len(t.Words) == 1):
		return x.prefix(t)
	case !t.Field.Worded():
		k := fact{t.Field, t.keys[0]}.key()
		return []uint64{k}, x.seen.share(k, prior[t.Field])
	}
	var keys []uint64
	least := 0.0
	for j, w := range t.Words {
		if t.Prefix && j == len(t.Words)-1 {
			break
		}
		part, guess := []uint64{t.keys[j]}, commonness(w)
		if t.Inflected {
			part, guess = x.forms(t.Spelt[j], w), 2*guess
		}
		p := 0.0
		for _, k := range part {
			p += x.seen.share(k, guess)
		}
		if keys == nil || p < least {
			keys, least = part, p
		}
	}
	return keys, least
}

// forms gives the stems of a word in every language that has any.
func (x *Index) forms(spelt, folded string) []uint64 {
	x.shapes.forms = true
	if keys, ok := x.shapes.memo[spelt]; ok {
		return keys
	}
	var keys []uint64
	for _, lang := range stemmed {
		s := stemsOf(lang, spelt, folded)
		keys = append(keys, mix(s[0]^saltForm), mix(s[1]^saltForm))
	}
	keys = unique(keys)
	if x.shapes.memo == nil || len(x.shapes.memo) > remembered {
		x.shapes.memo = make(map[string][]uint64)
	}
	x.shapes.memo[spelt] = keys
	return keys
}

func (x *Index) tiers(t *Term) ([]uint64, float64) {
	var keys []uint64
	for n := 1; n <= 9; n++ {
		if t.tier(n) {
			keys = append(keys, fact{Tier, uint64(n)}.key())
		}
	}
	if keys == nil { // tier:<1 matches nothing
		keys = []uint64{fact{Tier, 0}.key()}
	}
	return keys, 0.2 * float64(len(keys))
}

func (x *Index) prefix(t *Term) ([]uint64, float64) {
	w := t.Value
	salt := fact{field: SourceField}.key()
	if t.Field.Worded() {
		w, salt = t.Words[0], saltPrefix
	}
	w = w[:min(len(w), longest)]
	x.shapes.prefixes[len(w)] = true
	k := mix(fnv(w) ^ salt)
	return []uint64{k}, x.seen.share(k, min(0.5, 8*commonness(w)))
}

// keysOf calls yield for every key that v has, mostly once.
func (x *Index) keysOf(v *View, yield func(uint64)) {
	for i := range v.tokens {
		if h := v.tokens[i].Hash; v.words.first(h) == int32(i) {
			yield(h)
			x.prefixes(v.tokens[i].Fold, saltPrefix, yield)
		}
	}
	if x.shapes.forms {
		v.inflect()
		for i, s := range v.stems {
			for j, h := range s {
				if v.forms.first(h) == int32(2*i+j) {
					yield(mix(h ^ saltForm))
				}
			}
		}
	}
	for f := range v.facts {
		yield(f.key())
	}
	if n := v.Source.Tier; n > 0 {
		yield(fact{Tier, uint64(n)}.key())
	}
	x.prefixes(strings.ToLower(v.Article.Article.Source), fact{field: SourceField}.key(), yield)
}

func (x *Index) prefixes(w string, salt uint64, yield func(uint64)) {
	h := fnvStart
	for i := range min(len(w), longest) {
		h = (h ^ uint64(w[i])) * fnvPrime
		if x.shapes.prefixes[i+1] {
			yield(mix(h ^ salt))
		}
	}
}

// FNV-1a, which can be read off at every letter.
const (
	fnvStart uint64 = 14695981039346656037
	fnvPrime uint64 = 1099511628211
)

func fnv(s string) uint64 {
	h := fnvStart
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

func unique(keys []uint64) []uint64 {
	seen := make(map[uint64]bool, len(keys))
	out := keys[:0]
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// prior guesses how many articles in one have a fact, before any was seen.
var prior = map[Field]float64{
	Lang: 0.4, SourceField: 0.02, Country: 0.1, PlaceCountry: 0.1, SourceCountry: 0.2, Entity: 0.01,
	EntityKind: 0.7, Kind: 0.3, Topic: 0.05, Origin: 0.05,
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
