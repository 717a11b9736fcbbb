package story

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"
)

//go:embed common.tsv
var shippedCommon string

const (
	rows  = 2
	cells = 1 << 18
	// horizon is the number of articles after which old counts are halved, so
	// that the table follows the news.
	horizon = 200_000
	// early is how many articles what was common before counts for, so that a
	// fresh table knows that most articles name the United States.
	early = 400
)

// Frequencies counts in how many articles each term stands, in fixed memory (a
// count-min sketch, Cormode and Muthukrishnan 2005). Exported fields are its
// state.
type Frequencies struct {
	Articles uint32
	Counts   []uint32
}

func newFrequencies() Frequencies { return Frequencies{Counts: make([]uint32, rows*cells)} }

func cell(h uint32, row int) int {
	if row == 0 {
		return int(h & (cells - 1))
	}
	return cells + int((h*0x9e3779b1>>13)&(cells-1))
}

// see counts one article's terms.
func (f *Frequencies) see(vs ...Vector) {
	f.Articles++
	for _, v := range vs {
		for _, t := range v {
			f.Counts[cell(t.Hash, 0)]++
			f.Counts[cell(t.Hash, 1)]++
		}
	}
	if f.Articles < horizon {
		return
	}
	f.Articles /= 2
	for i := range f.Counts {
		f.Counts[i] /= 2
	}
}

// rarity is a term's inverse document frequency, in nats, at least 0.
func (f *Frequencies) rarity(h uint32) float64 {
	n := min(f.Counts[cell(h, 0)], f.Counts[cell(h, 1)])
	return math.Max(0, math.Log(float64(f.Articles+early)/(float64(n)+early*common()[h]+1)))
}

// plain is the rarity up to which a term says nothing by itself: one in some
// fifty articles has it.
const plain = 4

// rare returns the terms that say something by themselves, and how much: the
// part of their rarity above plain, in units of plain.
func (f *Frequencies) rare(vs ...Vector) Vector {
	var out Vector
	for _, v := range vs {
		for _, t := range v {
			if r := f.rarity(t.Hash)/plain - 1; r > 0 {
				out = append(out, Term{t.Hash, float32(r)})
			}
		}
	}
	return out.sum()
}

// telling returns the terms that fewer than one in ten articles has.
func (f *Frequencies) telling(v Vector) Vector {
	out := make(Vector, 0, len(v))
	for _, t := range v {
		if f.rarity(t.Hash) > 2.3 {
			out = append(out, t)
		}
	}
	return out
}

// common is the share of articles that had a term, in news before ours, for
// those that many had.
var common = sync.OnceValue(func() map[uint32]float64 {
	out := map[uint32]float64{}
	for line := range strings.Lines(shippedCommon) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		term, share, ok := strings.Cut(rest, "\t")
		x, err := strconv.ParseFloat(share, 64)
		if !ok || err != nil {
			continue
		}
		h := stem(term)
		if kind == "name" {
			h = nameHash(term)
		}
		out[h] = x
	}
	return out
})

// nameHash is how a linked entity is counted.
func nameHash(id string) uint32 { return uint32(xxhash.Sum64String("\x00" + id)) }

// weigh returns v weighted by rarity, cut to the heaviest most terms, of
// length 1.
func (f *Frequencies) weigh(v Vector, most int) Vector {
	out := make(Vector, 0, len(v))
	for _, t := range v {
		if w := float64(t.Weight) * f.rarity(t.Hash); w > 0 {
			out = append(out, Term{t.Hash, float32(w)})
		}
	}
	out = out.heaviest(most)
	if n := out.norm(); n > 0 {
		out.scale(1 / n)
	}
	return out
}
