package query

import "slices"

// sketch counts in how many articles keys were seen, in fixed memory: it may
// say too many, never too few (Cormode & Muthukrishnan, "count-min", 2005).
type sketch struct {
	rows     [2][]uint32
	articles uint32
}

const sketchWidth = 1 << 16

func (s *sketch) add(key uint64) {
	if s.rows[0] == nil {
		s.rows[0], s.rows[1] = make([]uint32, sketchWidth), make([]uint32, sketchWidth)
	}
	s.rows[0][key%sketchWidth]++
	s.rows[1][key>>32%sketchWidth]++
}

// share guesses how many articles in one have the key; guess counts for
// twenty articles, so that it fades as they come.
func (s *sketch) share(key uint64, guess float64) float64 {
	if s.articles == 0 {
		return guess
	}
	n := min(s.rows[0][key%sketchWidth], s.rows[1][key>>32%sketchWidth])
	return (float64(n) + 20*guess) / float64(s.articles+20)
}

// Learn counts what v has, so that queries added later, and those that
// [Index.Refile] moves, are filed under what is truly rare. It changes no
// answer.
func (x *Index) Learn(v *View) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.seen.articles++; x.seen.articles == 0 {
		x.seen = sketch{articles: 1}
	}
	x.keysOf(v, x.seen.add)
}

// Refile files every query anew under the keys that are rarest by what was
// learned, and says how many moved. It changes no answer.
func (x *Index) Refile() (moved int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for h := range x.entries {
		e := &x.entries[h]
		if e.code == nil {
			continue
		}
		root, _ := x.leaves.tree(e.code)
		keys, _ := x.cover(root)
		if slices.Equal(keys, e.keys) {
			continue
		}
		x.unfile(Handle(h))
		e.keys = keys
		x.file(Handle(h), keys)
		moved++
	}
	return moved
}
