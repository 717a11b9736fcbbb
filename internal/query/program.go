package query

import "slices"

// A query in an index is a short program over leaves. Leaves (terms and NEAR)
// are shared between queries and asked once an article. An inner node is two
// numbers, its kind with its number of parts and the length of all that follows
// of it; a leaf is one. Parts stand in the order of their programs, so that
// queries that differ in nothing else are the same.
const (
	opLeaf uint32 = iota << 30
	opAnd
	opOr
	opNot
	opMask uint32 = 3 << 30
)

func (l *leaves) compile(code []uint32, n Node) []uint32 {
	switch n := n.(type) {
	case *And:
		return l.list(code, opAnd, n.Of)
	case *Or:
		return l.list(code, opOr, n.Of)
	case *Not:
		return l.list(code, opNot, []Node{n.Of})
	}
	return append(code, opLeaf|l.id(n))
}

func (l *leaves) list(code []uint32, op uint32, of []Node) []uint32 {
	parts := make([][]uint32, 0, len(of))
	for _, k := range of {
		parts = append(parts, l.compile(nil, k))
	}
	slices.SortFunc(parts, slices.Compare)
	at := len(code)
	code = append(code, op|uint32(len(of)), 0)
	for _, p := range parts {
		code = append(code, p...)
	}
	code[at+1] = uint32(len(code) - at)
	return code
}

// run answers the node at the head of code, and says how long it is.
func (s *answer) run(code []uint32) (bool, int) {
	op, n := code[0]&opMask, code[0]&^opMask
	if op == opLeaf {
		return s.leaf(n), 1
	}
	length := int(code[1])
	at := 2
	for range n {
		ok, used := s.run(code[at:length])
		switch {
		case op == opNot:
			return !ok, length
		case op == opAnd && !ok:
			return false, length
		case op == opOr && ok:
			return true, length
		}
		at += used
	}
	return op == opAnd, length
}

// tree gives back the query at the head of code, and how long it is.
func (l *leaves) tree(code []uint32) (Node, int) {
	op, n := code[0]&opMask, code[0]&^opMask
	if op == opLeaf {
		return l.nodes[n], 1
	}
	var of []Node
	at := 2
	for range n {
		k, used := l.tree(code[at:])
		of = append(of, k)
		at += used
	}
	switch op {
	case opAnd:
		return &And{Of: of}, at
	case opOr:
		return &Or{Of: of}, at
	}
	return &Not{Of: of[0]}, at
}
