package story

import "math"

const (
	rows  = 2
	cells = 1 << 18
	// horizon is the number of articles after which old counts are halved, so
	// that the table follows the news.
	horizon = 200_000
	// early stands for the articles that a fresh table has not seen: until a
	// few hundred came, no word is common and none is rare.
	early = 60
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
	return math.Max(0, math.Log(float64(f.Articles+early)/(float64(n)+1)))
}

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
