package story

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestAStorysWholeLife(t *testing.T) {
	families, err := origin.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	p := &press{r: rand.New(rand.NewPCG(16, 6))}
	c := clusterer(t)
	h := p.invent()
	var s *Story
	for i, step := range []struct {
		after  time.Duration
		source string // empty: nothing new, only time
		phase  string
	}{
		{0, "lemonde.fr", Emerging},
		{time.Hour, "bbc.com", Developing},
		{2 * time.Hour, "spiegel.de", Confirmed},
		{4 * time.Hour, "dn.se", Confirmed},
		{4*time.Hour + time.Minute, "yle.fi", Confirmed},
		{4*time.Hour + 2*time.Minute, "nytimes.com", Peak},
		{6 * time.Hour, "", Peak},
		{8 * time.Hour, "", Fading},
		{9 * time.Hour, "elpais.com", Confirmed},
		{15*time.Hour + time.Minute, "", Fading},
		{33 * time.Hour, "", Closed},
		{50 * time.Hour, "repubblica.it", Revived},
		{51 * time.Hour, "rp.pl", Confirmed},
	} {
		at := day0.Add(step.after)
		if step.source != "" {
			it := item(p.tell(h, fmt.Sprint("a", i), "en", at))
			it.Source, it.Family = step.source, families.Find(step.source)
			s = c.Put(it, s)
		}
		if got := s.Phase(at); got != step.phase {
			t.Errorf("after %s the story is %s, want %s", step.after, got, step.phase)
		}
	}
	if len(s.Audit) != 1 || !strings.HasPrefix(s.Audit[0].What, "revived after 41h") {
		t.Errorf("audit: %v", s.Audit)
	}
}

func TestANameInEveryArticleJoinsNothing(t *testing.T) {
	p := &press{r: rand.New(rand.NewPCG(17, 7))}
	c := warmed(t, p)
	largest := 0
	for i := range 2000 {
		e := p.tell(p.invent(), fmt.Sprint(i), "en", day0.Add(time.Duration(i)*time.Minute))
		for _, id := range []string{"Q22686", "Q30"} {
			e.Entities = append(e.Entities, events.Entity{ID: id, Name: id, Kind: events.Person, Mentions: []events.Mention{{Field: "title"}}})
		}
		largest = max(largest, c.Add(item(e)).Story.Articles)
	}
	t.Logf("the largest story has %d of 2000 articles", largest)
	if largest > 20 {
		t.Errorf("a story swallowed %d of 2000 unrelated articles", largest)
	}
}

// partition says for each article, in the order of its id, the least id of its
// story: the same for the same stories, whichever article founded them.
func partition(c *Clusterer, items []Item) map[string]string {
	least := map[*Story]string{}
	for _, it := range items {
		s, _ := c.StoryOf(it.ID)
		if was, ok := least[s]; !ok || it.ID < was {
			least[s] = it.ID
		}
	}
	out := map[string]string{}
	for _, it := range items {
		s, _ := c.StoryOf(it.ID)
		out[it.ID] = least[s]
	}
	return out
}

// Publishers' dates, which are clamped and only shown, make no story.
func TestPublishersDatesMakeNoStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &press{r: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
		items, _ := p.stream(rapid.IntRange(10, 200).Draw(t, "articles"), 48*time.Hour)
		w, _ := ShippedWeights()
		plain, dated := New(w), New(w)
		for _, it := range items {
			plain.Add(it)
			it.Published = it.At.Add(time.Duration(p.r.Int64N(int64(Window))) - Window)
			dated.Add(it)
		}
		for id, s := range partition(plain, items) {
			if got := partition(dated, items)[id]; got != s {
				t.Fatalf("article %s is with %s, and with %s when dated", id, s, got)
			}
		}
	})
}

// clear is a happening that shares nothing with another but what all news has.
func clear(n int) happening {
	h := happening{id: n, number: fmt.Sprint(1000 + n)}
	for i := range 14 {
		h.words = append(h.words, fmt.Sprintf("h%dw%d", n, i))
	}
	for i := range 4 {
		h.names = append(h.names, fmt.Sprintf("Q9%d%d", n, i))
	}
	return h
}

// Articles that come within minutes of one another may come in any order: of
// happenings that are told clearly, the stories are the same.
func TestOrderWithinMinutesMakesTheSameStories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &press{r: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))}
		var items []Item
		for i := range rapid.IntRange(2, 12).Draw(t, "happenings") {
			h := clear(i)
			for k := range rapid.IntRange(1, 6).Draw(t, "articles") {
				e := p.tell(h, fmt.Sprintf("%02d-%d", i, k), "en", day0.Add(time.Duration(p.r.IntN(600))*time.Second))
				p.r.Shuffle(len(h.words), func(i, j int) { h.words[i], h.words[j] = h.words[j], h.words[i] })
				e.Article.Title, e.Article.Text = strings.Join(h.words[:6], " "), strings.Join(h.words[:12], " ")+" "+p.word()
				items = append(items, item(e))
			}
		}
		w, _ := ShippedWeights()
		stories := func() map[string]string {
			c := New(w)
			for _, it := range items {
				c.Add(it)
			}
			return partition(c, items)
		}
		want := stories()
		p.r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		got := stories()
		for id, s := range want {
			if got[id] != s {
				t.Fatalf("article %s is with %s in one order, and with %s in another", id, s, got[id])
			}
		}
	})
}

// A run that was broken off and went on from its state ends in the same state
// as one that was not, byte for byte.
func TestAStateIsTheSameAfterARestart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &press{r: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))}
		items, _ := p.stream(rapid.IntRange(2, 400).Draw(t, "articles"), 9*24*time.Hour)
		stop := rapid.IntRange(0, len(items)-1).Draw(t, "stop")
		w, _ := ShippedWeights()
		whole, broken := New(w), New(w)
		for i, it := range items {
			if i == stop {
				var s State
				if err := gob.NewDecoder(bytes.NewReader(written(t, broken))).Decode(&s); err != nil {
					t.Fatal(err)
				}
				broken = Restore(w, s)
			}
			for _, c := range []*Clusterer{whole, broken} {
				c.Add(it)
				c.Evict(it.At)
			}
			if !slices.Equal(whole.Moved(), broken.Moved()) {
				t.Fatalf("article %d moves %v, after a restart %v", i, whole.Moved(), broken.Moved())
			}
		}
		if !bytes.Equal(written(t, whole), written(t, broken)) {
			t.Fatal("the state differs after a restart")
		}
	})
}

func written(t *rapid.T, c *Clusterer) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c.State()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
