package query

// leaves are the distinct leaves of all queries of an index.
type leaves struct {
	nodes   []Node
	guards  []guard
	uses    []uint32
	ids     map[string]uint32
	free    []uint32
	filed   []uint64 // of each leaf a bit: whether groups are filed under it
	filings map[uint32]*filing
}

// filing is a leaf that groups are filed under.
type filing struct {
	keys   []uint64 // an article that matches the leaf has one of them
	groups []uint32
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
		l.nodes[id], l.guards[id], l.uses[id] = n, guarding(n), 1
	} else {
		l.nodes, l.guards, l.uses = append(l.nodes, n), append(l.guards, guarding(n)), append(l.uses, 1)
		if len(l.nodes) > 64*len(l.filed) {
			l.filed = append(l.filed, 0)
		}
	}
	l.ids[name] = id
	return id
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

// filing gives the filing of a leaf, and whether it is new.
func (l *leaves) filing(id uint32) (f *filing, fresh bool) {
	if f, ok := l.filings[id]; ok {
		return f, false
	}
	if l.filings == nil {
		l.filings = make(map[uint32]*filing)
	}
	f = new(filing)
	l.filings[id] = f
	l.filed[id/64] |= 1 << (id % 64)
	return f, true
}

func (l *leaves) unfile(id uint32) {
	delete(l.filings, id)
	l.filed[id/64] &^= 1 << (id % 64)
}

func (l *leaves) link(id uint32) link { return link{leaf: id, guard: l.guards[id]} }
