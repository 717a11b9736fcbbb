package story

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// best is the right candidate by comparing with each story.
func (c *Clusterer) best(w *weighted) (*Story, float64) {
	var best *Story
	top := 0.0
	for _, s := range c.slots {
		if s == nil {
			continue
		}
		p := pair(w, s, w.At, false)
		if x := c.weights.Score(&p); x > top || (x == top && best != nil && s.Seq < best.Seq) {
			best, top = s, x
		}
	}
	return best, top
}

func TestCandidatesHoldTheRightOne(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(1, 9))}
	c := clusterer(t)
	items, _ := p.stream(6000, 3*24*time.Hour)
	asked, found := 0, 0
	for i := range items {
		it := items[i]
		w := c.weigh(&it)
		if i >= 3000 && i%3 == 0 {
			if right, _ := c.best(w); right != nil {
				asked++
				got, _ := c.choose(w)
				if got.story == right {
					found++
				}
			}
		}
		c.Add(it)
	}
	t.Logf("the right story was found in %d of %d", found, asked)
	if asked == 0 || float64(found) < 0.99*float64(asked) {
		t.Errorf("found %d of %d, want 99 %%", found, asked)
	}
}

// filled is a clusterer with a window of n articles, and articles to come.
func filled(b testing.TB, n int) (*Clusterer, []Item) {
	p := &press{r: rand.New(rand.NewPCG(2, 9))}
	c := clusterer(b)
	items, _ := p.stream(n+2000, 6*24*time.Hour)
	for i := range items[:n] {
		c.Add(items[i])
	}
	return c, items[n:]
}

// BenchmarkChoose finds an article's story in windows of a thousand to a
// hundred thousand articles, by the index and by comparing with each; and how
// much of what the latter finds the index finds.
func BenchmarkChoose(b *testing.B) {
	fewest := 0.0
	for _, n := range []int{1_000, 10_000, 100_000} {
		c, next := filled(b, n)
		ws := make([]*weighted, len(next))
		for i := range next {
			ws[i] = c.weigh(&next[i])
		}
		took := 0.0
		b.Run(fmt.Sprintf("index/window=%d", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				c.choose(ws[i%len(ws)])
				i++
			}
			took = b.Elapsed().Seconds() / float64(b.N)
			if fewest == 0 {
				fewest = took
			}
			b.ReportMetric(took/fewest, "times-fewest")
			b.ReportMetric(10, "≤times-fewest")
		})
		b.Run(fmt.Sprintf("each/window=%d", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				c.best(ws[i%len(ws)])
				i++
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/took, "times-index")
			if n == 100_000 {
				b.ReportMetric(1000, "≥times-index")
			}
			recall := found(c, ws[:200])
			b.ReportMetric(recall, "found")
			b.ReportMetric(0.99, "≥found")
		})
	}
}

// found is, of the stories that comparing with each finds, the part that the
// index finds.
func found(c *Clusterer, ws []*weighted) float64 {
	asked, same := 0, 0
	for _, w := range ws {
		if right, _ := c.best(w); right != nil {
			asked++
			if got, _ := c.choose(w); got.story == right {
				same++
			}
		}
	}
	return float64(same) / float64(asked)
}

// BenchmarkMemory streams a million articles, 300,000 in a window, and prints
// what the stories of them hold: after 100,000, after 300,000, when the window
// is full, and after all of them, when two thirds have left it.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		c := clusterer(b)
		p := &press{r: rand.New(rand.NewPCG(3, 9))}
		empty, n := heap(), 0
		for _, stop := range []int{100_000, 300_000, 1_000_000} {
			for ; n < stop; n += chunk {
				p.pass(c, n)
			}
			used := float64(heap() - empty)
			held := 0
			for _, s := range c.Stories() {
				held += len(s.Members)
			}
			b.ReportMetric(used/(1<<20), fmt.Sprintf("MB@%dk", stop/1000))
			b.ReportMetric(used/float64(held), fmt.Sprintf("bytes/article@%dk", stop/1000))
			b.Logf("after %d articles: %.0f MB for %d articles of the window in %d stories, %.0f bytes each", n, used/(1<<20), held, len(c.Stories()), used/float64(held))
		}
		b.ReportMetric(2<<30/1e6, "≤bytes/article") // 2 GB for a million
		runtime.KeepAlive(c)
	}
}

const (
	// chunk is how many articles are made at a time, perWindow how many come in
	// a window of seven days.
	chunk     = 20_000
	perWindow = 300_000
)

// pass makes the articles from the n-th on, a chunk of them, and adds them.
func (p *press) pass(c *Clusterer, n int) {
	over := Window / (perWindow / chunk)
	items, _ := p.stream(chunk, over)
	for i := range items {
		it := &items[i]
		it.ID = fmt.Sprintf("%032d", n+i)
		it.URL = "https://www.example.com/world/2026/" + it.ID
		it.At = it.At.Add(time.Duration(n/chunk) * over)
		c.Add(*it)
		c.Evict(it.At)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
