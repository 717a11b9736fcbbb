package app

import (
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/watch"
)

// Families are the shipped publisher families, overruled by what the
// configured sources say of theirs.
func (c Config) Families() (*origin.Families, error) {
	shipped, err := origin.Shipped()
	if err != nil {
		return nil, err
	}
	return shipped.With(c.publishers()), nil
}

// Detector makes a detector of watches, as the alerter runs it.
func (c Config) Detector(watches []watch.Watch) (*detect.Detector, error) {
	return c.rulebook(watches).detector()
}
