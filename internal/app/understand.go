package app

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
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
	if base, err = base.With(facts...); err != nil {
		return nil, err
	}
	tagger, err := entity.Tagger()
	if err != nil {
		return nil, err
	}
	taxonomy, err := loadTaxonomy(c)
	if err != nil {
		return nil, err
	}
	return &understood{
		enricher: enrich.Enricher{Entities: &entity.Finder{Base: base, Tagger: tagger}, Topics: taxonomy},
		base:     base, taxonomy: taxonomy,
	}, nil
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
