package query

import "slices"

// groups are the queries of an index, those that say the same together. What
// an answer reads of them lies close together: with a million queries, the
// time goes into waiting for memory.
type groups struct {
	all    []group
	codes  []uint32   // programs, one behind the other
	wasted int        // of codes
	more   [][]Handle // of groups with several queries, all but the first; least first
	under  [][]uint32 // of each group, the leaves that it is filed under; nil: asked for every article
	same   map[uint64]uint32
	spare  []uint32 // groups without queries
}

// group is a program and the queries that it stands for.
type group struct {
	at, length uint32 // in codes
	first      Handle
	more       uint32 // in more, + 1
}

func (s *groups) code(g uint32) []uint32 { return s.codes[s.all[g].at:][:s.all[g].length] }

// put adds a query to its group, and reports whether that is new.
func (s *groups) put(code []uint32, h Handle) (g uint32, fresh bool) {
	sum := summary(code)
	if g, ok := s.same[sum]; ok && slices.Equal(s.code(g), code) {
		of := &s.all[g]
		if of.more == 0 {
			s.more = append(s.more, nil)
			of.more = uint32(len(s.more))
		}
		s.more[of.more-1] = append(s.more[of.more-1], h)
		return g, false
	}
	if s.same == nil {
		s.same = make(map[uint64]uint32)
	}
	if k := len(s.spare); k > 0 {
		g, s.spare = s.spare[k-1], s.spare[:k-1]
	} else {
		g = uint32(len(s.all))
		s.all, s.under = append(s.all, group{}), append(s.under, nil)
	}
	of := &s.all[g] // a group keeps its place in more
	of.at, of.length, of.first = uint32(len(s.codes)), uint32(len(code)), h
	s.codes = append(s.codes, code...)
	s.same[sum] = g
	return g, true
}

// drop takes a query out of its group, and reports whether it was the last.
func (s *groups) drop(g uint32, h Handle) (last bool) {
	of := &s.all[g]
	if of.more == 0 || len(s.more[of.more-1]) == 0 {
		return true
	}
	rest := s.more[of.more-1]
	if of.first == h {
		of.first = rest[0]
		h = rest[0]
	}
	i, _ := slices.BinarySearch(rest, h)
	s.more[of.more-1] = slices.Delete(rest, i, i+1)
	return false
}

// free gives back a group without queries.
func (s *groups) free(g uint32) {
	if sum := summary(s.code(g)); s.same[sum] == g {
		delete(s.same, sum)
	}
	s.wasted += int(s.all[g].length)
	s.all[g].length, s.under[g] = 0, nil
	s.spare = append(s.spare, g)
	if 2*s.wasted > len(s.codes) {
		s.pack()
	}
}

// pack writes the programs anew without those that are gone.
func (s *groups) pack() {
	codes := make([]uint32, 0, len(s.codes)-s.wasted)
	for g := range s.all {
		code := s.code(uint32(g))
		s.all[g].at = uint32(len(codes))
		codes = append(codes, code...)
	}
	s.codes, s.wasted = codes, 0
}

// size is the number of queries in a group.
func (s *groups) size(g uint32) int {
	if more := s.all[g].more; more > 0 {
		return 1 + len(s.more[more-1])
	}
	return 1
}

// summary is a hash of a program.
func summary(code []uint32) uint64 {
	h := uint64(len(code))
	for _, c := range code {
		h = mix(h*fnvPrime ^ uint64(c))
	}
	return h
}
