package tagger

import "math/bits"

// table finds the row of a feature by its hash: open addressing with linear
// probing, half empty, behind a filter of one bit a hash, so that a feature
// that the model does not have mostly costs one look into a small array.
type table struct {
	slots  []slot
	filter []uint64
	n      int
}

// slot is a feature and its row; key 0 is empty.
type slot struct{ key, row uint32 }

// filterBits is the binary logarithm of the filter's size.
const filterBits = 22

func newTable(n int) *table {
	return &table{slots: make([]slot, 1<<bits.Len(uint(max(16, 2*n-1)))), filter: make([]uint64, 1<<filterBits/64)}
}

// find returns the row of feature f.
func (t *table) find(f uint32) (row uint32, ok bool) {
	f |= 1
	if t.filter[f>>(32-filterBits)>>6]>>(f>>(32-filterBits)&63)&1 == 0 {
		return 0, false
	}
	mask := uint32(len(t.slots) - 1)
	for i := f >> 1 & mask; ; i = (i + 1) & mask {
		switch s := &t.slots[i]; s.key {
		case f:
			return s.row, true
		case 0:
			return 0, false
		}
	}
}

// add gives feature f the next row, unless it has one, and returns its row.
func (t *table) add(f uint32) uint32 {
	f |= 1
	if 2*t.n >= len(t.slots) {
		t.grow()
	}
	t.filter[f>>(32-filterBits)>>6] |= 1 << (f >> (32 - filterBits) & 63)
	mask := uint32(len(t.slots) - 1)
	for i := f >> 1 & mask; ; i = (i + 1) & mask {
		switch s := &t.slots[i]; s.key {
		case f:
			return s.row
		case 0:
			*s = slot{f, uint32(t.n)}
			t.n++
			return s.row
		}
	}
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.key == 0 {
			continue
		}
		i := s.key >> 1 & mask
		for t.slots[i].key != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}
