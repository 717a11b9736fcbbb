package detect

import (
	"cmp"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// rule is a watch and what it has counted.
type rule struct {
	watch watch.Watch
	hash  string
	base  burst.Series
	// recent are the watch's latest matches, whatever their story.
	recent []tick
	// cases are its situations by story (by 0 for a watch by query).
	cases map[uint64]*situation
}

// tick is a match that a baseline counts: one for each version of a page.
type tick struct {
	Page uint64
	At   time.Time
}

// adopt takes over what the watch of the same name had before a change.
func (r *rule) adopt(old *rule) {
	if old.watch.By != r.watch.By {
		return
	}
	r.cases = old.cases
	for _, s := range r.cases {
		s.rule = r
	}
	if old.hash == r.hash {
		r.base, r.recent = old.base, old.recent
	}
}

// begin says that the baseline counts from now on, where the stream is older.
func (r *rule) begin(now time.Time) {
	if !now.IsZero() {
		r.base.Begin(now)
	}
}

// follows reports whether the watch has seen an article of the story before.
func (r *rule) follows(of *story.Story) bool {
	if r.watch.By != watch.ByStory {
		return false
	}
	_, ok := r.cases[of.Seq+1]
	return ok
}

// count takes an article into account and decides: one that matches the
// watch, or one that joined a story that the watch follows.
func (r *rule) count(out []events.Alert, d *Detector, p story.Placement, e *events.Enriched, at time.Time, matches bool) []events.Alert {
	a := &e.Article
	s := r.situation(p.Story)
	if len(s.hits) == 0 && s.story != nil {
		s.before(p.Member, d.clock.now.Add(-r.watch.When.Within))
	}
	late := s.closedFor(a.EventTime(), at)
	s.add(hit{
		Member: p.Member, At: at, Page: page(a.URL, a.ID), Late: late, Match: matches,
		Names: readNames(e), Topics: readTopics(e),
	})
	switch {
	case late:
		d.counts.Late++
	case matches && r.fresh(page(a.URL, a.ID), at):
		r.base.Add(at, xxhash.Sum64String(a.Source), p.Member.Trusted)
		r.recent = append(r.recent, tick{page(a.URL, a.ID), at})
	}
	r.slide(d.clock.now)
	return s.decide(out, d)
}

// fresh reports whether an article counts: it is not the same page again, a
// moment later.
func (r *rule) fresh(page uint64, at time.Time) bool {
	for i := len(r.recent) - 1; i >= 0 && at.Sub(r.recent[i].At) < rewritten; i-- {
		if r.recent[i].Page == page {
			return false
		}
	}
	return true
}

// slide lets go of the matches too old to be asked for again.
func (r *rule) slide(now time.Time) {
	n := 0
	for n < len(r.recent) && now.Sub(r.recent[n].At) >= rewritten {
		n++
	}
	r.recent = r.recent[n:]
}

// page identifies what counts once: a page, whatever its versions.
func page(url, id string) uint64 {
	if url == "" {
		return xxhash.Sum64String(id)
	}
	return xxhash.Sum64String(url)
}

// situation returns the one that an article of the story belongs to.
func (r *rule) situation(of *story.Story) *situation {
	k := caseKey(r, of)
	s, ok := r.cases[k]
	if !ok {
		s = &situation{rule: r}
		if r.watch.By == watch.ByStory {
			s.story = of
		}
		r.cases[k] = s
	}
	return s
}

// caseKey is the story's number, counted from 1; 0 stands for no story.
func caseKey(r *rule, of *story.Story) uint64 {
	if r.watch.By != watch.ByStory {
		return 0
	}
	return of.Seq + 1
}

// sorted lists the situations in the order of their stories.
func (r *rule) sorted() []*situation {
	keys := make([]uint64, 0, len(r.cases))
	for k := range r.cases {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare)
	out := make([]*situation, len(keys))
	for i, k := range keys {
		out[i] = r.cases[k]
	}
	return out
}
