package detect

import (
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Explanation is why an alert is what it is, so that a person can check it.
type Explanation struct {
	// Alert is its latest version.
	Alert events.Alert `json:"alert"`
	// Versions are its versions so far, in brief.
	Versions []Version `json:"versions"`
	// Query is what the watch asks for.
	Query string `json:"query"`
	// Clauses are what the watch asks for to open, and what there is now; of a
	// resolved alert, what there was when it was last decided upon.
	Clauses []Clause `json:"clauses"`
	// Origins are the independent origins and the articles of each.
	Origins []OriginCount `json:"origins"`
	// Ignored are articles that added no origin: reprints and copies, each
	// with its reason.
	Ignored []events.Evidence `json:"ignored,omitempty"`
	// Late are articles too old by their own date to count in a window.
	Late []events.Evidence `json:"late,omitempty"`
	// Story is the story's state, where the watch is by story.
	Story *StoryView `json:"story,omitempty"`
	// Baseline says what the expectation rests on.
	Baseline Baseline `json:"baseline"`
	// Missing says what the next level still lacks.
	Missing string `json:"missing,omitempty"`
}

// Clause is one thing that a watch asks for.
type Clause struct {
	Name string `json:"name"`
	Want string `json:"want"`
	Have string `json:"have"`
	Met  bool   `json:"met"`
}

// OriginCount is an independent origin among the evidence.
type OriginCount struct {
	Origin   string `json:"origin"`
	Articles int    `json:"articles"`
	Trusted  bool   `json:"trusted"`
	// First is the id of the article that brought it.
	First string `json:"first"`
}

// Baseline is what a watch's expectation rests on.
type Baseline struct {
	Observed int     `json:"observed"`
	Expected float64 `json:"expected"`
	PValue   float64 `json:"p_value"`
	// Days is how many days of history it covers; Cold, that these are too few.
	Days int  `json:"days"`
	Cold bool `json:"cold"`
}

// Explain explains an alert that is living or was resolved within the window.
func (d *Detector) Explain(alertID string) (Explanation, bool) {
	s, ok := d.find(alertID)
	if !ok {
		return Explanation{}, false
	}
	v, w := s.look(d), &s.rule.watch
	x := Explanation{
		Alert: s.stated(d), Versions: slices.Clone(s.alert.Past), Query: w.Query.Source,
		Clauses: v.clauses(w), Missing: v.missing(d, w, s.alert.Level), Baseline: v.baseline(),
	}
	if !s.alert.living() {
		// What is in the window now says nothing of why there was an alert.
		x.Clauses, x.Baseline = slices.Clone(s.alert.Clauses), s.alert.Baseline
	}
	if s.story != nil {
		sv := d.view(s.story)
		x.Story = &sv
	}
	seen := map[string]int{}
	hits := s.told(d)
	for i, e := range s.evidence(d, hits) {
		if hits[i].Late {
			x.Late = append(x.Late, e)
		}
		at, ok := seen[e.Origin]
		if !ok {
			at = len(x.Origins)
			seen[e.Origin] = at
			x.Origins = append(x.Origins, OriginCount{Origin: e.Origin, First: e.ID})
		} else {
			x.Ignored = append(x.Ignored, e)
		}
		x.Origins[at].Articles++
		fam := d.families.Find(e.Source)
		x.Origins[at].Trusted = x.Origins[at].Trusted || fam.Trusted()
	}
	return x, true
}

func (v view) baseline() Baseline {
	return Baseline{v.window.articles, round(v.expect.Mean), round(v.p), v.expect.Days, v.expect.Cold}
}

func (v view) clauses(w *watch.Watch) []Clause {
	within := " within " + watch.FormatDuration(w.When.Within)
	out := []Clause{{
		"origins", fmt.Sprintf("%d%s", w.When.Origins, within), fmt.Sprint(v.window.origins), v.window.origins >= w.When.Origins,
	}}
	if w.When.Articles > 0 {
		out = append(out, Clause{"articles", fmt.Sprintf("%d%s", w.When.Articles, within), fmt.Sprint(v.window.articles), v.window.articles >= w.When.Articles})
	}
	if w.When.Surprise > 0 {
		have := fmt.Sprintf("p = %.2g: %d where %s were expected", v.p, v.window.articles, number(v.expect.Mean))
		if v.expect.Cold {
			have = fmt.Sprintf("not judged: the baseline covers %s, and %s are needed", plural(v.expect.Days, "day", "days"), inWords(burst.Warm))
		}
		out = append(out, Clause{"surprise", fmt.Sprintf("p ≤ %.2g", w.When.Surprise), have, v.surprises(w.When.Surprise)})
	}
	return out
}

// find returns the situation whose alert has the id.
func (d *Detector) find(alertID string) (*situation, bool) {
	for _, r := range d.rules {
		for _, s := range r.cases {
			if s.alert != nil && s.alert.ID == alertID {
				return s, true
			}
		}
	}
	return nil, false
}

// Alerts lists the latest version of every alert that is living, by the time
// of its opening.
func (d *Detector) Alerts() []events.Alert {
	var found []*situation
	for _, r := range d.rules {
		for _, s := range r.sorted() {
			if s.alert.living() {
				found = append(found, s)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *situation) int { return a.alert.Opened.Compare(b.alert.Opened) })
	out := make([]events.Alert, len(found))
	for i, s := range found {
		out[i] = s.stated(d)
	}
	return out
}

// StoryView is a story as the console and the API show it.
type StoryView struct {
	ID       string            `json:"id"`
	Headline string            `json:"headline"`
	Phase    string            `json:"phase"`
	First    time.Time         `json:"first"`
	Last     time.Time         `json:"last"`
	Articles int               `json:"articles"`
	Origins  int               `json:"origins"`
	Trusted  int               `json:"trusted_origins"`
	Langs    []LangView        `json:"langs"`
	Merged   []string          `json:"merged,omitempty"`
	Audit    []AuditView       `json:"audit,omitempty"`
	Members  []events.Evidence `json:"members,omitempty"`
}

// LangView is a language and when the story was first told in it.
type LangView struct {
	Lang string    `json:"lang"`
	At   time.Time `json:"at"`
}

// AuditView is something that happened to a story.
type AuditView struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

func (d *Detector) view(s *story.Story) StoryView {
	all, trusted := s.Origins()
	v := StoryView{
		ID: s.ID, Headline: s.Headline(d.clock.now.Add(-fresh)), Phase: s.Phase(d.clock.now), First: s.First, Last: s.Last,
		Articles: s.Articles, Origins: all, Trusted: trusted, Merged: slices.Clone(s.Merged), Langs: []LangView{},
	}
	for _, t := range s.Tongues {
		v.Langs = append(v.Langs, LangView(t))
	}
	for _, e := range s.Audit {
		v.Audit = append(v.Audit, AuditView(e))
	}
	return v
}

// Stories lists the living stories of at least that many articles, the latest
// first, without their members.
func (d *Detector) Stories(least int) []StoryView {
	var found []*story.Story
	for _, s := range d.stories.Stories() {
		if s.Articles >= least {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b *story.Story) int { return b.Last.Compare(a.Last) })
	out := make([]StoryView, len(found))
	for i, s := range found {
		out[i] = d.view(s)
	}
	return out
}

// Story returns a living story with its members, also by the id of one that
// was merged into it.
func (d *Detector) Story(id string) (StoryView, bool) {
	s, ok := d.stories.Story(id)
	if !ok {
		return StoryView{}, false
	}
	v := d.view(s)
	for _, m := range s.Members {
		v.Members = append(v.Members, events.Evidence{
			ID: m.ID, Source: m.Source, URL: m.URL, Title: m.Title, PublishedAt: m.Published, Origin: s.Origin(m), Why: m.Why,
		})
	}
	return v, true
}

// StoryOf is the id of the story that an article of the window is in now.
func (d *Detector) StoryOf(articleID string) (string, bool) {
	s, ok := d.stories.StoryOf(articleID)
	if !ok {
		return "", false
	}
	return s.ID, true
}

// Assigned returns which articles the last Apply put into which story: the new
// one, and after a merge or split those that moved. The last one stated of an
// article counts. The slice is good until the next Apply.
func (d *Detector) Assigned() []story.Assignment { return d.stories.Moved() }
