package tagger

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Lexicon knows of words whether they are given names, family names, or common
// words of a language. It is Bloom's filter (1970) with three bits a word in
// one block of 64: about one word in forty that it was never told of seems
// known to it.
type Lexicon struct {
	blocks []uint64
}

// Kinds of word that a Lexicon tells apart.
const (
	Given  = "given"
	Family = "family"
	Common = "common:" // and the language
)

// NewLexicon returns an empty one, with room for n words.
func NewLexicon(n int) *Lexicon {
	return &Lexicon{blocks: make([]uint64, max(1, 1<<bits.Len(uint(n*10/64))))}
}

// ReadLexicon reads what Bytes wrote.
func ReadLexicon(b []byte) (*Lexicon, error) {
	if len(b) == 0 || len(b)%8 != 0 || bits.OnesCount(uint(len(b)/8)) != 1 {
		return nil, fmt.Errorf("read the lexicon: %d bytes are not a power of two of blocks", len(b))
	}
	l := &Lexicon{blocks: make([]uint64, len(b)/8)}
	for i := range l.blocks {
		l.blocks[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return l, nil
}

// Bytes is the lexicon as ReadLexicon reads it.
func (l *Lexicon) Bytes() []byte {
	out := make([]byte, 0, 8*len(l.blocks))
	for _, b := range l.blocks {
		out = binary.LittleEndian.AppendUint64(out, b)
	}
	return out
}

// salt keeps the kinds apart.
func salt(kind string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	return h
}

// Add adds the word with a folded form's hash as of a kind.
func (l *Lexicon) Add(kind string, word uint64) {
	block, mask := l.at(salt(kind), word)
	l.blocks[block] |= mask
}

func (l *Lexicon) has(salt, word uint64) bool {
	block, mask := l.at(salt, word)
	return l.blocks[block]&mask == mask
}

func (l *Lexicon) at(salt, word uint64) (block, mask uint64) {
	h := (word ^ salt) * 0x9e3779b97f4a7c15
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h >> 20 & uint64(len(l.blocks)-1), 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63)
}
