package topic

import (
	"cmp"
	"slices"
)

// What a term's weight is multiplied by, for where it stands and how often it
// was found before.
const (
	inTitle   = 2.0
	inOpening = 1.25 // the first openingWords of the text
	inLead    = 1.0  // up to leadWords
	inBody    = 0.5

	openingWords = 25
	leadWords    = 70

	// least is the evidence with which a topic is tagged, in parts of the
	// curve's middle.
	least = 1.25
	// share is the evidence of the strongest threat that another needs.
	share = 0.45
	// unsure is what a score is multiplied by when the language is not known.
	unsure = 0.75
)

// again is the weight of the second, third, … time that a term is found.
var again = [...]float64{1, 0.45, 0.3, 0.2, 0.15, 0.1}

// sum is the evidence for one topic: found[from:to], those that count moved to
// the front up to kept.
type sum struct {
	topic          int32
	from, to, kept int32
	own            float64 // what the topic's words say
	z              float64 // what is left of it beside the contexts
	rule           int32
	best           float64
}

// weigh sums the evidence by topic. A word counts once for a topic, under its
// heaviest term.
func (s *scratch) weigh(t *Taxonomy) {
	slices.SortFunc(s.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(b.weight, a.weight), cmp.Compare(a.spans[0].first, b.spans[0].first),
			cmp.Compare(a.use, b.use))
	})
	s.sums = s.sums[:0]
	for i := 0; i < len(s.found); {
		j := i
		for j < len(s.found) && s.found[j].topic == s.found[i].topic {
			j++
		}
		s.sums = append(s.sums, s.total(int32(i), int32(j)))
		i = j
	}
	for i := range s.sums {
		for _, d := range t.damps[s.sums[i].topic] {
			s.sums[i].z -= d.weight * max(0, s.own(d.context))
		}
	}
}

// total sums found[from:to], all of one topic.
func (s *scratch) total(from, to int32) sum {
	x := sum{topic: s.found[from].topic, from: from, to: to, rule: -1}
	clear(s.owner)
	kept := from
	for i := from; i < to; i++ {
		f := s.found[i]
		if f.weight < 0 {
			x.own += float64(f.weight)
			continue
		}
		if s.taken(f) {
			continue
		}
		s.take(f)
		w := float64(f.weight) * again[min(s.times(x.from, kept, f.use), len(again)-1)]
		x.own += w
		if w > x.best {
			x.best, x.rule = w, s.m.uses[f.use].rule
		}
		s.found[kept] = f
		kept++
	}
	x.kept, x.z = kept, x.own
	return x
}

// times is how often the use was counted already.
func (s *scratch) times(from, kept, use int32) int {
	n := 0
	for _, f := range s.found[from:kept] {
		if f.use == use {
			n++
		}
	}
	return n
}

func (s *scratch) taken(f found) bool {
	for _, sp := range f.spans[:f.n] {
		for i := sp.first; i <= sp.last && int(i) < len(s.owner); i++ {
			if s.owner[i] {
				return true
			}
		}
	}
	return false
}

func (s *scratch) take(f found) {
	for _, sp := range f.spans[:f.n] {
		for int(sp.last) >= len(s.owner) {
			s.owner = append(s.owner, false)
		}
		for i := sp.first; i <= sp.last; i++ {
			s.owner[i] = true
		}
	}
}

// own is the evidence for a context. A context may be damped itself; what it
// takes from others is what its own words say.
func (s *scratch) own(context int32) float64 {
	for i := range s.sums {
		if s.sums[i].topic == context {
			return s.sums[i].own
		}
	}
	return 0
}
