package story

import (
	"math"
	"slices"
)

// Term is one feature of a text and its weight.
type Term struct {
	Hash   uint32
	Weight float32
}

// Vector is a sparse vector: terms in the order of their hashes, each once.
type Vector []Term

// norm is the Euclidean length.
func (v Vector) norm() float64 {
	var s float64
	for _, t := range v {
		s += float64(t.Weight) * float64(t.Weight)
	}
	return math.Sqrt(s)
}

// scale multiplies every weight in place.
func (v Vector) scale(f float64) {
	for i := range v {
		v[i].Weight = float32(float64(v[i].Weight) * f)
	}
}

// dot is the inner product.
func (v Vector) dot(w Vector) float64 {
	var s float64
	for i, j := 0, 0; i < len(v) && j < len(w); {
		switch {
		case v[i].Hash < w[j].Hash:
			i++
		case v[i].Hash > w[j].Hash:
			j++
		default:
			s += float64(v[i].Weight) * float64(w[j].Weight)
			i, j = i+1, j+1
		}
	}
	return s
}

// within adds up v's weights of the terms that w has too, of that weight at
// least, and tells the greatest of them.
func (v Vector) within(w Vector, least float64) (s, most float64) {
	for i, j := 0, 0; i < len(v) && j < len(w); {
		switch {
		case v[i].Hash < w[j].Hash:
			i++
		case v[i].Hash > w[j].Hash:
			j++
		default:
			if float64(w[j].Weight) >= least {
				s += float64(v[i].Weight)
				most = math.Max(most, float64(v[i].Weight))
			}
			i, j = i+1, j+1
		}
	}
	return s, most
}

// meet counts the terms that v has, and w too, of that weight at least.
func (v Vector) meet(w Vector, least float64) (n int) {
	for i, j := 0, 0; i < len(v) && j < len(w); {
		switch {
		case v[i].Hash < w[j].Hash:
			i++
		case v[i].Hash > w[j].Hash:
			j++
		default:
			if float64(w[j].Weight) >= least {
				n++
			}
			i, j = i+1, j+1
		}
	}
	return n
}

// cosine is the cosine of the angle between v and w, 0 where one is empty.
func (v Vector) cosine(w Vector) float64 {
	d := v.dot(w)
	if d == 0 {
		return 0
	}
	return d / (v.norm() * w.norm())
}

// add returns v + f·w, of which the heaviest most terms are kept.
func (v Vector) add(w Vector, f float64, most int) Vector {
	out := make(Vector, 0, len(v)+len(w))
	i, j := 0, 0
	for i < len(v) || j < len(w) {
		switch {
		case j >= len(w) || (i < len(v) && v[i].Hash < w[j].Hash):
			out = append(out, v[i])
			i++
		case i >= len(v) || v[i].Hash > w[j].Hash:
			out = append(out, Term{w[j].Hash, float32(f * float64(w[j].Weight))})
			j++
		default:
			out = append(out, Term{v[i].Hash, v[i].Weight + float32(f*float64(w[j].Weight))})
			i, j = i+1, j+1
		}
	}
	return out.heaviest(most)
}

// heaviest keeps the most heaviest terms; of equal ones, those whose hash is
// least.
func (v Vector) heaviest(most int) Vector {
	if len(v) <= most {
		return v
	}
	least, equal := v.threshold(most)
	out := make(Vector, 0, most)
	for _, t := range v {
		switch {
		case t.Weight > least:
			out = append(out, t)
		case t.Weight == least && equal > 0:
			out = append(out, t)
			equal--
		}
	}
	return out
}

// threshold finds the least weight of the most heaviest terms, and how many of
// these have just that. (Hoare, "Algorithm 65: find", 1961.)
func (v Vector) threshold(most int) (least float32, equal int) {
	if most <= 0 {
		return float32(math.Inf(1)), 0
	}
	ws := make([]float32, len(v))
	for i, t := range v {
		ws[i] = t.Weight
	}
	for from, to := 0, len(ws)-1; from < to; {
		pivot, i, j := ws[(from+to)/2], from, to
		for i <= j {
			for ws[i] > pivot {
				i++
			}
			for ws[j] < pivot {
				j--
			}
			if i <= j {
				ws[i], ws[j] = ws[j], ws[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case most-1 <= j:
			to = j
		case most-1 >= i:
			from = i
		default:
			from = to
		}
	}
	least, equal = ws[most-1], most
	for _, t := range v {
		if t.Weight > least {
			equal--
		}
	}
	return least, equal
}

func byHash(a, b Term) int {
	switch {
	case a.Hash < b.Hash:
		return -1
	case a.Hash > b.Hash:
		return 1
	}
	return 0
}

// sum sorts terms and adds up those with one hash.
func (v Vector) sum() Vector {
	slices.SortFunc(v, byHash)
	out := v[:0]
	for _, t := range v {
		if n := len(out); n > 0 && out[n-1].Hash == t.Hash {
			out[n-1].Weight += t.Weight
			continue
		}
		out = append(out, t)
	}
	return out
}
