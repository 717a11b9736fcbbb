package entity

import (
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

// index finds a record by the hash of its id: open addressing, with linear
// probing. Two ids of one hash (2⁻⁶⁴ a pair) would be one record.
type index struct {
	keys []uint64
	recs []uint32
	n    int
}

// find returns the record with id.
func (x *index) find(id string) (uint32, bool) {
	if len(x.keys) == 0 {
		return 0, false
	}
	key := xxhash.Sum64String(id) | 1
	mask := uint64(len(x.keys) - 1)
	for i := key >> 8 & mask; x.keys[i] != 0; i = (i + 1) & mask {
		if x.keys[i] == key {
			return x.recs[i], true
		}
	}
	return 0, false
}

// add notes that id is record rec; id must not be there yet.
func (x *index) add(id string, rec uint32) {
	if 4*x.n >= 3*len(x.keys) {
		x.grow(max(64, 2*len(x.keys)))
	}
	x.n++
	x.put(xxhash.Sum64String(id)|1, rec)
}

func (x *index) put(key uint64, rec uint32) {
	mask := uint64(len(x.keys) - 1)
	i := key >> 8 & mask
	for x.keys[i] != 0 {
		i = (i + 1) & mask
	}
	x.keys[i], x.recs[i] = key, rec
}

func (x *index) grow(size int) {
	size = 1 << bits.Len(uint(size-1))
	old := *x
	x.keys, x.recs = make([]uint64, size), make([]uint32, size)
	for i, k := range old.keys {
		if k != 0 {
			x.put(k, old.recs[i])
		}
	}
}

func (x *index) clone() index {
	return index{keys: append([]uint64(nil), x.keys...), recs: append([]uint32(nil), x.recs...), n: x.n}
}
