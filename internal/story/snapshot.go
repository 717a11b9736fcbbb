package story

import (
	"cmp"
	"slices"
	"time"
)

// State is all that a Clusterer knows, to be kept and put back.
type State struct {
	Frequencies Frequencies
	Stories     []*Story
	Pages       []Page
	Next        uint64
	Swept       time.Time
}

// Page says in which story the latest version of a page went.
type Page struct {
	Key, Story uint64
}

// State returns the clusterer's state. It shares memory with the clusterer:
// write it out before the next Add.
func (c *Clusterer) State() State {
	s := State{Frequencies: c.freq, Stories: c.Stories(), Next: c.next, Swept: c.swept}
	for k, slot := range c.byURL {
		s.Pages = append(s.Pages, Page{k, c.slots[slot].Seq})
	}
	slices.SortFunc(s.Pages, func(a, b Page) int { return cmp.Compare(a.Key, b.Key) })
	return s
}

// Restore returns a clusterer that goes on where the state was taken.
func Restore(w Weights, s State) *Clusterer {
	c := New(w)
	if len(s.Frequencies.Counts) == rows*cells {
		c.freq = s.Frequencies
	}
	c.next, c.swept = s.Next, s.Swept
	bySeq := make(map[uint64]int32, len(s.Stories))
	for _, st := range s.Stories {
		c.seat(st)
		bySeq[st.Seq] = st.slot
		for _, id := range st.Merged {
			c.byID[id] = st
		}
		for _, m := range st.Members {
			c.placed[key(m.ID)] = st.slot
		}
		c.index.post(st)
	}
	for _, p := range s.Pages {
		if slot, ok := bySeq[p.Story]; ok {
			c.byURL[p.Key] = slot
		}
	}
	return c
}
