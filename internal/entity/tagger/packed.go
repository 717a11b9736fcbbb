package tagger

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// packed is the features of a finished model with their weights: like table,
// but a feature and its weights lie together, in sixteen bytes, so that finding
// one costs one line of the cache.
type packed struct {
	cells  []cell
	filter []uint64
}

// cell is a feature and its weights, each to be multiplied by two to the shift;
// key 0 is empty.
type cell struct {
	key     uint32
	shift   uint8
	weights [labels]int8
}

func newPacked(n int) packed {
	return packed{cells: make([]cell, 1<<bits.Len(uint(max(16, 2*n-1)))), filter: make([]uint64, 1<<filterBits/64)}
}

// sum adds up the weights of features, which it overwrites. This loop is where
// most of the time of tagging goes: the filter is asked for all first, so that
// no look into memory waits for another, and the sums stay in registers.
func (p *packed) sum(features []uint32) [labels]int32 {
	likely := features[:0]
	for _, f := range features {
		if f |= 1; p.filter[f>>(32-filterBits)>>6]>>(f>>(32-filterBits)&63)&1 != 0 {
			likely = append(likely, f)
		}
	}
	var s0, s1, s2, s3, s4, s5, s6, s7, s8 int32
	for _, f := range likely {
		x := p.find(f)
		if x == nil {
			continue
		}
		w, by := &x.weights, int32(1)<<(x.shift&31)
		s0, s1, s2 = s0+by*int32(w[0]), s1+by*int32(w[1]), s2+by*int32(w[2])
		s3, s4, s5 = s3+by*int32(w[3]), s4+by*int32(w[4]), s5+by*int32(w[5])
		s6, s7, s8 = s6+by*int32(w[6]), s7+by*int32(w[7]), s8+by*int32(w[8])
	}
	return [labels]int32{s0, s1, s2, s3, s4, s5, s6, s7, s8}
}

// find returns the cell of feature f, which is odd and which the filter admits;
// nil where the model has it not.
func (p *packed) find(f uint32) *cell {
	mask := uint32(len(p.cells) - 1)
	for i := f >> 1 & mask; ; i = (i + 1) & mask {
		switch c := &p.cells[i]; c.key {
		case f:
			return c
		case 0:
			return nil
		}
	}
}

// add puts a cell whose key is odd and is not there yet.
func (p *packed) add(c cell) {
	p.filter[c.key>>(32-filterBits)>>6] |= 1 << (c.key >> (32 - filterBits) & 63)
	mask := uint32(len(p.cells) - 1)
	i := c.key >> 1 & mask
	for p.cells[i].key != 0 {
		i = (i + 1) & mask
	}
	p.cells[i] = c
}

// pack makes a cell of weights in sixteen bits.
func pack(key uint32, weights [labels]int16) cell {
	c := cell{key: key}
	top := 0
	for _, w := range weights {
		top = max(top, int(w), -int(w))
	}
	for top>>c.shift > 127 {
		c.shift++
	}
	for l, w := range weights {
		half := 1 << c.shift >> 1
		c.weights[l] = int8(min(127, max(-127, (int(w)+half)>>c.shift)))
	}
	return c
}

// appendCells writes cells, which are in the order of their keys: the keys, each
// less the one before and halved, since all are odd; the shifts; the weights by
// label, which packs better.
func appendCells(out []byte, cells []cell) []byte {
	last := uint32(1)
	for _, c := range cells {
		out = binary.AppendUvarint(out, uint64((c.key-last)/2))
		last = c.key
	}
	for _, c := range cells {
		out = append(out, c.shift)
	}
	for l := range labels {
		for _, c := range cells {
			out = append(out, byte(c.weights[l]))
		}
	}
	return out
}

// readCells reads n cells as appendCells wrote them.
func readCells(b []byte, n int) (packed, error) {
	if n > len(b)/(2+labels) {
		return packed{}, errors.New("it ends too early")
	}
	p := newPacked(n)
	keys := make([]uint32, n)
	last := uint32(1)
	for i := range keys {
		d, size := binary.Uvarint(b)
		if size <= 0 {
			return packed{}, errors.New("it ends too early")
		}
		if b = b[size:]; i > 0 && d == 0 {
			return packed{}, errors.New("a feature stands twice")
		}
		last += uint32(2 * d)
		keys[i] = last
	}
	if len(b) != n*(1+labels) {
		return packed{}, errors.New("its length is not that of its features")
	}
	for i, k := range keys {
		c := cell{key: k, shift: min(b[i], 8)}
		for l := range labels {
			c.weights[l] = int8(b[n*(l+1)+i])
		}
		p.add(c)
	}
	return p, nil
}
