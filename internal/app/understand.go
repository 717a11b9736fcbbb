package app

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/lang"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Understanding is what the enricher judges with. It can be loaded anew while
// it runs: an article is judged wholly by the old or wholly by the new.
type Understanding struct {
	now atomic.Pointer[understood]
}

type understood struct {
	enricher enrich.Enricher
	base     *entity.Base
	taxonomy *topic.Taxonomy
}

// Understand loads the knowledge base and the taxonomy with the files that c
// adds to them.
func Understand(c Config) (*Understanding, error) {
	x, err := understand(c)
	if err != nil {
		return nil, err
	}
	u := new(Understanding)
	u.now.Store(x)
	return u, nil
}

func understand(c Config) (*understood, error) {
	if c.Understanding != nil && len(c.EntityFiles) == 0 && len(c.TopicFiles) == 0 {
		return c.Understanding.now.Load(), nil
	}
	var x understood
	var model *tagger.Model
	var g errgroup.Group // each takes a good part of a second
	g.Go(func() (err error) { x.base, err = loadBase(c); return err })
	g.Go(func() (err error) { model, err = entity.Tagger(); return err })
	g.Go(func() (err error) { x.taxonomy, err = loadTaxonomy(c); return err })
	g.Go(func() error { lang.Load(); return nil })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	x.enricher = enrich.Enricher{Entities: &entity.Finder{Base: x.base, Tagger: model}, Topics: x.taxonomy}
	return &x, nil
}

func loadBase(c Config) (*entity.Base, error) {
	base, err := entity.Builtin()
	if err != nil {
		return nil, err
	}
	files, err := c.Glob("entity_files", c.EntityFiles)
	if err != nil {
		return nil, err
	}
	var facts []entity.File
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read entities: %w", err)
		}
		facts = append(facts, entity.File{Name: path, Data: data})
	}
	return base.With(facts...)
}

func loadTaxonomy(c Config) (*topic.Taxonomy, error) {
	files, err := c.Glob("topic_files", c.TopicFiles)
	if err != nil {
		return nil, err
	}
	var rules []topic.File
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read topics: %w", err)
		}
		rules = append(rules, topic.File{Name: filepath.ToSlash(path), Data: data})
	}
	return topic.Load(rules...)
}

// Enrich judges a.
func (u *Understanding) Enrich(a events.Article) events.Enriched {
	return u.now.Load().enricher.Enrich(a)
}

// Taxonomy is the taxonomy of now.
func (u *Understanding) Taxonomy() *topic.Taxonomy { return u.now.Load().taxonomy }

// Base is the knowledge base of now.
func (u *Understanding) Base() *entity.Base { return u.now.Load().base }
