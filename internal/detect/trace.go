package detect

import (
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Trace is what the fold made of one article, as far as it still knows.
type Trace struct {
	// Considered is whether the article was new when it came; one that is not
	// known here was not considered, or left the window.
	Considered bool
	// Story is the story that it is in now, with its members; nil for none.
	Story *StoryView
	// Evidence is the article as the story counts it.
	Evidence events.Evidence
	// Trusted is whether its publisher is known and trusted.
	Trusted bool
	// Watches are those that took it into account.
	Watches []Tracking
}

// Tracking is what one watch made of an article.
type Tracking struct {
	Watch string
	// Match reports that the article itself matches; else it came with its story.
	Match bool
	// Late articles are evidence, and never fire a window that has closed.
	Late bool
	// Clauses are what the watch asks of the situation, and what there is now.
	Clauses []Clause
	// Alert is the alert that it went into, with its state; "" for none.
	Alert, State string
}

// Trace follows one article through the fold. It is not for two goroutines at
// once.
func (d *Detector) Trace(articleID string) Trace {
	t := Trace{Considered: d.seen.has(articleID)}
	s, ok := d.stories.StoryOf(articleID)
	if !ok {
		return t
	}
	v, _ := d.Story(s.ID)
	t.Considered, t.Story = true, &v
	for i, m := range s.Members {
		if m.ID == articleID {
			t.Evidence, t.Trusted = v.Members[i], m.Trusted
		}
	}
	for _, r := range d.rules {
		for _, s := range r.sorted() {
			if k, ok := s.tracking(d, articleID); ok {
				t.Watches = append(t.Watches, k)
			}
		}
	}
	return t
}

func (s *situation) tracking(d *Detector, articleID string) (Tracking, bool) {
	for _, h := range s.hits {
		if h.Member.ID != articleID {
			continue
		}
		k := Tracking{Watch: s.rule.watch.Name, Match: h.Match, Late: h.Late}
		if s.alert != nil {
			k.Alert, k.State = s.alert.ID, s.alert.State
		}
		if s.alert.living() {
			k.Clauses = s.alert.Clauses
		} else {
			k.Clauses = s.look(d).clauses(&s.rule.watch)
		}
		return k, true
	}
	return Tracking{}, false
}
