package topic

import (
	"sync"
)

// matcher finds the phrases of one language. Words are looked up by the hash
// of their folded form; phrases are paths in a trie of word classes.
type matcher struct {
	forms    map[uint64][]entry
	prefixes prefixes
	edges    map[edge]int32
	starts   []int32   // the node that a symbol leads to from the root, or 0
	ends     [][]int32 // atoms that end at a node
	byAtom   [][]int32 // uses whose left side is the atom
	uses     []use
	entities map[string][]int32 // atoms by entity id
	kinds    map[string][]int32 // atoms by entity kind
	scratch  sync.Pool
}

type entry struct {
	symbol int32
	caps   bool
}

type edge struct{ node, symbol int32 }

// use is what a phrase says of a topic.
type use struct {
	rule, topic int32
	weight      float32
	ignore      bool
	others      []other // what must stand near
}

// other is a further side of a term: its atom, and how far off it may stand.
type other struct{ atom, near int32 }

// everyTopic stands for all topics in a use that is ignored.
const everyTopic = -1

// hit is a phrase found: words [first, last] of a field.
type hit struct {
	atom        int32
	first, last int32
	sentence    int32
	title       bool
	next        int32 // the hit of the same atom before it, or -1
}

func newMatcher() *matcher {
	return &matcher{
		forms: map[uint64][]entry{}, edges: map[edge]int32{}, ends: [][]int32{nil},
		entities: map[string][]int32{}, kinds: map[string][]int32{}, prefixes: prefixes{by: map[uint32][]prefixEntry{}},
	}
}

func (m *matcher) put(h uint64, e entry) {
	for _, x := range m.forms[h] {
		if x == e {
			return
		}
	}
	m.forms[h] = append(m.forms[h], e)
}

func (m *matcher) seal() {
	for e, node := range m.edges {
		if e.node == 0 {
			for int(e.symbol) >= len(m.starts) {
				m.starts = append(m.starts, 0)
			}
			m.starts[e.symbol] = node
		}
	}
	m.scratch.New = func() any {
		s := &scratch{m: m, head: make([]int32, len(m.byAtom)), count: make([]int32, len(m.byAtom))}
		for i := range s.head {
			s.head[i] = -1
		}
		return s
	}
}
