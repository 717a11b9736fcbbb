package story

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTheHeaviestAreThoseThatASortPutsFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOfNDistinct(rapid.Uint32(), 0, 40, rapid.ID[uint32]).Draw(t, "hashes")
		slices.Sort(hashes)
		var v Vector
		for _, h := range hashes {
			v = append(v, Term{h, float32(rapid.IntRange(-2, 5).Draw(t, "weight"))})
		}
		most := rapid.IntRange(0, 45).Draw(t, "most")
		want := slices.Clone(v)
		slices.SortFunc(want, heavierFirst)
		want = want[:min(most, len(want))]
		slices.SortFunc(want, byHash)
		if got := v.heaviest(most); !slices.Equal(got, want) {
			t.Fatalf("%d of %v: got %v, want %v", most, v, got, want)
		}
	})
}

func heavierFirst(a, b Term) int {
	switch {
	case a.Weight > b.Weight:
		return -1
	case a.Weight < b.Weight:
		return 1
	}
	return byHash(a, b)
}
