package tagger

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
)

// Clusters says of words which are used alike: of the words of one cluster,
// most stand where the others may stand too. A word may belong to one, and
// clusters to a coarser one. Words are known by 32 bits of the hash of their
// folded form, so one unknown word in some ten thousand seems known.
type Clusters struct {
	coarse []uint8 // of each cluster
	keys   []uint32
	vals   []uint16 // cluster+1, 0 where the slot is empty
}

// NewClusters makes clusters: words by the hash of their folded form, and for
// each cluster the coarser one that it lies in.
func NewClusters(words map[uint64]uint16, coarse []uint8) *Clusters {
	n := 1 << bits.Len(uint(max(16, len(words)+len(words)/2)))
	c := &Clusters{coarse: coarse, keys: make([]uint32, n), vals: make([]uint16, n)}
	for w, k := range words {
		c.put(uint32(w>>32), k)
	}
	return c
}

func (c *Clusters) put(key uint32, cluster uint16) {
	i := int(key) & (len(c.keys) - 1)
	for c.vals[i] != 0 && c.keys[i] != key {
		i = (i + 1) & (len(c.keys) - 1)
	}
	c.keys[i], c.vals[i] = key, cluster+1
}

// of returns the cluster of the word with a folded form's hash, counted from 1,
// and its coarser one, counted from 1; 0 where it is in none.
func (c *Clusters) of(word uint64) (fine, coarse uint64) {
	if c == nil {
		return 0, 0
	}
	key := uint32(word >> 32)
	for i := int(key) & (len(c.keys) - 1); c.vals[i] != 0; i = (i + 1) & (len(c.keys) - 1) {
		if c.keys[i] == key {
			return uint64(c.vals[i]), uint64(c.coarse[c.vals[i]-1]) + 1
		}
	}
	return 0, 0
}

// Bytes is the clusters as ReadClusters reads them: the number of clusters and
// of words; the coarser cluster of each; the words' keys in order, each less
// the one before; and their clusters, low bytes first.
func (c *Clusters) Bytes() []byte {
	type word struct {
		key     uint32
		cluster uint16
	}
	var words []word
	for i, v := range c.vals {
		if v != 0 {
			words = append(words, word{c.keys[i], v - 1})
		}
	}
	slices.SortFunc(words, func(a, b word) int { return int(int64(a.key) - int64(b.key)) })
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(c.coarse)))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(words)))
	out = append(out, c.coarse...)
	last := uint32(0)
	for _, w := range words {
		out = binary.AppendUvarint(out, uint64(w.key-last))
		last = w.key
	}
	for _, w := range words {
		out = append(out, byte(w.cluster))
	}
	for _, w := range words {
		out = append(out, byte(w.cluster>>8))
	}
	return out
}

// ReadClusters reads what Bytes wrote.
func ReadClusters(b []byte) (*Clusters, error) {
	short := fmt.Errorf("read the clusters: %d bytes end too early", len(b))
	if len(b) < 8 {
		return nil, short
	}
	clusters, words := int(binary.LittleEndian.Uint32(b)), int(binary.LittleEndian.Uint32(b[4:]))
	b = b[8:]
	if clusters > len(b) || words > len(b) {
		return nil, short
	}
	n := 1 << bits.Len(uint(max(16, words+words/2)))
	c := &Clusters{coarse: slices.Clone(b[:clusters]), keys: make([]uint32, n), vals: make([]uint16, n)}
	b = b[clusters:]
	keys := make([]uint32, words)
	last := uint32(0)
	for i := range keys {
		d, size := binary.Uvarint(b)
		if size <= 0 {
			return nil, short
		}
		b = b[size:]
		last += uint32(d)
		keys[i] = last
	}
	if len(b) != 2*words {
		return nil, short
	}
	for i, k := range keys {
		cluster := uint16(b[i]) | uint16(b[words+i])<<8
		if int(cluster) >= clusters {
			return nil, fmt.Errorf("read the clusters: a word is in number %d of %d", cluster, clusters)
		}
		c.put(k, cluster)
	}
	return c, nil
}
