package story

import (
	"slices"
)

const (
	// scan is how many postings one lookup reads, rarest terms first.
	scan = 4096
	// shortlist is how many candidates the decision looks at.
	shortlist = 10
	// wordKeys and nameKeys are how many terms a story is found by.
	wordKeys = 20
	nameKeys = 10
	// numberKeys is by how many of its numbers.
	numberKeys = 8
)

// index finds the stories that share terms with an article.
type index struct {
	postings map[uint32][]posting // by term, unordered
	score    []float32            // by slot, zero between lookups
	touched  []int32
	terms    []probe
}

// posting is a story that has a term, and the term's part in it.
type posting struct {
	slot   int32
	weight float32
}

type probe struct {
	Term
	posted []posting
}

func newIndex() index { return index{postings: map[uint32][]posting{}} }

// What a shared word, name or number is worth when candidates are ranked; the
// decision itself is finer.
const (
	wordWorth   = 6
	nameWorth   = 4
	numberWorth = 1.5
	// headPart is the title's words' share beside those of title and lead.
	headPart = 0.7
)

// nameKey keeps the entities' hashes apart from the words'.
func nameKey(h uint32) uint32 { return h ^ 0xa5a5a5a5 }

// numberKey keeps the numbers' hashes apart from the words'.
func numberKey(h uint32) uint32 { return h ^ 0x5a5a5a5a }

// candidates returns the slots of the stories that share most with the
// article, best first; of equals the older story (by seq) comes first.
func (x *index) candidates(w *weighted, seq func(int32) uint64) []int32 {
	x.terms = x.terms[:0]
	for _, t := range w.words.add(w.heads, headPart, len(w.words)+len(w.heads)) {
		x.probe(t.Hash, wordWorth*t.Weight)
	}
	for _, t := range w.names {
		x.probe(nameKey(t.Hash), nameWorth*t.Weight)
	}
	for _, h := range w.Numbers {
		x.probe(numberKey(h), numberWorth/float32(len(w.Numbers)))
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
		for _, p := range t.posted {
			if x.score[p.slot] == 0 {
				x.touched = append(x.touched, p.slot)
			}
			x.score[p.slot] += t.Weight * p.weight
		}
	}
	return x.best(seq)
}

func (x *index) probe(key uint32, weight float32) {
	if p := x.postings[key]; len(p) > 0 {
		x.terms = append(x.terms, probe{Term{key, weight}, p})
	}
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
	keys := s.keys()
	i, j := 0, 0
	for i < len(s.indexed) || j < len(keys) {
		switch {
		case j >= len(keys) || (i < len(s.indexed) && s.indexed[i] < keys[j].Hash):
			x.drop(s.indexed[i], s.slot)
			i++
		case i >= len(s.indexed) || s.indexed[i] > keys[j].Hash:
			x.postings[keys[j].Hash] = append(x.postings[keys[j].Hash], posting{s.slot, keys[j].Weight})
			j++
		default:
			x.set(keys[j].Hash, s.slot, keys[j].Weight)
			i, j = i+1, j+1
		}
	}
	s.indexed = s.indexed[:0]
	for _, k := range keys {
		s.indexed = append(s.indexed, k.Hash)
	}
}

// keys are the terms that the story is found by and their parts in it.
func (s *Story) keys() Vector {
	keys := make(Vector, 0, wordKeys+nameKeys+len(s.Numbers))
	if n := s.Words.norm(); n > 0 {
		part := float64(headPart)
		if h := s.Heads.norm(); h > 0 {
			part *= n / h
		}
		for _, t := range s.Words.add(s.Heads, part, len(s.Words)+len(s.Heads)).heaviest(wordKeys) {
			keys = append(keys, Term{t.Hash, float32(float64(t.Weight) / n)})
		}
	}
	if n := s.Names.norm(); n > 0 {
		for _, t := range slices.Clone(s.Names).heaviest(nameKeys) {
			keys = append(keys, Term{nameKey(t.Hash), float32(float64(t.Weight) / n)})
		}
	}
	for _, h := range s.Numbers[max(0, len(s.Numbers)-numberKeys):] {
		keys = append(keys, Term{numberKey(h), 1})
	}
	return keys.sum()
}

// unpost makes the story unfindable.
func (x *index) unpost(s *Story) {
	for _, k := range s.indexed {
		x.drop(k, s.slot)
	}
	s.indexed = nil
}

func (x *index) set(key uint32, slot int32, weight float32) {
	p := x.postings[key]
	if i := find(p, slot); i >= 0 {
		p[i].weight = weight
	}
}

func (x *index) drop(key uint32, slot int32) {
	p := x.postings[key]
	i := find(p, slot)
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

func find(p []posting, slot int32) int {
	return slices.IndexFunc(p, func(x posting) bool { return x.slot == slot })
}
