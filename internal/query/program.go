package query

// A query in an index is a short program over leaves. Leaves (terms and NEAR)
// are shared between queries and asked once an article. An inner node is two
// numbers, its kind with its number of parts and the length of all that follows
// of it; a leaf is one.
const (
	opLeaf uint32 = iota << 30
	opAnd
	opOr
	opNot
	opMask uint32 = 3 << 30
)

// leaves are the distinct leaves of all queries of an index.
type leaves struct {
	nodes []Node
	uses  []uint32
	ids   map[string]uint32
	free  []uint32
}

func (l *leaves) id(n Node) uint32 {
	name := format(n)
	if id, ok := l.ids[name]; ok {
		l.uses[id]++
		return id
	}
	if l.ids == nil {
		l.ids = make(map[string]uint32)
	}
	id := uint32(len(l.nodes))
	if k := len(l.free); k > 0 {
		id, l.free = l.free[k-1], l.free[:k-1]
		l.nodes[id], l.uses[id] = n, 1
	} else {
		l.nodes, l.uses = append(l.nodes, n), append(l.uses, 1)
	}
	l.ids[name] = id
	return id
}

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
	at := len(code)
	code = append(code, op|uint32(len(of)), 0)
	for _, k := range of {
		code = l.compile(code, k)
	}
	code[at+1] = uint32(len(code) - at)
	return code
}

func (l *leaves) release(code []uint32) {
	for i := 0; i < len(code); i++ {
		if code[i]&opMask != opLeaf {
			i++
			continue
		}
		id := code[i]
		if l.uses[id]--; l.uses[id] == 0 {
			delete(l.ids, format(l.nodes[id]))
			l.nodes[id] = nil
			l.free = append(l.free, id)
		}
	}
}

// run answers the node at the head of code, and says how long it is.
func (s *answer) run(x *Index, code []uint32, v *View) (bool, int) {
	op, n := code[0]&opMask, code[0]&^opMask
	if op == opLeaf {
		return s.leaf(x, n, v), 1
	}
	length := int(code[1])
	at := 2
	for range n {
		ok, used := s.run(x, code[at:length], v)
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

func (s *answer) leaf(x *Index, id uint32, v *View) bool {
	if said := s.said[id]; said>>1 == s.round {
		return said&1 == 1
	}
	ok := match(x.leaves.nodes[id], v)
	s.said[id] = s.round << 1
	if ok {
		s.said[id] |= 1
	}
	return ok
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
