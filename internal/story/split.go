package story

import (
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/token"
)

const (
	// splitEvery is after how many articles a story is looked at again.
	splitEvery = 16
	// splitLeast is the least number of recent articles on each side.
	splitLeast = 5
	// splitCosine is how like the two sides' means may be at most.
	splitCosine = 0.08
)

// split cuts a story in two when its recent articles fall into two groups that
// hardly share a term. The group that began later becomes a story of its own.
func (c *Clusterer) split(p *Placement, now time.Time) {
	s := p.Story
	if s.Articles%splitEvery != 0 || len(s.Recent) < splitEvery {
		return
	}
	left, ok := parts(s.Recent)
	if !ok {
		return
	}
	out := c.cut(s, left, now)
	if out == nil {
		return
	}
	p.Split = out
	if slices.Contains(out.Members, p.Member) {
		p.Story, p.Split = out, s
	}
}

// parts tells for each brief whether it belongs to the group that began later.
func parts(recent []Brief) (later []bool, ok bool) {
	all := make([]Vector, len(recent))
	for i, b := range recent {
		all[i] = b.vector()
	}
	a, b := len(all)-1, 0
	for i, v := range all {
		if v.cosine(all[a]) < all[b].cosine(all[a]) {
			b = i
		}
	}
	means := [2]Vector{all[a], all[b]}
	side := make([]bool, len(all))
	for range 3 {
		var next [2]Vector
		for i, v := range all {
			side[i] = v.cosine(means[1]) > v.cosine(means[0])
			k := 0
			if side[i] {
				k = 1
			}
			next[k] = next[k].add(v, 1, 256)
		}
		means = next
	}
	n := 0
	for _, x := range side {
		if x {
			n++
		}
	}
	if n < splitLeast || len(side)-n < splitLeast || means[0].cosine(means[1]) > splitCosine {
		return nil, false
	}
	// The first brief is on the side that stays.
	stays := side[0]
	for i := range side {
		side[i] = side[i] != stays
	}
	return side, true
}

// vector is the brief's words and names together.
func (b Brief) vector() Vector {
	v := slices.Clone(b.Words)
	for _, t := range b.Names {
		v = append(v, Term{nameKey(t.Hash), t.Weight})
	}
	return v.sum()
}

// cut moves the briefs that leave, and their members, into a new story.
func (c *Clusterer) cut(s *Story, leave []bool, now time.Time) *Story {
	leaving := map[string]bool{}
	var gone, stay []Brief
	for i, b := range s.Recent {
		if leave[i] {
			leaving[b.Article] = true
			gone = append(gone, b)
		} else {
			stay = append(stay, b)
		}
	}
	first := slices.IndexFunc(s.Members, func(m *Member) bool { return leaving[m.ID] })
	if first <= 0 || c.byID[IDOf(s.Members[first].ID)] != nil {
		return nil
	}
	out := &Story{ID: IDOf(s.Members[first].ID), Seq: c.next, First: s.Members[first].At}
	c.next++
	c.seat(out)
	texts := map[int32]int32{}
	var kept []*Member
	for _, m := range s.Members {
		if !leaving[m.ID] {
			kept = append(kept, m)
			continue
		}
		m.Text = out.Texts.Adopt(&s.Texts, m.Text, texts)
		out.Members = append(out.Members, m)
		out.Articles++
		out.Last = later(out.Last, m.At)
		out.tick(m.At)
		if !out.told(m.Lang) {
			out.Tongues = append(out.Tongues, Tongue{m.Lang, m.At})
		}
		out.Heads = out.Heads.add(title(m.Title), 1, storyWords)
		c.placed[key(m.ID)] = out.slot
		if m.URL != "" {
			c.byURL[key(m.URL)] = out.slot
		}
		c.moved = append(c.moved, Assignment{m.ID, out.ID})
	}
	s.Members = kept
	s.Articles -= out.Articles
	for _, b := range gone {
		out.Words = out.Words.add(b.Words, 1, storyWords)
		out.Names = out.Names.add(b.Names, 1, storyNames)
	}
	s.Words, s.Names, s.Heads = s.Words.less(out.Words), s.Names.less(out.Names), s.Heads.less(out.Heads)
	out.Numbers, out.Places = s.Numbers, s.Places
	out.Topics = slices.Clone(s.Topics)
	out.Recent, s.Recent = gone, stay
	out.Audit = []Event{{now, fmt.Sprintf("split from story %s: its recent articles tell of two happenings", s.ID)}}
	s.Audit = append(s.Audit, Event{now, fmt.Sprintf("split: story %s left with %d articles", out.ID, out.Articles)})
	c.index.post(s)
	c.index.post(out)
	return out
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// title is a title's words, unweighted.
func title(s string) Vector {
	v := make(Vector, 0, 16)
	for _, t := range token.Split(s) {
		v = append(v, Term{stem(t.Fold), 1})
	}
	return v.sum()
}

// less is v without what w has: weights are subtracted, and what is no longer
// positive is gone.
func (v Vector) less(w Vector) Vector {
	out := v.add(w, -1, len(v)+len(w))
	return slices.DeleteFunc(out, func(t Term) bool { return t.Weight <= 0 })
}
