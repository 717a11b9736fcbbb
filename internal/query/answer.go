package query

import "math/bits"

// answer is the scratch of one [Index.Match].
type answer struct {
	x       *Index
	view    *View
	keys    []uint64
	guards  guards   // of the view
	said    []said   // what leaves said
	touched []uint32 // places in said that are not zero
	groups  set      // that may match
	handles set      // that do
}

// said is what 64 leaves said: which were asked, and which of them match.
type said struct{ asked, yes uint64 }

func (s *answer) begin(x *Index, v *View) {
	s.x, s.view = x, v
	s.groups.grow(len(x.groups.all))
	s.handles.grow(len(x.member))
	if n := len(x.leaves.nodes)/64 + 1; len(s.said) < n {
		s.said = make([]said, n+n/4)
	}
	s.keys = v.keys(s.keys[:0], &x.posts.kinds)
	s.guards.fill(v)
}

func (s *answer) end() {
	for _, i := range s.touched {
		s.said[i] = said{}
	}
	s.touched = s.touched[:0]
	s.x, s.view = nil, nil
}

// reach asks a leaf of which the article has a key, and when it matches, takes
// the groups that are filed under it.
func (s *answer) reach(l link) {
	if !s.guards.admit(l.guard) || s.said[l.leaf/64].asked&(1<<(l.leaf%64)) != 0 || !s.ask(l.leaf) {
		return
	}
	for _, g := range s.x.leaves.filings[l.leaf].groups {
		s.groups.set(g)
	}
}

// leaf answers a leaf of a query. A leaf that is filed and was not reached does
// not match.
func (s *answer) leaf(id uint32) bool {
	bit := uint64(1) << (id % 64)
	switch w := &s.said[id/64]; {
	case w.yes&bit != 0:
		return true
	case w.asked&bit != 0, s.x.leaves.filed[id/64]&bit != 0, !s.guards.admit(s.x.leaves.guards[id]):
		return false
	}
	return s.ask(id)
}

func (s *answer) ask(id uint32) bool {
	w := &s.said[id/64]
	if w.asked == 0 {
		s.touched = append(s.touched, id/64)
	}
	bit := uint64(1) << (id % 64)
	w.asked |= bit
	if !match(s.x.leaves.nodes[id], s.view) {
		return false
	}
	w.yes |= bit
	return true
}

// set is a bitmap with a summary above it, which sorts and parts what is put
// in at once.
type set struct{ bits, above []uint64 }

func (s *set) grow(n int) {
	if n = n/64 + 1; len(s.bits) < n {
		s.bits = make([]uint64, n+n/4)
		s.above = make([]uint64, len(s.bits)/64+1)
	}
}

func (s *set) set(i uint32) {
	s.bits[i/64] |= 1 << (i % 64)
	s.above[i/4096] |= 1 << (i / 64 % 64)
}

// drain calls yield for each in order, and leaves the set empty.
func (s *set) drain(yield func(uint32)) {
	for i, upper := range s.above {
		if upper == 0 {
			continue
		}
		for ; upper != 0; upper &= upper - 1 {
			word := i*64 + bits.TrailingZeros64(upper)
			for lower := s.bits[word]; lower != 0; lower &= lower - 1 {
				yield(uint32(word*64 + bits.TrailingZeros64(lower)))
			}
			s.bits[word] = 0
		}
		s.above[i] = 0
	}
}
