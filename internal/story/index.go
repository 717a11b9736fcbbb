package story

import (
	"slices"
)

const (
	// scan is how many postings one lookup reads, rarest terms first.
	scan = 4096
	// shortlist is how many candidates the decision looks at.
	shortlist = 12
	// wordKeys and nameKeys are how many terms a story is found by.
	wordKeys = 20
	nameKeys = 10
)

// index finds the stories that share terms with an article.
type index struct {
	postings map[uint32][]int32 // term: slots, unordered
	score    []float32          // by slot, zero between lookups
	touched  []int32
	terms    []probe
}

type probe struct {
	Term
	posted []int32
}

func newIndex() index { return index{postings: map[uint32][]int32{}} }

// nameKey keeps the entities' hashes apart from the words'.
func nameKey(h uint32) uint32 { return h ^ 0xa5a5a5a5 }

// candidates returns the slots of the stories that share most with the terms,
// best first; of equals the older story (by seq) comes first.
func (x *index) candidates(words, names Vector, seq func(int32) uint64) []int32 {
	x.terms = x.terms[:0]
	for _, t := range words {
		if p := x.postings[t.Hash]; len(p) > 0 {
			x.terms = append(x.terms, probe{t, p})
		}
	}
	for _, t := range names {
		if p := x.postings[nameKey(t.Hash)]; len(p) > 0 {
			x.terms = append(x.terms, probe{Term{nameKey(t.Hash), t.Weight}, p})
		}
	}
	slices.SortFunc(x.terms, func(a, b probe) int {
		if len(a.posted) != len(b.posted) {
			return len(a.posted) - len(b.posted)
		}
		return byHash(a.Term, b.Term)
	})
	left := scan
	for _, t := range x.terms {
		if left -= len(t.posted); left < 0 {
			break
		}
		w := t.Weight * t.Weight
		for _, s := range t.posted {
			if x.score[s] == 0 {
				x.touched = append(x.touched, s)
			}
			x.score[s] += w
		}
	}
	return x.best(seq)
}

func (x *index) best(seq func(int32) uint64) []int32 {
	top := make([]int32, 0, shortlist+1)
	better := func(a, b int32) bool {
		if x.score[a] != x.score[b] {
			return x.score[a] > x.score[b]
		}
		return seq(a) < seq(b)
	}
	for _, s := range x.touched {
		if len(top) == shortlist && !better(s, top[shortlist-1]) {
			continue
		}
		i := len(top)
		for i > 0 && better(s, top[i-1]) {
			i--
		}
		top = slices.Insert(top, i, s)
		if len(top) > shortlist {
			top = top[:shortlist]
		}
	}
	for _, s := range x.touched {
		x.score[s] = 0
	}
	x.touched = x.touched[:0]
	return top
}

// post makes the story findable by its heaviest terms of now.
func (x *index) post(s *Story) {
	for int(s.slot) >= len(x.score) {
		x.score = append(x.score, 0)
	}
	keys := make([]uint32, 0, wordKeys+nameKeys)
	for _, t := range slices.Clone(s.Words).heaviest(wordKeys) {
		keys = append(keys, t.Hash)
	}
	for _, t := range slices.Clone(s.Names).heaviest(nameKeys) {
		keys = append(keys, nameKey(t.Hash))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	i, j := 0, 0
	for i < len(s.indexed) || j < len(keys) {
		switch {
		case j >= len(keys) || (i < len(s.indexed) && s.indexed[i] < keys[j]):
			x.drop(s.indexed[i], s.slot)
			i++
		case i >= len(s.indexed) || s.indexed[i] > keys[j]:
			x.postings[keys[j]] = append(x.postings[keys[j]], s.slot)
			j++
		default:
			i, j = i+1, j+1
		}
	}
	s.indexed = keys
}

// unpost makes the story unfindable.
func (x *index) unpost(s *Story) {
	for _, k := range s.indexed {
		x.drop(k, s.slot)
	}
	s.indexed = nil
}

func (x *index) drop(key uint32, slot int32) {
	p := x.postings[key]
	i := slices.Index(p, slot)
	if i < 0 {
		return
	}
	p[i] = p[len(p)-1]
	if p = p[:len(p)-1]; len(p) == 0 {
		delete(x.postings, key)
		return
	}
	x.postings[key] = p
}
