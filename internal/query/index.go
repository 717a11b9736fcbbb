package query

import (
	"slices"
	"sync"
)

// Handle names a query in an [Index]. Handles grow and are never used again.
type Handle uint32

// Index answers many standing queries for one article at once. Queries that
// say the same are one group. A group is filed under leaves (terms and NEAR) of
// which a matching article must have one, the rarest such set that it has;
// a leaf is filed under keys of which the article must have one. From the keys
// of an article come the leaves that it may have; each is asked once; and only
// groups filed under one that it has are looked at. (Query indexing as in
// percolation and publish/subscribe: Yan & García-Molina, "The SIFT information
// dissemination system", 1999.)
//
// Its answers are those of asking each query, in the order of their handles.
// It may be used from many goroutines. The zero Index is ready.
type Index struct {
	mu     sync.RWMutex
	member []uint32 // of each handle its group + 1, 0 when it was removed
	live   int
	groups groups
	always []uint32 // groups to be asked for every article
	leaves leaves
	posts  posts
	seen   sketch
	forms  map[string][]uint64 // keys of an inflected word
	pool   sync.Pool
}

// Add files q and gives its handle.
func (x *Index) Add(q *Query) Handle {
	x.mu.Lock()
	defer x.mu.Unlock()
	h := Handle(len(x.member))
	code := x.leaves.compile(nil, q.Root)
	g, fresh := x.groups.put(code, h)
	if fresh {
		x.groups.under[g], _, _ = x.cover(code)
		x.file(g)
	} else {
		x.leaves.release(code)
	}
	x.member = append(x.member, g+1)
	x.live++
	return h
}

// Remove forgets a query; it reports whether it was there.
func (x *Index) Remove(h Handle) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if int(h) >= len(x.member) || x.member[h] == 0 {
		return false
	}
	g := x.member[h] - 1
	x.member[h] = 0
	x.live--
	if last := x.groups.drop(g, h); last {
		x.unfile(g)
		x.leaves.release(x.groups.code(g))
		x.groups.free(g)
	}
	return true
}

// Len is the number of queries.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.live
}

// Match appends to dst the handles of the queries that v answers, least first.
func (x *Index) Match(dst []Handle, v *View) []Handle {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, _ := x.pool.Get().(*answer)
	if s == nil {
		s = new(answer)
	}
	defer x.pool.Put(s)
	s.begin(x, v)
	for _, g := range x.always {
		s.groups.set(g)
	}
	for _, key := range s.keys {
		for _, l := range x.posts.under(key) {
			s.reach(l)
		}
	}
	s.groups.drain(func(g uint32) {
		of := &x.groups.all[g]
		if ok, _ := s.run(x.groups.codes[of.at:][:of.length]); !ok {
			return
		}
		s.handles.set(uint32(of.first))
		if of.more > 0 {
			for _, h := range x.groups.more[of.more-1] {
				s.handles.set(uint32(h))
			}
		}
	})
	s.handles.drain(func(h uint32) { dst = append(dst, Handle(h)) })
	s.end()
	return dst
}

// file puts a group under its leaves.
func (x *Index) file(g uint32) {
	if x.groups.under[g] == nil {
		x.always = append(x.always, g)
		return
	}
	for _, id := range x.groups.under[g] {
		f, fresh := x.leaves.filing(id)
		if fresh {
			f.keys, _ = x.keysOf(x.leaves.nodes[id])
			x.posts.add(f.keys, x.leaves.link(id))
		}
		f.groups = append(f.groups, g)
	}
}

func (x *Index) unfile(g uint32) {
	if x.groups.under[g] == nil {
		x.always = without(x.always, g)
		return
	}
	for _, id := range x.groups.under[g] {
		f, _ := x.leaves.filing(id)
		if f.groups = without(f.groups, g); len(f.groups) == 0 {
			x.posts.remove(f.keys, x.leaves.link(id))
			x.leaves.unfile(id)
		}
	}
}

// without takes v out of a list whose order does not matter.
func without(of []uint32, v uint32) []uint32 {
	i := slices.Index(of, v)
	of[i] = of[len(of)-1]
	return of[:len(of)-1]
}
