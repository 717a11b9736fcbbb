package detect

import (
	"cmp"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// maxHits bounds the evidence that one situation keeps.
const maxHits = 1024

// situation is what one watch saw of one story, or of all that it matches.
type situation struct {
	rule  *rule
	story *story.Story // nil for a watch by query
	hits  []hit
	// names and topics count in how many hits each stands.
	names, topics tally
	alert         *life
}

// hit is an article that the watch matched.
type hit struct {
	Member *story.Member
	At     time.Time
	Page   uint64
	// Late articles are evidence and open nothing.
	Late bool
}

// tally counts words.
type tally map[string]int

func (t tally) add(words []string) tally {
	if t == nil {
		t = tally{}
	}
	for _, w := range words {
		if _, ok := t[w]; ok || len(t) < 512 {
			t[w]++
		}
	}
	return t
}

// common lists the words that a third of n hits and at least two have, most
// frequent first; of a single hit, all.
func (t tally) common(n, most int) []string {
	need := max(min(n, 2), (n+2)/3)
	out := []string{}
	for w, c := range t {
		if c >= need {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if t[a] != t[b] {
			return t[b] - t[a]
		}
		return cmp.Compare(a, b)
	})
	return out[:min(most, len(out))]
}

func (s *situation) add(h hit, e *events.Enriched) {
	s.renew(h.At)
	s.hits = append(s.hits, h)
	if len(s.hits) > maxHits {
		s.hits = slices.Delete(s.hits, 1, 2)
	}
	var names, topics []string
	for _, x := range e.Entities {
		names = append(names, x.Name)
	}
	for _, x := range e.Topics {
		topics = append(topics, x.Topic)
	}
	s.names = s.names.add(unique(names))
	s.topics = s.topics.add(unique(topics))
}

// renew makes a watch by query forget what left the window, so that what comes
// later is a new situation. By story, the situation goes with its story.
func (s *situation) renew(now time.Time) {
	if s.story != nil || s.alert.living() {
		return
	}
	if s.alert != nil && now.Sub(s.alert.At) >= story.Window {
		s.alert, s.hits, s.names, s.topics = nil, nil, nil, nil
	}
	if s.alert == nil {
		s.hits = slices.DeleteFunc(s.hits, func(h hit) bool { return now.Sub(h.At) >= story.Window })
	}
}

func unique(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// sum is what a set of hits amounts to.
type sum struct {
	articles int // pages
	origins  []string
	trusted  int // origins that a trusted publisher carries
}

// sum counts the pages and independent origins of the hits since a time. Late
// ones count only where all of the evidence is asked for.
func (s *situation) sum(d *Detector, since time.Time, late bool) sum {
	pages := map[uint64]bool{}
	origins := map[string]bool{}
	for _, h := range s.hits {
		if h.Member.Gone || h.At.Before(since) || (h.Late && !late) || s.quieted(d, h) {
			continue
		}
		pages[h.Page] = true
		o := d.originOf(h.Member)
		origins[o] = origins[o] || h.Member.Trusted
	}
	out := sum{articles: len(pages)}
	for o, trusted := range origins {
		out.origins = append(out.origins, o)
		if trusted {
			out.trusted++
		}
	}
	slices.Sort(out.origins)
	return out
}

// originOf is the origin that an article counts towards in its story of now.
func (d *Detector) originOf(m *story.Member) string {
	if s, ok := d.stories.StoryOf(m.ID); ok {
		return s.Origin(m)
	}
	return m.Source
}

// quieted reports whether an article of a watch by query is already told by
// the alert of its story.
func (s *situation) quieted(d *Detector, h hit) bool {
	if s.story != nil {
		return false
	}
	of, ok := d.stories.StoryOf(h.Member.ID)
	return ok && d.alerted(of)
}

// alerted reports whether a story has a living alert of its own.
func (d *Detector) alerted(of *story.Story) bool {
	for _, r := range d.rules {
		if s, ok := r.cases[of.Seq+1]; ok && s.alert.living() {
			return true
		}
	}
	return false
}

// expectation is what the watch's baseline expects of its window.
func (s *situation) expectation(d *Detector) burst.Expectation {
	return s.rule.base.Expect(d.clock.now, s.rule.watch.When.Within, &d.rhythm)
}
