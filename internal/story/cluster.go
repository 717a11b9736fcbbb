package story

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/origin"
)

const (
	// Window is how long a story without a new article can still be joined.
	Window = 7 * 24 * time.Hour
	// fade is the time in which an article's part in its story's mean halves.
	fade = 36 * time.Hour
	// heavy bounds the part that the past has in the mean, in articles.
	heavy = 12

	storyWords = 64
	storyNames = 24
	storyFacts = 48
	briefs     = 32
	// maxMembers bounds what a story of any size keeps of its articles.
	maxMembers = 2048
)

// Clusterer holds the living stories.
type Clusterer struct {
	weights Weights
	freq    Frequencies
	index   index
	slots   []*Story
	free    []int32
	byID    map[string]*Story
	byURL   map[uint64]int32 // page: slot
	placed  map[uint64]int32 // article: slot
	moved   []Assignment
	next    uint64
	swept   time.Time
}

// Assignment says in which story an article is.
type Assignment struct {
	Article string `json:"article_id"`
	Story   string `json:"story_id"`
}

// Placement is where an article went.
type Placement struct {
	Story  *Story
	Member *Member
	// Opened reports that the article founded the story.
	Opened bool
	// Score is the decision's for joining; above zero.
	Score float64
	// Absorbed are stories that turned out to be this one, and no longer exist.
	Absorbed []*Story
	// Split is a story that was cut off from this one, or nil; the article may
	// be in it.
	Split *Story
}

// New returns a clusterer without stories.
func New(w Weights) *Clusterer {
	return &Clusterer{
		weights: w, freq: newFrequencies(), index: newIndex(),
		byID: map[string]*Story{}, byURL: map[uint64]int32{}, placed: map[uint64]int32{},
	}
}

// Add places one article. It costs the same however many stories live; call
// Evict beside it, so that they do not grow without bound.
func (c *Clusterer) Add(it Item) Placement {
	c.moved = c.moved[:0]
	w := c.weigh(&it)
	c.freq.see(it.Words, it.Names, it.Topics)
	best, second := c.choose(w)
	var p Placement
	if best.story == nil {
		p = Placement{Story: c.open(w), Opened: true}
	} else {
		p = Placement{Story: best.story, Score: best.score}
	}
	p.Member = c.join(p.Story, w)
	c.moved = append(c.moved, Assignment{it.ID, p.Story.ID})
	if second.story != nil && c.sameStory(p.Story, second.story, it.At) {
		c.merge(&p, second.story, it.At)
	}
	c.split(&p, it.At)
	return p
}

// weigh weighs an article's terms by how rare they are.
func (c *Clusterer) weigh(it *Item) *weighted {
	return &weighted{
		Item:    it,
		words:   c.freq.weigh(it.Words, wordTerms),
		heads:   c.freq.weigh(it.Heads, wordTerms),
		names:   c.freq.weigh(it.Names, nameTerms),
		topics:  c.freq.weigh(it.Topics, topicTerms),
		rare:    c.freq.rare(it.Plain, it.Names),
		telling: c.freq.telling(it.Plain),
		crowd:   c.crowd(),
	}
}

// A crowd of stories counts from a few on, and up to many.
const (
	aFew = 64
	many = 1024
)

// crowd is how many stories live, as the decision sees it.
func (c *Clusterer) crowd() float64 {
	return math.Log1p(math.Min(many, float64(len(c.slots)-len(c.free))) / aFew)
}

// seq orders slots by the founding of their stories.
func (c *Clusterer) seq(slot int32) uint64 { return c.slots[slot].Seq }

type choice struct {
	story *Story
	score float64
}

// choose returns the best and second best story that the article may join.
func (c *Clusterer) choose(w *weighted) (best, second choice) {
	page := int32(-1)
	if w.URL != "" {
		if slot, ok := c.byURL[key(w.URL)]; ok {
			page = slot
		}
	}
	slots := c.index.candidates(w, c.seq)
	if page >= 0 && !slices.Contains(slots, page) {
		slots = append(slots, page)
	}
	for _, slot := range slots {
		s := c.slots[slot]
		p := pair(w, s, w.At, slot == page)
		x := choice{s, c.weights.Score(&p)}
		if x.score <= 0 {
			continue
		}
		if best.story == nil || x.score > best.score {
			best, second = x, best
		} else if second.story == nil || x.score > second.score {
			second = x
		}
	}
	return best, second
}

func (c *Clusterer) open(w *weighted) *Story {
	s := &Story{ID: IDOf(w.ID), Seq: c.next, First: w.At, Last: w.At}
	c.next++
	c.seat(s)
	return s
}

// seat gives a story a slot.
func (c *Clusterer) seat(s *Story) {
	if n := len(c.free); n > 0 {
		s.slot, c.free = c.free[n-1], c.free[:n-1]
		c.slots[s.slot] = s
	} else {
		s.slot = int32(len(c.slots))
		c.slots = append(c.slots, s)
	}
	c.byID[s.ID] = s
}

// join adds the article to the story.
func (c *Clusterer) join(s *Story, w *weighted) *Member {
	gap := w.At.Sub(s.Last)
	if gap > quiet {
		s.Revived = w.At
		s.Audit = append(s.Audit, Event{w.At, fmt.Sprintf("revived after %s of silence", gap.Round(time.Minute))})
	}
	s.remember(w, gap)
	e := s.Texts.Add(origin.Item{
		ID: w.ID, Source: w.Source, Family: w.Family, Agency: w.Agency, Sketch: w.Sketch, Lang: w.Lang,
		Facts: w.Facts, Numbers: w.Numbers,
	})
	s.Members = append(s.Members, &Member{
		ID: w.ID, Source: w.Source, URL: w.URL, Title: w.Title, Lang: w.Lang, Published: w.Published, At: w.At,
		Text: e.Text, Why: e.Why, Trusted: w.Family.Trusted(),
	})
	c.trim(s)
	s.Articles++
	if w.At.After(s.Last) {
		s.Last = w.At
	}
	if !s.told(w.Lang) && len(s.Tongues) < 64 {
		s.Tongues = append(s.Tongues, Tongue{w.Lang, w.At})
	}
	s.tick(w.At)
	c.index.post(s)
	c.placed[key(w.ID)] = s.slot
	if w.URL != "" {
		c.byURL[key(w.URL)] = s.slot
	}
	return s.Members[len(s.Members)-1]
}

// key is how articles and pages are found again.
func key(s string) uint64 { return xxhash.Sum64String(s) }

// StoryOf returns the story that an article of the window is in now.
func (c *Clusterer) StoryOf(article string) (*Story, bool) {
	slot, ok := c.placed[key(article)]
	if !ok {
		return nil, false
	}
	return c.slots[slot], true
}

// Story returns a living story by id, also by the id of one merged into it.
func (c *Clusterer) Story(id string) (*Story, bool) {
	s, ok := c.byID[id]
	return s, ok
}

// Stories returns the living stories in the order of their founding.
func (c *Clusterer) Stories() []*Story {
	out := make([]*Story, 0, len(c.slots)-len(c.free))
	for _, s := range c.slots {
		if s != nil {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *Story) int {
		if a.Seq < b.Seq {
			return -1
		}
		return 1
	})
	return out
}

// Moved returns the assignments that the last Add made or changed. The slice is
// good until the next.
func (c *Clusterer) Moved() []Assignment { return c.moved }

// Member returns an article of a living story.
func (c *Clusterer) Member(article string) (*Member, bool) {
	s, ok := c.StoryOf(article)
	if !ok {
		return nil, false
	}
	for i := len(s.Members) - 1; i >= 0; i-- {
		if s.Members[i].ID == article {
			return s.Members[i], true
		}
	}
	return nil, false
}
