package detect

import (
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of the series that one article moves: the first entities, which the
// title and lead name, and their pairs.
const (
	seriesNames  = 6
	seriesTopics = 4
)

// measure counts the article in the series of its topics, entities, places and
// pairs of them.
func (d *Detector) measure(e *events.Enriched, family origin.Family, at time.Time) {
	source := xxhash.Sum64String(e.Article.Source)
	var keys []string
	for i := range e.Entities {
		x := &e.Entities[i]
		if x.ID == "" {
			continue
		}
		kind := "entity:"
		if x.Kind == events.Location {
			kind = "place:"
		}
		if keys = append(keys, kind+x.Name); len(keys) == seriesNames {
			break
		}
	}
	for i := range e.Topics[:min(seriesTopics, len(e.Topics))] {
		keys = append(keys, "topic:"+e.Topics[i].Topic)
	}
	for i, a := range keys {
		d.series.Add(a, at, source, family.Trusted())
		for _, b := range keys[:i] {
			if a != b {
				d.series.Add(burst.Pair(a, b), at, source, family.Trusted())
			}
		}
	}
}

// Bursts lists the topics, entities, places and pairs of them that are louder
// in the window before the stream's time than their baselines explain, at a
// false discovery rate of 5 %, most surprising first. cold reports that the
// history is too short to tell; days, how much of the last 28 days it covers.
func (d *Detector) Bursts(window time.Duration) (found []burst.Burst, days int, cold bool) {
	found, cold = d.series.Bursts(d.clock.now, window, 0.05, &d.rhythm)
	return found, d.rhythm.Covered(d.clock.now), cold
}
