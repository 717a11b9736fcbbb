package query

import (
	"math/bits"
	"sync"
)

// Handle names a query in an [Index]. Handles grow and are never used again.
type Handle uint32

// Index answers many standing queries for one article at once. Each query is
// filed under keys of which a matching article must have one, the rarest such
// set that the query has; only queries filed under a key that the article has
// are looked at. (Query indexing as in percolation and publish/subscribe:
// Yan & García-Molina, "The SIFT information dissemination system", 1999.)
//
// Its answers are those of asking each query, in the order of their handles.
// It may be used from many goroutines. The zero Index is ready.
type Index struct {
	mu      sync.RWMutex
	entries []entry
	live    int
	leaves  leaves
	posts   map[uint64]int32 // key → first link
	links   []link
	free    int32 // first unused link + 1
	always  []Handle
	shapes  shapes
	seen    sketch
	pool    sync.Pool
}

// entry is a query as the index keeps it.
type entry struct {
	code []uint32
	keys []uint64 // nil: asked for every article
}

// link is one query under a key; next is the link after it + 1.
type link struct {
	handle Handle
	next   int32
}

// Add files q and gives its handle.
func (x *Index) Add(q *Query) Handle {
	x.mu.Lock()
	defer x.mu.Unlock()
	h := Handle(len(x.entries))
	keys, _ := x.cover(q.Root)
	x.entries = append(x.entries, entry{code: x.leaves.compile(nil, q.Root), keys: keys})
	x.live++
	x.file(h, keys)
	return h
}

// Remove forgets a query; it reports whether it was there.
func (x *Index) Remove(h Handle) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if int(h) >= len(x.entries) || x.entries[h].code == nil {
		return false
	}
	x.unfile(h)
	x.leaves.release(x.entries[h].code)
	x.entries[h] = entry{}
	x.live--
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
	s.begin(len(x.entries), len(x.leaves.nodes))
	for _, h := range x.always {
		s.candidate(h)
	}
	x.keysOf(v, func(key uint64) {
		head, ok := x.posts[key]
		for ok && head > 0 {
			l := x.links[head-1]
			s.candidate(l.handle)
			head = l.next
		}
	})
	return s.collect(dst, x, v)
}

func (x *Index) file(h Handle, keys []uint64) {
	if keys == nil {
		x.always = append(x.always, h)
		return
	}
	if x.posts == nil {
		x.posts = make(map[uint64]int32)
	}
	for _, k := range keys {
		at := x.free
		if at == 0 {
			x.links = append(x.links, link{})
			at = int32(len(x.links))
		} else {
			x.free = x.links[at-1].next
		}
		x.links[at-1] = link{handle: h, next: x.posts[k]}
		x.posts[k] = at
	}
}

func (x *Index) unfile(h Handle) {
	keys := x.entries[h].keys
	if keys == nil {
		for i, o := range x.always {
			if o == h {
				x.always = append(x.always[:i:i], x.always[i+1:]...)
				return
			}
		}
	}
	for _, k := range keys {
		x.unlink(k, h)
	}
}

func (x *Index) unlink(key uint64, h Handle) {
	before := int32(0)
	for at := x.posts[key]; at > 0; at = x.links[at-1].next {
		l := &x.links[at-1]
		if l.handle != h {
			before = at
			continue
		}
		switch {
		case before > 0:
			x.links[before-1].next = l.next
		case l.next > 0:
			x.posts[key] = l.next
		default:
			delete(x.posts, key)
		}
		*l = link{next: x.free}
		x.free = at
		return
	}
}

// answer is the scratch of one Match: candidates as a bitmap with a summary
// above it, which sorts and parts them at once, and what each leaf said.
type answer struct {
	bits, above []uint64
	said        []uint32 // per leaf: round<<1 | matched
	round       uint32
}

func (s *answer) begin(queries, leaves int) {
	if n := queries/64 + 1; len(s.bits) < n {
		s.bits = make([]uint64, n+n/4)
		s.above = make([]uint64, len(s.bits)/64+1)
	}
	if s.round++; len(s.said) < leaves || s.round >= 1<<31 {
		s.said = make([]uint32, leaves+leaves/4)
		s.round = 1
	}
}

func (s *answer) candidate(h Handle) {
	s.bits[h/64] |= 1 << (h % 64)
	s.above[h/4096] |= 1 << (h / 64 % 64)
}

// collect asks the candidates in order, and leaves the bitmap empty.
func (s *answer) collect(dst []Handle, x *Index, v *View) []Handle {
	for i, upper := range s.above {
		for ; upper != 0; upper &= upper - 1 {
			word := i*64 + bits.TrailingZeros64(upper)
			for lower := s.bits[word]; lower != 0; lower &= lower - 1 {
				h := word*64 + bits.TrailingZeros64(lower)
				if ok, _ := s.run(x, x.entries[h].code, v); ok {
					dst = append(dst, Handle(h))
				}
			}
			s.bits[word] = 0
		}
		s.above[i] = 0
	}
	return dst
}
