// Package fingerprint recognises copied text: a cut, retitled or re-wrapped
// copy is still a copy. It knows words in their order; it has never heard of
// publishers, languages or time.
//
// A fingerprint is a scaled min-hash sketch of the text's four-word shingles:
// of all shingle hashes it keeps those below a limit, and it halves the limit
// until at most 96 are left. Unlike a plain min-hash, two such sketches of
// texts of different length still tell how much of the shorter one the longer
// one holds (containment), which is what a cut copy needs.
//
// Sources: A. Broder, "On the resemblance and containment of documents"
// (SEQUENCES 1997); L. Irber et al., "Lightweight compositional analysis of
// metagenomes with FracMinHash" (2022).
package fingerprint

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/internal/token"
)

const (
	shingle = 4  // words in a shingle
	most    = 96 // hashes kept
	version = 1
)

// Sketch is a fingerprint, unpacked.
type Sketch struct {
	// Level says how thin the sample is: the hashes below 2^(32-Level) are kept.
	Level uint8
	// Title identifies the title's words; 0 for a title of fewer than four.
	Title uint32
	// Hashes are the kept shingle hashes of title and text, ascending.
	Hashes []uint32
}

// Of returns the fingerprint of a document as compact text (base64, at most
// 530 bytes), or "" for one too short to be recognised.
func Of(doc token.Doc) string { return Make(doc).String() }

// Make returns the fingerprint of a document.
func Make(doc token.Doc) Sketch {
	var s Sketch
	s.Title = titleHash(doc.Title)
	all := make([]uint32, 0, most+32)
	limit := uint32(math.MaxUint32)
	take := func(h uint32) {
		if h > limit {
			return
		}
		all = append(all, h)
		for len(all) >= most+32 {
			slices.Sort(all)
			all = slices.Compact(all)
			for len(all) > most {
				s.Level++
				limit >>= 1
				all = below(all, limit)
			}
		}
	}
	shingles(doc.Title, take)
	shingles(doc.Text, take)
	slices.Sort(all)
	all = slices.Compact(all)
	for len(all) > most {
		s.Level++
		limit >>= 1
		all = below(all, limit)
	}
	s.Hashes = slices.Clone(all)
	return s
}

// shingles hands each run of four words to take as one hash.
func shingles(words []token.Token, take func(uint32)) {
	for i := 0; i+shingle <= len(words); i++ {
		var h uint64 = 0x9e3779b97f4a7c15
		for _, w := range words[i : i+shingle] {
			h = (h ^ w.Hash) * 0xff51afd7ed558ccd
			h ^= h >> 32
		}
		take(uint32(h >> 16))
	}
}

func titleHash(words []token.Token) uint32 {
	if len(words) < shingle {
		return 0
	}
	var h uint64 = 0x2545f4914f6cdd1d
	for _, w := range words {
		h = (h ^ w.Hash) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return uint32(h>>16) | 1
}

// below returns the part of sorted that is at most limit.
func below(sorted []uint32, limit uint32) []uint32 {
	n, _ := slices.BinarySearch(sorted, limit)
	if n < len(sorted) && sorted[n] == limit {
		n++
	}
	return sorted[:n]
}

// String packs s into text.
func (s Sketch) String() string {
	if s.Title == 0 && len(s.Hashes) == 0 {
		return ""
	}
	b := make([]byte, 6, 6+4*len(s.Hashes))
	b[0], b[1] = version, s.Level
	binary.BigEndian.PutUint32(b[2:], s.Title)
	for _, h := range s.Hashes {
		b = binary.BigEndian.AppendUint32(b, h)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ErrSyntax is what [Parse] returns for text that is no fingerprint.
var ErrSyntax = errors.New("not a fingerprint: enrich the article again")

// Parse unpacks what [Sketch.String] packed. The empty text is the empty sketch.
func Parse(text string) (Sketch, error) {
	if text == "" {
		return Sketch{}, nil
	}
	if len(text) > 16+(most*4*4+2)/3 {
		return Sketch{}, ErrSyntax
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < 6 || len(b)%4 != 2 || b[0] != version || b[1] > 31 {
		return Sketch{}, ErrSyntax
	}
	s := Sketch{Level: b[1], Title: binary.BigEndian.Uint32(b[2:]), Hashes: make([]uint32, (len(b)-6)/4)}
	limit := uint32(math.MaxUint32) >> s.Level
	for i := range s.Hashes {
		h := binary.BigEndian.Uint32(b[6+4*i:])
		if h > limit || (i > 0 && h <= s.Hashes[i-1]) {
			return Sketch{}, ErrSyntax
		}
		s.Hashes[i] = h
	}
	return s, nil
}
