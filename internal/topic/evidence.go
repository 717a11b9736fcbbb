package topic

import (
	"slices"
)

// mask is words whose phrases are not evidence.
type mask struct {
	span
	topic int32
}

// found is one use of one hit.
type found struct {
	topic, use int32
	weight     float32
	spans      [maxSides]span
	n          int // spans in use
}

// span is words [first, last].
type span struct{ first, last int32 }

// collect turns hits into uses, and leaves out what is masked.
func (s *scratch) collect() {
	for _, atom := range s.touched {
		for _, u := range s.m.byAtom[atom] {
			use := &s.m.uses[u]
			for h := s.head[atom]; h >= 0; h = s.hits[h].next {
				s.note(u, use, &s.hits[h])
			}
		}
	}
	if len(s.masks) > 0 {
		s.found = slices.DeleteFunc(s.found, s.masked)
	}
}

// nearest is the closest hit of an atom within reach of h, in its sentence.
func (s *scratch) nearest(h *hit, o other) *hit {
	var best *hit
	least := o.near + 1
	for i := s.head[o.atom]; i >= 0; i = s.hits[i].next {
		x := &s.hits[i]
		if x.title != h.title || (x.sentence != h.sentence && x.sentence != noSentence && h.sentence != noSentence) {
			continue
		}
		between := max(x.first-h.last, h.first-x.last) - 1
		if between >= 0 && between < least {
			best, least = x, between
		}
	}
	return best
}

// note notes one use of a hit, if what must stand near it does.
func (s *scratch) note(id int32, u *use, h *hit) {
	f := found{topic: u.topic, use: id, weight: u.weight, n: 1 + len(u.others)}
	f.spans[0] = span{h.first, h.last}
	for i, o := range u.others {
		x := s.nearest(h, o)
		if x == nil {
			return
		}
		f.spans[i+1] = span{x.first, x.last}
	}
	if u.ignore {
		s.mask(f)
		return
	}
	switch {
	case h.title:
		f.weight *= inTitle
	case h.first-s.titleLen < openingWords:
		f.weight *= inOpening
	case h.first-s.titleLen < leadWords:
		f.weight *= inLead
	default:
		f.weight *= inBody
	}
	s.found = append(s.found, f)
}

// maxMasks is how many stretches of a text may be left out.
const maxMasks = 256

func (s *scratch) mask(f found) {
	if len(s.masks) == maxMasks {
		return
	}
	m := mask{span: f.spans[0], topic: f.topic}
	for _, sp := range f.spans[1:f.n] {
		m.first, m.last = min(m.first, sp.first), max(m.last, sp.last)
	}
	s.masks = append(s.masks, m)
}

func (s *scratch) masked(f found) bool {
	for _, m := range s.masks {
		if m.topic != everyTopic && m.topic != f.topic {
			continue
		}
		for _, sp := range f.spans[:f.n] {
			if m.first <= sp.first && sp.last <= m.last {
				return true
			}
		}
	}
	return false
}
