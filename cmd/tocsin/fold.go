package main

import (
	"time"

	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// fold puts a history through a detector and notes in a log what comes of it.
type fold struct {
	detector *detect.Detector
	log      *report.Log
	// bursts asks at the end of each day what was loud in it.
	bursts bool
	today  time.Time
}

// take applies e, and returns the decisions that count.
func (f *fold) take(e *events.Enriched) []events.Alert {
	today := e.Article.StreamTime().UTC().Truncate(24 * time.Hour)
	if today.After(f.today) {
		f.look()
		f.today = today
	}
	f.log.Article(&e.Article)
	var out []events.Alert
	for _, a := range f.detector.Apply(*e, 0) {
		if f.log.Decided(a) {
			out = append(out, a)
		}
	}
	return out
}

// look notes what only shows between the articles. The detector keeps the
// latest near misses, so they are asked for day by day.
func (f *fold) look() {
	if f.today.IsZero() {
		return
	}
	for _, m := range f.detector.NearMisses() {
		f.log.Missed(report.Miss(m))
	}
	if f.bursts {
		found, _, _ := f.detector.Bursts(24 * time.Hour)
		f.log.Loud(f.detector.Now(), found)
	}
}
