package story

import (
	"slices"
	"time"
)

// Evict drops the stories that nothing has joined for Window before now, and
// returns them in the order of their founding. It looks once in an hour of
// stream time.
func (c *Clusterer) Evict(now time.Time) []*Story {
	if now.Sub(c.swept) < time.Hour {
		return nil
	}
	c.swept = now
	var gone []*Story
	for _, s := range c.Stories() {
		if now.Sub(s.Last) < Window {
			continue
		}
		c.forget(s)
		gone = append(gone, s)
	}
	return gone
}

func (c *Clusterer) forget(s *Story) {
	c.index.unpost(s)
	for _, m := range s.Members {
		if c.placed[key(m.ID)] == s.slot {
			delete(c.placed, key(m.ID))
		}
		if slot, ok := c.byURL[key(m.URL)]; ok && slot == s.slot {
			delete(c.byURL, key(m.URL))
		}
	}
	delete(c.byID, s.ID)
	for _, id := range s.Merged {
		delete(c.byID, id)
	}
	c.slots[s.slot] = nil
	c.free = append(c.free, s.slot)
}

// trim lets go of the oldest members but the founder, so that a story of any
// size stays bounded.
func (c *Clusterer) trim(s *Story) {
	if len(s.Members) <= maxMembers {
		return
	}
	cut := len(s.Members) - maxMembers*3/4
	for _, m := range s.Members[1:cut] {
		m.Gone = true
		delete(c.placed, key(m.ID))
	}
	s.Members = slices.Delete(s.Members, 1, cut)
}
