package fingerprint

import "math"

// Bounds of what counts as a copy. Two independent reports of one happening
// share quotations, some five to fifteen per cent of the shorter text's
// shingles; a copy that was cut, lightly edited and wrapped in boilerplate
// keeps a third and more.
const (
	CopyShare  = 0.34 // share of the smaller sketch that must be in the other
	CopyShared = 3    // hashes shared, at least; one more where the share is under a half
)

// common counts the hashes of each sketch at the thinner one's level, and
// those that both have.
func common(a, b Sketch) (na, nb, both int) {
	limit := uint32(math.MaxUint32) >> max(a.Level, b.Level)
	x, y := below(a.Hashes, limit), below(b.Hashes, limit)
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case x[i] > y[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return len(x), len(y), both
}

// Containment estimates which share of the shorter text's shingles the longer
// text holds, in [0, 1], and tells how many hashes both have: the estimate is
// worth little on fewer than three.
func Containment(a, b Sketch) (share float64, shared int) {
	na, nb, both := common(a, b)
	if both == 0 {
		return 0, 0
	}
	return float64(both) / float64(min(na, nb)), both
}

// Shorter reports whether a is of the shorter text, or as long as b.
func Shorter(a, b Sketch) bool {
	na, nb, _ := common(a, b)
	return na <= nb
}

// Similarity estimates the Jaccard similarity of the two texts' shingles, in
// [0, 1].
func Similarity(a, b Sketch) float64 {
	na, nb, both := common(a, b)
	if both == 0 {
		return 0
	}
	return float64(both) / float64(na+nb-both)
}

// Copies reports whether one text was copied from the other, and the share of
// the shorter one that was. One title word for word is a copy only when one of
// the two has hardly anything else.
func Copies(a, b Sketch) (share float64, ok bool) {
	share, shared := Containment(a, b)
	if (shared >= CopyShared && share >= 0.5) || (shared > CopyShared && share >= CopyShare) {
		return share, true
	}
	if a.Title != 0 && a.Title == b.Title && (bare(a) || bare(b)) {
		return 1, true
	}
	return share, false
}

// bare reports whether s is of a title and little more.
func bare(s Sketch) bool { return s.Level == 0 && len(s.Hashes) <= 20 }

// Same reports whether two packed fingerprints are of one copied text. What
// cannot be read is the same as nothing.
func Same(a, b string) bool {
	x, err := Parse(a)
	if err != nil || a == "" {
		return false
	}
	y, err := Parse(b)
	if err != nil || b == "" {
		return false
	}
	_, ok := Copies(x, y)
	return ok
}
