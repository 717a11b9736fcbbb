package story

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// sameStory decides whether two stories that one article fits are one: by the
// same weights, the younger being read as if it were an article.
func (c *Clusterer) sameStory(a, b *Story, now time.Time) bool {
	if a == b {
		return false
	}
	if a.Articles > b.Articles {
		a, b = b, a
	}
	w := &weighted{
		Item:  &Item{Lang: mainTongue(a), Places: a.Places, Numbers: a.Numbers},
		words: a.Words, heads: a.Heads, names: a.Names, topics: a.Topics, crowd: c.crowd(),
	}
	p := pair(w, b, now, false)
	// Two grown stories must be very alike: a wrong merge costs more than a
	// missing one.
	return c.weights.Score(&p) > mergeMargin*math.Log2(1+float64(a.Articles))
}

// mergeMargin is how far above zero the decision must be to merge, for each
// doubling of the smaller story.
const mergeMargin = 0.7

func mainTongue(s *Story) string {
	if len(s.Tongues) == 0 {
		return ""
	}
	return s.Tongues[0].Lang
}

// merge makes other part of p.Story, or the reverse: the older one stays.
func (c *Clusterer) merge(p *Placement, other *Story, now time.Time) {
	into, from := p.Story, other
	moved := from.Articles
	if from.Seq < into.Seq {
		into, from = from, into
		moved = from.Articles
	}
	shift := into.Texts.Merge(&from.Texts)
	for _, m := range from.Members {
		m.Text += shift
		into.Members = append(into.Members, m)
		c.placed[key(m.ID)] = into.slot
		if m.URL != "" {
			c.byURL[key(m.URL)] = into.slot
		}
		c.moved = append(c.moved, Assignment{m.ID, into.ID})
	}
	c.trim(into)
	into.take(from)
	into.Merged = append(append(into.Merged, from.ID), from.Merged...)
	into.Audit = append(into.Audit, Event{now, fmt.Sprintf("merged with story %s (%d articles): one article fits both", from.ID, moved)})
	c.index.unpost(from)
	c.index.post(into)
	c.slots[from.slot] = nil
	c.free = append(c.free, from.slot)
	for _, id := range into.Merged {
		c.byID[id] = into
	}
	p.Story = into
	p.Absorbed = append(p.Absorbed, from)
}

// take adds what another story remembers.
func (s *Story) take(o *Story) {
	s.Articles += o.Articles
	if o.First.Before(s.First) {
		s.First = o.First
	}
	if o.Last.After(s.Last) {
		s.Last = o.Last
	}
	s.Words = s.Words.add(o.Words, 1, storyWords)
	s.Heads = s.Heads.add(o.Heads, 1, storyWords)
	s.Names = s.Names.add(o.Names, 1, storyNames)
	s.Topics = s.Topics.add(o.Topics, 1, topicTerms)
	s.Numbers, s.Places = latest(s.Numbers, o.Numbers), latest(s.Places, o.Places)
	s.Recent = append(s.Recent, o.Recent...)
	if len(s.Recent) > briefs {
		s.Recent = slices.Clone(s.Recent[len(s.Recent)-briefs:])
	}
	for _, t := range o.Tongues {
		if i := slices.IndexFunc(s.Tongues, func(x Tongue) bool { return x.Lang == t.Lang }); i < 0 {
			s.Tongues = append(s.Tongues, t)
		} else if t.At.Before(s.Tongues[i].At) {
			s.Tongues[i].At = t.At
		}
	}
	slices.SortStableFunc(s.Tongues, func(a, b Tongue) int { return a.At.Compare(b.At) })
	h := max(s.HourAt, o.HourAt)
	for i := int64(0); i < hours; i++ {
		at := o.HourAt - i
		for n := o.Hours[((at%hours)+hours)%hours]; n > 0 && h-at < hours; n-- {
			s.tick(time.Unix(at*3600, 0))
		}
	}
}
