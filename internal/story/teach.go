package story

import (
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/token"
)

// Lesson is a story that an article might join, as the decision sees it.
type Lesson struct {
	Story *Story
	Pair  Pair
}

// Lessons returns what the decision would look at for an article, for each
// candidate, without placing it. It is for learning the weights.
func (c *Clusterer) Lessons(it Item) []Lesson {
	w := c.weigh(&it)
	var out []Lesson
	for _, slot := range c.index.candidates(w, c.seq) {
		s := c.slots[slot]
		out = append(out, Lesson{s, pair(w, s, it.At, false)})
	}
	return out
}

// Put places an article into s, or into a story of its own where s is nil,
// whatever the decision would say, and returns the story.
func (c *Clusterer) Put(it Item, s *Story) *Story {
	w := c.weigh(&it)
	c.freq.see(it.Words, it.Names, it.Topics)
	if s == nil {
		s = c.open(w)
	}
	c.join(s, w)
	return s
}

// Stem is what a word counts as, or "" for a number and for a word too short.
func Stem(w token.Token) string {
	if w.Shape&token.Number != 0 || utf8.RuneCountInString(w.Fold) < 3 {
		return ""
	}
	return cutStem(w.Fold)
}
