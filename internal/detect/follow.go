package detect

import (
	"fmt"
	"slices"

	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// followMerges moves what the watches saw of an absorbed story to the story
// that it turned out to be. Where both had a living alert, the younger one is
// resolved: one situation is one living alert.
func (d *Detector) followMerges(out []events.Alert, p story.Placement) []events.Alert {
	for _, from := range p.Absorbed {
		for _, r := range d.rules {
			s, ok := r.cases[from.Seq+1]
			if !ok || r.watch.By != watch.ByStory {
				continue
			}
			delete(r.cases, from.Seq+1)
			into, ok := r.cases[p.Story.Seq+1]
			if !ok {
				s.story = p.Story
				r.cases[p.Story.Seq+1] = s
				continue
			}
			if s.alert.living() && into.alert.living() {
				if s.alert.Opened.Before(into.alert.Opened) {
					s.alert, into.alert = into.alert, s.alert
				}
				s.story = p.Story
				out = append(out, s.resolve(d, "its story is the same as that of alert "+into.alert.ID))
			} else if into.alert == nil || (!into.alert.living() && s.alert.living()) {
				into.alert = s.alert
			}
			into.take(s)
		}
	}
	if len(p.Absorbed) > 0 {
		out = d.unite(out, p.Story)
	}
	return out
}

// take adds the hits of another situation.
func (s *situation) take(o *situation) {
	s.hits = append(s.hits, o.hits...)
	slices.SortStableFunc(s.hits, func(a, b hit) int { return a.At.Compare(b.At) })
	if n := len(s.hits) - maxHits; n > 0 {
		s.hits = slices.Delete(s.hits, 1, 1+n)
	}
}

// followSplit moves the hits of the articles that left a story with it. The
// alert stays with the story that it was opened for.
func (d *Detector) followSplit(p story.Placement) {
	if p.Split == nil {
		return
	}
	older, younger := p.Story, p.Split
	if older.Seq > younger.Seq {
		older, younger = younger, older
	}
	for _, r := range d.rules {
		s, ok := r.cases[older.Seq+1]
		if !ok || r.watch.By != watch.ByStory {
			continue
		}
		left := &situation{rule: r, story: younger}
		s.hits = slices.DeleteFunc(s.hits, func(h hit) bool {
			of, ok := d.stories.StoryOf(h.Member.ID)
			if ok && of == younger {
				left.hits = append(left.hits, h)
				return true
			}
			return false
		})
		if len(left.hits) > 0 {
			r.cases[younger.Seq+1] = left
		}
	}
}

// forget ends what the watches saw of a story that left the window.
func (d *Detector) forget(out []events.Alert, gone *story.Story) []events.Alert {
	for _, r := range d.rules {
		s, ok := r.cases[gone.Seq+1]
		if !ok || r.watch.By != watch.ByStory {
			continue
		}
		if s.alert.living() {
			out = append(out, s.resolve(d, fmt.Sprintf("the story has been silent for %s", watch.FormatDuration(story.Window))))
		}
		delete(r.cases, gone.Seq+1)
	}
	return out
}
