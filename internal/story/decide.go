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
	bias        = iota
	words       // cosine of the weighted words
	heads       // cosine of the title's words with the titles' words
	names       // cosine of the weighted entities
	both        // words × names
	places      // share of the article's places that the story has
	numbers     // share of the article's numbers that the story has
	silence     // log of the hours since the story's latest article
	age         // log of the hours since its first
	size        // log of its articles
	foreign     // 1 when the story was not yet told in the article's language
	foreignNums // numbers, when foreign
	sameURL     // 1 when the story has an earlier version of the page
	nameless    // 1 when one of the two has no entities
	nearest     // the best cosine with one of the story's latest articles
	specific    // how rare what both have is: words and names, log of the sum
	topics      // cosine of the topics
	apart       // 1 when both have topics, and none in common
	short       // 1 for an article of a few words, 0 for one of many
	foreignRare // specific, when foreign
	further     // specific, without the rarest thing: one name alone joins nothing
	foreignMore // further, when foreign
	things      // log of how many names and words that are not of all news both have
	single      // 1 when that is one name or word, or none
	foreignOne  // single, when foreign
	crowd       // log of how many stories live, beyond a few
	elsewhere   // 1 when both have places, and none in common
	features
)

// Features names the parts of the decision, in their order.
var featureNames = [features]string{
	"bias", "words", "heads", "names", "words×names", "places", "numbers", "silence", "age", "size",
	"foreign", "foreign×numbers", "same-url", "nameless",
	"nearest", "specific", "topics", "apart", "short", "foreign×specific", "further", "foreign×further",
	"things", "single", "foreign×single", "crowd", "elsewhere",
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
	words, heads, names, topics Vector
	// rare has the rarity of each word and name, of those that are rare.
	rare Vector
	// crowd is how many stories live: the more, the likelier is a chance likeness.
	crowd float64
	// telling are the words that are no part of a name and not in all news.
	telling Vector
}

// core is the weight, as a share of the whole, from which a term is one of the
// story's own, and not of one of its articles: a large story has met every word.
const core = 0.06

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
	if s.foreignTo(it.Lang) {
		p[foreign], p[foreignNums] = 1, p[numbers]
	}
	if page {
		p[sameURL] = 1
	}
	p[nearest] = s.nearest(it)
	inWords, topWord := it.rare.within(s.Words, core*s.Words.norm())
	inNames, topName := it.rare.within(s.Names, core*s.Names.norm())
	p[specific] = math.Log1p(inWords + inNames)
	n := it.telling.meet(s.Words, core*s.Words.norm()) + it.names.meet(s.Names, core*s.Names.norm())
	p[things] = math.Log1p(float64(n))
	if n <= 1 {
		p[single] = 1
	}
	p[crowd] = it.crowd
	if p[places] == 0 && len(it.Places) > 0 && len(s.Places) > 0 {
		p[elsewhere] = 1
	}
	p[further] = math.Log1p(inWords + inNames - math.Max(topWord, topName))
	p[topics] = it.topics.cosine(s.Topics)
	if p[topics] == 0 && len(it.topics) > 0 && len(s.Topics) > 0 {
		p[apart] = 1
	}
	p[short] = math.Max(0, 1-float64(len(it.words))/10)
	if p[foreign] > 0 {
		p[foreignRare] = p[specific]
		p[foreignMore] = p[further]
		p[foreignOne] = p[single]
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
