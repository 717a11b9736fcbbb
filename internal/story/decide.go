package story

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

//go:embed weights.tsv
var shippedWeights string

// What the decision looks at, for an article and a story.
const (
	bias         = iota
	words        // cosine of the weighted words
	heads        // cosine of the title's words with the titles' words
	names        // cosine of the weighted entities
	both         // words × names
	places       // share of the article's places that the story has
	numbers      // share of the article's numbers that the story has
	silence      // log of the hours since the story's latest article
	age          // log of the hours since its first
	size         // log of its articles
	foreign      // 1 when the story was not yet told in the article's language
	foreignNames // names, when foreign
	foreignNums  // numbers, when foreign
	sameURL      // 1 when the story has an earlier version of the page
	nameless     // 1 when one of the two has no entities
	features
)

// Features names the parts of the decision, in their order.
var featureNames = [features]string{
	"bias", "words", "heads", "names", "words×names", "places", "numbers", "silence", "age", "size",
	"foreign", "foreign×names", "foreign×numbers", "same-url", "nameless",
}

// Pair is what the decision looks at.
type Pair [features]float64

// Weights are the decision's: an article joins where the weighted sum is
// above zero.
type Weights [features]float64

// ShippedWeights returns the committed weights.
func ShippedWeights() (Weights, error) { return ReadWeights(shippedWeights) }

// ReadWeights reads lines of name and weight, separated by a tab; a feature
// without a line weighs nothing.
func ReadWeights(s string) (Weights, error) {
	var w Weights
	n := 0
	for line := range strings.Lines(s) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(line, "\t")
		x, err := strconv.ParseFloat(value, 64)
		at := indexOf(name)
		if err != nil || at < 0 {
			return w, fmt.Errorf("weights, line %d: %q: write a feature's name, a tab and a number", n, line)
		}
		w[at] = x
	}
	return w, nil
}

// String writes w as ReadWeights reads it.
func (w Weights) String() string {
	var b strings.Builder
	for i, x := range w {
		fmt.Fprintf(&b, "%s\t%.4f\n", featureNames[i], x)
	}
	return b.String()
}

func indexOf(name string) int {
	for i, n := range featureNames {
		if n == name {
			return i
		}
	}
	return -1
}

// Score is the weighted sum.
func (w *Weights) Score(p *Pair) float64 {
	var s float64
	for i, x := range p {
		s += x * w[i]
	}
	return s
}

// weighted is an item with its vectors weighted for comparison.
type weighted struct {
	*Item
	words, heads, names Vector
}

// pair compares an article with a story at a stream time.
func pair(it *weighted, s *Story, now time.Time, page bool) Pair {
	var p Pair
	p[bias] = 1
	p[words] = it.words.cosine(s.Words)
	p[heads] = it.heads.cosine(s.Heads)
	p[names] = it.names.cosine(s.Names)
	p[both] = p[words] * p[names]
	p[places] = share(it.Places, s.Places)
	p[numbers] = share(it.Numbers, s.Numbers)
	p[silence] = math.Log1p(math.Max(0, now.Sub(s.Last).Hours()))
	p[age] = math.Log1p(math.Max(0, now.Sub(s.First).Hours()))
	p[size] = math.Log(float64(s.Articles))
	if !s.told(it.Lang) {
		p[foreign], p[foreignNames], p[foreignNums] = 1, p[names], p[numbers]
	}
	if page {
		p[sameURL] = 1
	}
	if len(it.names) == 0 || len(s.Names) == 0 {
		p[nameless] = 1
	}
	return p
}

// share is the part of a's values that b has too; both ascending.
func share(a, b []uint32) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return float64(n) / float64(len(a))
}

// FeatureName is the name of the i-th part of the decision.
func FeatureName(i int) string { return featureNames[i] }
