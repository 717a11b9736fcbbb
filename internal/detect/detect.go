// Package detect turns enriched articles into alerts. It is a fold over the
// ENRICHED stream in its order: the same articles give the same alerts, byte
// for byte, whether they come live, again, or after a restart. It knows
// stories, watches, origins and baselines; it knows no broker, no clock of its
// own, and nobody who is told.
//
// What changes an alert is stated as a version: opened, updated, escalated,
// resolved. Versions of an alert have no gap, and no two articles make one
// twice.
//
// A changed set of watches ([Detector.Set]) counts from the next article on. A watch that keeps its name keeps its living alerts, and, while
// its clauses stay the same, its baseline. Watches are no part of the stream:
// a replay gives the same alerts where it is given the same watches at the
// same position.
package detect

import (
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Config is what a detector is made of. Families nil means the shipped ones.
type Config struct {
	Watches  []watch.Watch
	Families *origin.Families
	// MaxOrigins, when above 0, asks watches for that many origins where they
	// ask for more: for streams of few sources.
	MaxOrigins int
	// UpdateEvery is the least stream time between two updates of an alert that
	// neither escalates nor gains origins; 0 means [DefaultUpdateEvery].
	UpdateEvery time.Duration
}

// DefaultUpdateEvery is how often an alert that only grows is stated again.
const DefaultUpdateEvery = 15 * time.Minute

// Detector is the fold's state. It is for one goroutine at a time.
type Detector struct {
	cfg      Config
	families *origin.Families
	weights  story.Weights

	set      *watch.Set
	rules    []*rule // by name
	position uint64
	clock    clock
	seen     memory
	stories  *story.Clusterer
	rhythm   burst.Rhythm
	series   burst.Monitor
	due      time.Time // before this, no living alert can fall silent
	owed     time.Time // before this, no living alert has an update to tell
	counts   Counts
	misses   []NearMiss
	scratch  tallies
}

// Counts says what became of the articles.
type Counts struct {
	// Considered articles were new; Duplicates were seen before; Stale were
	// older than the window.
	Considered, Duplicates, Stale uint64
	// Late articles joined a story whose window had closed, and did not fire it
	// again; each counts once for every watch that it is late for.
	Late uint64
}

// New returns a detector at the beginning of the stream.
func New(cfg Config) (*Detector, error) {
	weights, err := story.ShippedWeights()
	if err != nil {
		return nil, err
	}
	d := &Detector{weights: weights, stories: story.New(weights)}
	return d, d.Set(cfg)
}

// Apply takes the next article of the stream, and its sequence there (0 where
// there is none), and returns the alert versions that it decided, in order. An
// article or a sequence seen before decides nothing.
func (d *Detector) Apply(e events.Enriched, seq uint64) []events.Alert {
	if seq != 0 {
		if seq <= d.position {
			return nil
		}
		d.position = seq
	}
	a := &e.Article
	if d.seen.has(a.ID) {
		d.counts.Duplicates++
		return nil
	}
	at := d.clock.move(*a)
	if d.clock.now.Sub(at) >= story.Window {
		d.counts.Stale++
		return nil
	}
	d.seen.add(a.ID, d.clock.now)
	d.counts.Considered++

	doc := token.Of(a.Title, a.Text)
	family := d.families.Find(a.Source)
	item := story.ItemOf(e, doc, at)
	item.Family, item.Agency = family, agency(e)
	d.rhythm.Add(at)
	d.measure(&e, family, at)
	place := d.stories.Add(item)

	var out []events.Alert
	out = d.followMerges(out, place)
	d.followSplit(place)
	v := d.set.View(&e, doc, query.Source{Country: family.Country, Tier: family.Tier, Family: family.Key})
	out = d.ask(out, v, place, &e, at)
	out = d.tell(out)
	out = d.expire(out)
	for _, gone := range d.stories.Evict(d.clock.now) {
		out = d.forget(out, gone)
	}
	return out
}

// ask hands the article to the watches that match it or follow its story:
// watches by story first, so that what a story's alert tells quiets the others.
func (d *Detector) ask(out []events.Alert, v *query.View, p story.Placement, e *events.Enriched, at time.Time) []events.Alert {
	matched := d.set.Match(v) // by name, as the rules are
	var byQuery []*rule
	for _, r := range d.rules {
		matches := len(matched) > 0 && matched[0].Watch.Name == r.watch.Name
		if matches {
			matched = matched[1:]
		}
		switch {
		case matches && r.watch.By != watch.ByStory:
			byQuery = append(byQuery, r)
		case matches || r.follows(p.Story):
			out = r.count(out, d, p, e, at, matches)
		}
	}
	for _, r := range byQuery {
		out = r.count(out, d, p, e, at, true)
	}
	return out
}

// agency is the agency that an article is credited to, as a family's key.
func agency(e events.Enriched) string {
	switch {
	case e.Article.Origin != "":
		return e.Article.Origin
	case e.Origin != nil:
		return e.Origin.Key
	}
	if key, ok := origin.Byline(e.Article.Authors); ok {
		return key
	}
	return ""
}

// Position is the sequence of the last article that the state reflects.
func (d *Detector) Position() uint64 { return d.position }

// Now is the stream's time.
func (d *Detector) Now() time.Time { return d.clock.now }

// Counts says what became of the articles so far.
func (d *Detector) Counts() Counts { return d.counts }

// SetWatches takes ws in place of all watches, whole or not at all. Alerts of
// a watch that is gone end without another version.
func (d *Detector) SetWatches(ws []watch.Watch) error {
	cfg := d.cfg
	cfg.Watches = ws
	return d.Set(cfg)
}

// Set takes cfg in place of what the detector was made of, whole or not at
// all, for the articles that come. What it has seen stays as it was judged.
func (d *Detector) Set(cfg Config) error {
	relaxed := make([]watch.Watch, len(cfg.Watches))
	for i, w := range cfg.Watches {
		relaxed[i] = relax(w, cfg.MaxOrigins)
	}
	set, err := watch.NewSet(relaxed)
	if err != nil {
		return fmt.Errorf("set watches: %w", err)
	}
	families := cfg.Families
	if families == nil {
		if families, err = origin.Shipped(); err != nil {
			return err
		}
	}
	if cfg.UpdateEvery <= 0 {
		cfg.UpdateEvery = DefaultUpdateEvery
	}
	d.cfg, d.families = cfg, families
	old := d.rules
	d.set, d.rules = set, nil
	for _, w := range set.Watches() {
		r := &rule{watch: w, hash: w.Hash(), cases: map[uint64]*situation{}}
		if i := slices.IndexFunc(old, func(o *rule) bool { return o.watch.Name == w.Name }); i >= 0 {
			r.adopt(old[i])
		}
		if !slices.ContainsFunc(old, func(o *rule) bool { return o.watch.Name == w.Name && o.hash == r.hash }) {
			r.begin(d.clock.now)
		}
		d.rules = append(d.rules, r)
	}
	d.detach()
	return nil
}

// relax asks a watch for at most that many origins. As many articles as it
// wanted origins must then stand in for them: one headline is no cluster.
func relax(w watch.Watch, origins int) watch.Watch {
	out := w.Relaxed(origins)
	if out.When.Origins < w.When.Origins {
		out.When.Articles = max(out.When.Articles, w.When.Origins)
	}
	return out
}

// rule returns the rule of a watch; the rules are sorted by name.
func (d *Detector) rule(name string) *rule {
	i, ok := slices.BinarySearchFunc(d.rules, name, func(r *rule, n string) int {
		switch {
		case r.watch.Name < n:
			return -1
		case r.watch.Name > n:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return d.rules[i]
}
