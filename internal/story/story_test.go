package story

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func clusterer(t testing.TB) *Clusterer {
	t.Helper()
	w, err := ShippedWeights()
	if err != nil {
		t.Fatal(err)
	}
	return New(w)
}

// warmed is a clusterer that has seen some news, so that it knows which words
// are common.
func warmed(t testing.TB, p *press) *Clusterer {
	c := clusterer(t)
	items, _ := p.stream(800, time.Hour)
	for i := range items {
		items[i].ID = "before-" + items[i].ID
		items[i].At = items[i].At.Add(-24 * time.Hour)
		c.Add(items[i])
	}
	return c
}

func TestJoining(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(1, 1))}
	c := warmed(t, p)
	a, b := p.invent(), p.invent()
	first := c.Add(item(p.tell(a, "a1", "en", day0)))
	other := c.Add(item(p.tell(b, "b1", "en", day0.Add(time.Minute))))
	again := c.Add(item(p.tell(a, "a2", "en", day0.Add(time.Hour))))
	abroad := c.Add(item(p.tell(a, "a3", "fr", day0.Add(2*time.Hour))))
	switch {
	case !first.Opened || !other.Opened:
		t.Error("two happenings did not open two stories")
	case again.Story != first.Story || again.Score <= 0:
		t.Error("a second article did not join its story")
	case abroad.Story != first.Story:
		t.Error("an article in another language did not join its story")
	case first.Story.ID != IDOf("a1"):
		t.Error("the story's id is not the founding article's")
	}
	if s, ok := c.StoryOf("a3"); !ok || s != first.Story {
		t.Error("the article is not found again")
	}
	if got := first.Story.Tongues; len(got) != 2 || got[0].Lang != "en" || got[1].Lang != "fr" || got[1].At.Sub(got[0].At) != 2*time.Hour {
		t.Errorf("languages: %v", got)
	}
}

func TestAPageWrittenAgainStaysInItsStory(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(2, 2))}
	c := warmed(t, p)
	h := p.invent()
	e := p.tell(h, "a1", "en", day0)
	first := c.Add(item(e))
	f := e
	f.Article.ID, f.Article.Title, f.Article.FetchedAt = "a2", "quite another headline about "+h.words[0], day0.Add(time.Hour)
	f.Article.Text = ""
	if again := c.Add(item(f)); again.Story != first.Story {
		t.Error("a new version of a page opened a story of its own")
	}
}

func TestMerging(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(3, 3))}
	c := warmed(t, p)
	h := p.invent()
	a := c.Put(item(p.tell(h, "a1", "en", day0)), nil)
	c.Put(item(p.tell(h, "a2", "en", day0)), a)
	b := c.Put(item(p.tell(h, "b1", "en", day0.Add(time.Minute))), nil)
	place := c.Add(item(p.tell(h, "c1", "en", day0.Add(2*time.Minute))))
	if place.Story != a || len(place.Absorbed) != 1 || place.Absorbed[0] != b {
		t.Fatalf("the younger story was not merged into the older: %+v", place)
	}
	if s, ok := c.Story(b.ID); !ok || s != a {
		t.Error("the merged story is not found by its old id")
	}
	if s, _ := c.StoryOf("b1"); s != a || a.Articles != 4 || len(a.Audit) != 1 || len(a.Merged) != 1 {
		t.Errorf("after the merge: %d articles, audit %v", a.Articles, a.Audit)
	}
	moved := map[string]string{}
	for _, m := range c.Moved() {
		moved[m.Article] = m.Story
	}
	if moved["b1"] != a.ID || moved["c1"] != a.ID {
		t.Errorf("moved: %v", moved)
	}
}

func TestSplitting(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(4, 4))}
	c := warmed(t, p)
	a, b := p.invent(), p.invent()
	var s *Story
	for i := range 15 { // two happenings forced into one story
		h := a
		if i%2 == 1 {
			h = b
		}
		s = c.Put(item(p.tell(h, fmt.Sprint("m", i), "en", day0.Add(time.Duration(i)*time.Minute))), s)
	}
	place := c.Add(item(p.tell(a, "m15", "en", day0.Add(20*time.Minute))))
	if place.Split == nil {
		t.Fatal("a story of two happenings was not split")
	}
	x, _ := c.StoryOf("m0")
	y, _ := c.StoryOf("m1")
	if x == y || x.Articles+y.Articles != 16 || y.ID != IDOf("m1") || len(y.Audit) == 0 || len(x.Audit) == 0 {
		t.Errorf("%d and %d articles, %v, %v", x.Articles, y.Articles, x.Audit, y.Audit)
	}
	for i := range 16 {
		want := x
		if i%2 == 1 && i < 15 { // the sixteenth was of the first happening
			want = y
		}
		if got, _ := c.StoryOf(fmt.Sprint("m", i)); got != want {
			t.Errorf("article %d is in the wrong story", i)
		}
	}
}

func TestEvictionAndRevival(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(5, 5))}
	c := clusterer(t)
	h := p.invent()
	s := c.Add(item(p.tell(h, "a1", "en", day0))).Story
	if s.Phase(day0.Add(7*time.Hour)) != Fading || s.Phase(day0.Add(30*time.Hour)) != Closed {
		t.Error("a silent story neither fades nor closes")
	}
	back := c.Put(item(p.tell(h, "a2", "en", day0.Add(50*time.Hour))), s)
	if got := back.Phase(day0.Add(50 * time.Hour)); got != Revived {
		t.Errorf("phase is %s, want revived", got)
	}
	if gone := c.Evict(day0.Add(100 * time.Hour)); len(gone) != 0 {
		t.Error("a story was dropped within the window")
	}
	if gone := c.Evict(day0.Add(50*time.Hour + Window)); len(gone) != 1 {
		t.Errorf("%d stories dropped after the window", len(gone))
	}
	if _, ok := c.StoryOf("a1"); ok || len(c.index.postings) != 0 || len(c.Stories()) != 0 {
		t.Error("a dropped story left something behind")
	}
}

func TestPhases(t *testing.T) {
	families, err := origin.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	p := &press{r: rand.New(rand.NewPCG(6, 6))}
	c := clusterer(t)
	h := p.invent()
	var s *Story
	for i, step := range []struct{ source, phase string }{
		{"lemonde.fr", Emerging}, {"lemonde.fr", Emerging}, {"bbc.com", Developing}, {"spiegel.de", Peak}, {"dn.se", Peak},
	} {
		at := day0.Add(time.Duration(i) * time.Minute)
		it := item(p.tell(h, fmt.Sprint("a", i), "en", at))
		it.Source, it.Family = step.source, families.Find(step.source)
		s = c.Put(it, s)
		if got := s.Phase(at); got != step.phase {
			t.Errorf("after %d articles the story is %s, want %s", i+1, got, step.phase)
		}
	}
	if got := s.Phase(day0.Add(3*time.Hour + 30*time.Minute)); got != Fading {
		t.Errorf("after its busiest hours it is %s", got)
	}
}

func TestHeadlineIsTheMostCentral(t *testing.T) {
	c := clusterer(t)
	var s *Story
	for i, title := range []string{"Depot in Odesa burns after strike", "What we know", "Strike sets depot in Odesa on fire", "Depot strike: residents of Odesa tell"} {
		e := events.Enriched{Article: events.Article{ID: fmt.Sprint(i), Title: title}, Lang: "en"}
		s = c.Put(ItemOf(e, token.Of(title, ""), day0.Add(time.Duration(i)*time.Minute)), s)
	}
	if got := s.Headline(day0); got == "What we know" || got == "" {
		t.Errorf("headline is %q", got)
	}
}

func TestAWordInEveryArticleJoinsNothing(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(7, 7))}
	c := clusterer(t)
	largest := 0
	for i := range 2000 {
		e := p.tell(p.invent(), fmt.Sprint(i), "en", day0.Add(time.Duration(i)*time.Minute))
		e.Article.Title = "Everywhere " + e.Article.Title
		e.Article.Text = "everywhere everywhere " + e.Article.Text
		largest = max(largest, c.Add(item(e)).Story.Articles)
	}
	if largest > 20 {
		t.Errorf("a story swallowed %d of 2000 unrelated articles", largest)
	}
}

func TestStateComesBackTheSame(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(8, 8))}
	items, _ := p.stream(1500, 5*24*time.Hour)
	whole, halves := clusterer(t), clusterer(t)
	for i, it := range items {
		if i == 700 {
			var b bytes.Buffer
			if err := gob.NewEncoder(&b).Encode(halves.State()); err != nil {
				t.Fatal(err)
			}
			var s State
			if err := gob.NewDecoder(&b).Decode(&s); err != nil {
				t.Fatal(err)
			}
			halves = Restore(halves.weights, s)
		}
		x, y := whole.Add(it), halves.Add(it)
		if x.Story.ID != y.Story.ID || x.Score != y.Score || x.Story.Headline(it.At) != y.Story.Headline(it.At) {
			t.Fatalf("article %d: story %s (%v) against %s (%v) after a restart", i, x.Story.ID, x.Score, y.Story.ID, y.Score)
		}
		whole.Evict(it.At)
		halves.Evict(it.At)
	}
}

func TestWeightsFile(t *testing.T) {
	w, err := ShippedWeights()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadWeights(w.String())
	if err != nil || again != w {
		t.Errorf("weights do not read back: %v", err)
	}
	if _, err := ReadWeights("words\tmany\n"); err == nil {
		t.Error("a weight that is no number is taken")
	}
}
