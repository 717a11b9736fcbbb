// Package names keeps a great many names, each a sequence of folded words,
// and finds those that begin at a word of a text.
// It knows hashes of words; it has never seen what a name stands for.
//
// It is a trie whose edges are kept in one hash table: the key of a node is
// the mixed hash of the words that lead to it. Keys have 64 bits and are not
// checked against the words, so two of n different phrases collide with
// probability n²/2⁶⁵, some 3·10⁻⁸ at a million names.
package names

import "math/bits"

// Post says that a name stands for a record.
type Post struct {
	// Record is whatever number the owner gave.
	Record uint32
	next   uint32 // the next post of the same name, 0 at the end
	// Langs is a set of languages, one bit each, that the owner numbers.
	Langs uint16
	// Flags are the owner's.
	Flags uint16
}

// Set is the names. The zero value is empty. It may be read by many at once
// while nobody adds.
type Set struct {
	keys  []uint64
	vals  []uint32 // more<<31 | head of the posts
	used  int
	posts []Post
	names int
}

const more = 1 << 31

// Node is how far a walk has come: the words so far, mixed.
type Node uint64

// Root begins a walk. Sets of forms that must not meet, such as stems and full
// words, take different seeds.
func Root(seed uint64) Node { return Node(seed*0x9e3779b97f4a7c15 + 0x2545f4914f6cdd1d) }

func (n Node) next(word uint64) Node {
	h := bits.RotateLeft64(uint64(n), 23) ^ word
	h *= 0xff51afd7ed558ccd
	return Node(h ^ h>>32 | 1)
}

// Step goes on from n by one word. It returns the node, the first post of the
// name that ends there (0 if none does), and whether longer names go on.
func (s *Set) Step(n Node, word uint64) (next Node, post uint32, longer bool) {
	next = n.next(word)
	if len(s.keys) == 0 {
		return next, 0, false
	}
	mask := uint64(len(s.keys) - 1)
	for i := uint64(next) >> 7 & mask; ; i = (i + 1) & mask {
		switch s.keys[i] {
		case uint64(next):
			v := s.vals[i]
			return next, v &^ more, v&more != 0
		case 0:
			return next, 0, false
		}
	}
}

// Post returns the post with number i, and the number of the next of the same
// name, 0 at the end. Posts come in the order in which they were added.
func (s *Set) Post(i uint32) (Post, uint32) {
	p := s.posts[i]
	return p, p.next
}

// Add adds the name of words from root. A second post of one name with the
// same record and flags is merged: their languages are united.
func (s *Set) Add(root Node, words []uint64, p Post) {
	if len(words) == 0 {
		return
	}
	n := root
	var at *uint32
	for i, w := range words {
		n = n.next(w)
		at = s.slot(uint64(n))
		if i < len(words)-1 {
			*at |= more
		}
	}
	s.post(at, p)
}

func (s *Set) post(at *uint32, p Post) {
	if len(s.posts) == 0 {
		s.posts = append(s.posts, Post{}) // 0 is no post
	}
	last := uint32(0)
	for i := *at &^ more; i != 0; i = s.posts[i].next {
		if q := &s.posts[i]; q.Record == p.Record && q.Flags == p.Flags {
			q.Langs |= p.Langs
			return
		}
		last = i
	}
	p.next = 0
	s.posts = append(s.posts, p)
	s.names++
	i := uint32(len(s.posts) - 1)
	if last != 0 {
		s.posts[last].next = i
		return
	}
	*at |= i
}

// slot returns the value of key, made if it was not there.
func (s *Set) slot(key uint64) *uint32 {
	if s.used*4 >= len(s.keys)*3 {
		s.grow()
	}
	mask := uint64(len(s.keys) - 1)
	for i := key >> 7 & mask; ; i = (i + 1) & mask {
		switch s.keys[i] {
		case key:
			return &s.vals[i]
		case 0:
			s.keys[i] = key
			s.used++
			return &s.vals[i]
		}
	}
}

func (s *Set) grow() {
	keys, vals := s.keys, s.vals
	n := max(1024, 2*len(keys))
	s.keys, s.vals = make([]uint64, n), make([]uint32, n)
	mask := uint64(n - 1)
	for j, k := range keys {
		if k == 0 {
			continue
		}
		i := k >> 7 & mask
		for s.keys[i] != 0 {
			i = (i + 1) & mask
		}
		s.keys[i], s.vals[i] = k, vals[j]
	}
}

// Clone returns a copy that can be added to.
func (s *Set) Clone() *Set {
	return &Set{
		keys: append([]uint64(nil), s.keys...), vals: append([]uint32(nil), s.vals...),
		posts: append([]Post(nil), s.posts...), used: s.used, names: s.names,
	}
}

// Trim gives back room that was kept to grow.
func (s *Set) Trim() { s.posts = append([]Post(nil), s.posts...) }

// Len is the number of pairs of a name and a record.
func (s *Set) Len() int { return s.names }

// Bytes is the memory that the set takes.
func (s *Set) Bytes() int { return 8*cap(s.keys) + 4*cap(s.vals) + 12*cap(s.posts) }
