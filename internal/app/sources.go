package app

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/tocsin-news/tocsin/internal/ingest"
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/source/feed"
)

// readSourceFiles adds the sources of source_files: OPML, or YAML with the
// same list as the configuration's own "sources".
func (c *Config) readSourceFiles() error {
	files, err := c.Glob("source_files", c.SourceFiles)
	if err != nil {
		return err
	}
	for _, path := range files {
		more, err := readSources(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, s := range more {
			c.setBy(fmt.Sprintf("sources[%d]", len(c.Sources)), path)
			c.Sources = append(c.Sources, s)
		}
	}
	return nil
}

func readSources(path string) ([]ingest.Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if strings.EqualFold(filepath.Ext(path), ".opml") {
		o, err := feed.ParseOPML(f)
		if err != nil {
			return nil, err
		}
		return fromOPML(o), nil
	}
	var list struct {
		Sources []ingest.Source `yaml:"sources"`
	}
	if err := yaml.NewDecoder(f, yaml.Strict()).Decode(&list); err != nil {
		return nil, fmt.Errorf("%s", strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	return list.Sources, nil
}

// fromOPML makes a source of each feed in a reader's subscription list. Its id
// is the feed's domain; a second feed of one domain takes its path along.
func fromOPML(outlines []feed.Outline) []ingest.Source {
	var out []ingest.Source
	taken := map[string]bool{}
	for _, o := range outlines {
		if o.Feed == "" {
			continue
		}
		id := source.Domain(o.Feed)
		if taken[id] {
			id = strings.Trim(strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(o.Feed, "https://"), "http://"), "/", "-"), "-")
		}
		taken[id] = true
		out = append(out, ingest.Source{ID: strings.ToLower(id), Feed: o.Feed, Title: o.Title, Lang: o.Lang})
	}
	return out
}

// WriteOPML writes the sources that have a feed as a subscription list.
func (c Config) WriteOPML(w io.Writer) error {
	var outlines []feed.Outline
	for _, s := range c.Sources {
		if s.Feed != "" {
			outlines = append(outlines, feed.Outline{Title: cmp.Or(s.Title, s.ID), Feed: s.Feed, Lang: s.Lang})
		}
	}
	return feed.WriteOPML(w, "Tocsin sources", outlines)
}
