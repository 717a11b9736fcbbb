package detect

import (
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// An alert that grows is not stated again for each article. What is held back
// is told when the time between two updates is over, with the next article of
// the stream, whatever that is about: an alert must not wait for its next
// article to tell of the last.

// owe notes that the living alert has something to tell.
func (s *situation) owe(d *Detector) {
	if !s.alert.Due.IsZero() {
		return
	}
	wait := d.cfg.UpdateEvery
	if s.story == nil {
		wait = instalmentLatest
	}
	s.alert.Due = s.alert.At.Add(wait)
	if d.owed.IsZero() || s.alert.Due.Before(d.owed) {
		d.owed = s.alert.Due
	}
}

// tell states the updates that are owed.
func (d *Detector) tell(out []events.Alert) []events.Alert {
	if d.owed.IsZero() || d.clock.now.Before(d.owed) {
		return out
	}
	d.owed = time.Time{}
	for _, r := range d.rules {
		for _, s := range r.owing() {
			if s.alert.Due.After(d.clock.now) {
				if d.owed.IsZero() || s.alert.Due.Before(d.owed) {
					d.owed = s.alert.Due
				}
				continue
			}
			v := s.look(d)
			s.alert.Known = d.origins()
			if !s.material(d, v) {
				s.alert.Due = time.Time{}
				continue
			}
			out = append(out, s.state(d, v, events.Updated, s.changes(d, v)))
		}
	}
	return out
}

// owing are the situations that have an update to tell, in the order of their
// stories.
func (r *rule) owing() []*situation {
	var out []*situation
	for _, s := range r.cases {
		if s.alert.living() && !s.alert.Due.IsZero() {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *situation) int { return seqOf(a) - seqOf(b) })
	return out
}

func seqOf(s *situation) int {
	if s.story == nil {
		return 0
	}
	return int(s.story.Seq) + 1
}
