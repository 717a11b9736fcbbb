package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/watch"
)

// rulebook is what the fold decides by, besides the articles. The same articles
// give the same alerts only under the same rulebooks from the same positions
// on: see [books].
type rulebook struct {
	Watches    []watch.Watch      `json:"watches"`
	Publishers []origin.Publisher `json:"publishers,omitempty"`
	MaxOrigins int                `json:"max_origins,omitempty"`
}

// rulebook is what c and watches have the fold decide by.
func (c Config) rulebook(watches []watch.Watch) rulebook {
	return rulebook{Watches: watches, Publishers: c.publishers(), MaxOrigins: c.MaxOrigins}
}

// id is the same for rulebooks that decide the same.
func (r rulebook) id() string {
	lines := make([]string, 0, len(r.Watches)+len(r.Publishers))
	for i := range r.Watches {
		w := &r.Watches[i]
		lines = append(lines, fmt.Sprintf("%s\n%s\n%s", w.Name, w.Group, w.Hash()))
	}
	slices.Sort(lines)
	for _, p := range r.Publishers { // of two that speak of one source, the later counts
		lines = append(lines, fmt.Sprintf("%+v", p))
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d\n%s", r.MaxOrigins, strings.Join(lines, "\n"))))
	return hex.EncodeToString(sum[:16])
}

// config is r as the detector takes it.
func (r rulebook) config() (detect.Config, error) {
	shipped, err := origin.Shipped()
	if err != nil {
		return detect.Config{}, err
	}
	return detect.Config{Watches: r.Watches, Families: shipped.With(r.Publishers), MaxOrigins: r.MaxOrigins}, nil
}

// detector makes a detector that decides by r.
func (r rulebook) detector() (*detect.Detector, error) {
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	return detect.New(cfg)
}
