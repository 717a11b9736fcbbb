package detect

import (
	"maps"
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
	alert *life
}

// hit is an article that counts for the watch: it matches, or it is of a story
// that the watch follows.
type hit struct {
	Member *story.Member
	At     time.Time
	Page   uint64
	// Late articles tell of a time whose window has closed: they are evidence,
	// and never fire it again.
	Late bool
	// Match reports that the article itself matches the watch.
	Match bool
	// Names and Topics are the article's entities and topics.
	Names, Topics []string
}

func (s *situation) add(h hit) {
	s.renew(h.At)
	s.hits = append(s.hits, h)
	if len(s.hits) > maxHits {
		s.hits = slices.Delete(s.hits, 1, 2)
	}
}

// ordinary is how long after its own date an article may be fetched without
// being late.
const ordinary = time.Hour

// closedFor reports whether an article, by its own date, belongs to a window
// that has closed: one before the alert was last resolved, or one in which the
// story was already told and did not open an alert. A date never opens a
// window and never closes one; all that it can do is keep a closed one closed.
func (s *situation) closedFor(event, at time.Time) bool {
	within := s.rule.watch.When.Within
	switch {
	case at.Sub(event) <= ordinary:
		return false
	case s.alert != nil && s.alert.State == events.Resolved && event.Before(s.alert.At):
		return true
	}
	return event.Before(at.Add(-within)) && len(s.hits) > 0 && s.hits[0].At.Before(at.Add(-within)) && !s.alert.living()
}

// renew makes a watch by query forget what left the window, so that what comes
// later is a new situation. By story, the situation goes with its story.
func (s *situation) renew(now time.Time) {
	if s.story != nil || s.alert.living() {
		return
	}
	if s.alert != nil && now.Sub(s.alert.At) >= story.Window {
		s.alert, s.hits = nil, nil
	}
	if s.alert == nil {
		s.hits = slices.DeleteFunc(s.hits, func(h hit) bool { return now.Sub(h.At) >= story.Window })
	}
}

// sum is what a set of hits amounts to.
type sum struct {
	articles int
	origins  int
	trusted  int // origins that a trusted publisher carries
	matched  int // of the articles, those that match themselves
}

// rewritten is after how long another version of a page counts as another
// article: a page that is written again and again is a happening that goes on.
// It never adds an origin.
const rewritten = 10 * time.Minute

// tallies are kept between sums, to be filled anew.
type tallies struct {
	pages   map[uint64]time.Time
	origins map[string]bool // whether a trusted publisher carries it
}

// sum counts the articles and independent origins of the hits since a time.
// Late ones count only where all of the evidence is asked for.
//
// In a story of which a third matches, all articles count: that the happening
// is the watch's is clear, and not every headline repeats its words. In any
// other only those that match themselves do.
func (s *situation) sum(d *Detector, since time.Time, late bool) sum {
	if d.scratch.pages == nil {
		d.scratch = tallies{map[uint64]time.Time{}, map[string]bool{}}
	}
	pages, origins := d.scratch.pages, d.scratch.origins
	clear(pages)
	clear(origins)
	var out sum
	all := s.about()
	for i := range s.hits {
		h := &s.hits[i]
		if h.Member.Gone || h.At.Before(since) || (h.Late && !late) || (!h.Match && !all) || s.quieted(d, h) {
			continue
		}
		if last, ok := pages[h.Page]; !ok || h.At.Sub(last) >= rewritten {
			pages[h.Page] = h.At
			out.articles++
			if h.Match {
				out.matched++
			}
		}
		o := s.originOf(d, h.Member)
		if trusted, ok := origins[o]; !ok || (h.Member.Trusted && !trusted) {
			origins[o] = h.Member.Trusted
		}
	}
	out.origins = len(origins)
	for _, trusted := range origins {
		if trusted {
			out.trusted++
		}
	}
	return out
}

// origins lists the origins that the last sum found, in order.
func (d *Detector) origins() []string { return slices.Sorted(maps.Keys(d.scratch.origins)) }

// about reports whether a third of the latest articles match the watch.
func (s *situation) about() bool {
	recent := s.hits[max(0, len(s.hits)-aboutLast):]
	n := 0
	for _, h := range recent {
		if h.Match {
			n++
		}
	}
	return 3*n >= len(recent)
}

const aboutLast = 60

// before takes in the articles of the story that came before the first match,
// as far as they are in the window.
func (s *situation) before(first *story.Member, since time.Time) {
	for _, m := range s.story.Members {
		if m != first && !m.At.Before(since) {
			s.hits = append(s.hits, hit{Member: m, At: m.At, Page: page(m.URL, m.ID)})
		}
	}
	if n := len(s.hits) - aboutLast; n > 0 {
		s.hits = slices.Delete(s.hits, 0, n)
	}
}

// originOf is the origin that an article counts towards in its story of now.
func (s *situation) originOf(d *Detector, m *story.Member) string {
	if s.story != nil {
		return s.story.Origin(m)
	}
	if of, ok := d.stories.StoryOf(m.ID); ok {
		return of.Origin(m)
	}
	return m.Source
}

// quieted reports whether an article of a watch by query is already told by
// the alert of its story.
func (s *situation) quieted(d *Detector, h *hit) bool {
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
