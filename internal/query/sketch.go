package query

import "slices"

// sketch counts in how many articles keys were seen, in fixed memory: it may
// say too many, never too few (Cormode & Muthukrishnan, "count-min", 2005).
type sketch struct {
	rows     [2][]uint32
	wanted   kinds // that queries were weighed by
	articles kinds // that were counted, by kind of key
}

const sketchWidth = 1 << 16

func (s *sketch) add(key uint64) {
	s.rows[0][key>>8%sketchWidth]++
	s.rows[1][key>>32%sketchWidth]++
}

// share guesses how many articles in one have the key; guess counts for
// twenty articles, so that it fades as they come.
func (x *Index) share(key uint64, guess float64) float64 {
	s := &x.seen
	kind := kindOf(key)
	s.wanted[kind] = 1
	if s.articles[kind] == 0 {
		return guess
	}
	n := min(s.rows[0][key>>8%sketchWidth], s.rows[1][key>>32%sketchWidth])
	return (float64(n) + 20*guess) / float64(s.articles[kind]+20)
}

// Learn counts what v has, so that queries added later, and those that
// [Index.Refile] moves, are filed under what is truly rare. It changes no
// answer.
func (x *Index) Learn(v *View) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := &x.seen
	if s.rows[0] == nil || slices.Max(s.articles[:]) == 1<<31 {
		s.rows = [2][]uint32{make([]uint32, sketchWidth), make([]uint32, sketchWidth)}
		s.articles = kinds{}
	}
	s.wanted[wordKey], s.wanted[factKey] = 1, 1
	keys := v.keys(nil, &s.wanted)
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		s.add(key)
	}
	for kind, n := range s.wanted {
		s.articles[kind] += n
	}
}

// Refile files every query anew under what is rarest by what was learned, and
// says how many moved. It changes no answer.
func (x *Index) Refile() (moved int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for g, of := range x.groups.all {
		if of.length == 0 {
			continue
		}
		under, _, _ := x.cover(x.groups.code(uint32(g)))
		if slices.Equal(under, x.groups.under[g]) {
			continue
		}
		x.unfile(uint32(g))
		x.groups.under[g] = under
		x.file(uint32(g))
		moved += x.groups.size(uint32(g))
	}
	for id, f := range x.leaves.filings {
		if keys, _ := x.keysOf(x.leaves.nodes[id]); !slices.Equal(keys, f.keys) {
			x.posts.remove(f.keys, x.leaves.link(id))
			f.keys = keys
			x.posts.add(f.keys, x.leaves.link(id))
		}
	}
	return moved
}
