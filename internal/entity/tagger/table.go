package tagger

import "math/bits"

// table finds the row of a feature by its hash: open addressing with linear
// probing, half empty, so that a feature that the model does not have costs
// one look into a small array.
type table struct {
	keys []uint32 // 0 is empty
	rows []uint32
	n    int
}

func newTable(n int) *table {
	size := 1 << bits.Len(uint(max(16, 2*n)))
	return &table{keys: make([]uint32, size), rows: make([]uint32, size)}
}

// find returns the row of feature f.
func (t *table) find(f uint32) (row uint32, ok bool) {
	f |= 1
	mask := uint32(len(t.keys) - 1)
	for i := f >> 1 & mask; ; i = (i + 1) & mask {
		switch t.keys[i] {
		case f:
			return t.rows[i], true
		case 0:
			return 0, false
		}
	}
}

// add gives feature f the next row, unless it has one, and returns its row.
func (t *table) add(f uint32) uint32 {
	f |= 1
	if 2*t.n >= len(t.keys) {
		t.grow()
	}
	mask := uint32(len(t.keys) - 1)
	for i := f >> 1 & mask; ; i = (i + 1) & mask {
		switch t.keys[i] {
		case f:
			return t.rows[i]
		case 0:
			t.keys[i], t.rows[i] = f, uint32(t.n)
			t.n++
			return uint32(t.n - 1)
		}
	}
}

func (t *table) grow() {
	old := *t
	*t = table{keys: make([]uint32, 2*len(old.keys)), rows: make([]uint32, 2*len(old.keys)), n: old.n}
	mask := uint32(len(t.keys) - 1)
	for j, f := range old.keys {
		if f == 0 {
			continue
		}
		i := f >> 1 & mask
		for t.keys[i] != 0 {
			i = (i + 1) & mask
		}
		t.keys[i], t.rows[i] = f, old.rows[j]
	}
}
