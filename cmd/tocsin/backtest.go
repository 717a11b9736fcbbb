package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type backtestCmd struct {
	Files      []string `arg:"" optional:"" name:"file" help:"Article or Enriched lines in the order of their time; - or none is standard input."`
	Watches    []string `short:"w" placeholder:"FILE" sep:"none" help:"Watch files."`
	Pack       bool     `help:"Run the shipped watches."`
	Stories    string   `placeholder:"FILE" help:"Write {\"article_id\",\"story_id\"} lines there."`
	MaxOrigins int      `placeholder:"N" help:"Ask watches for N origins where they ask for more, for streams of few sources."`
	Misses     bool     `help:"Tell on standard error what nearly became an alert."`
}

func (backtestCmd) Help() string {
	return `The same code that runs live, over history: the same articles and watches give the same
alerts, byte for byte. The stream time is each article's fetched_at, else its published_at.

  tocsin backtest --pack history.jsonl.gz
  tocsin backtest --watches watches/nato.yaml --max-origins 1 history.jsonl`
}

// either is an Article line or an Enriched line.
type either struct {
	article  events.Article
	enriched *events.Enriched
}

func (e *either) UnmarshalJSON(b []byte) error {
	var probe struct {
		Article json.RawMessage `json:"article"`
	}
	if err := json.Unmarshal(b, &probe); err != nil {
		return err
	}
	if probe.Article == nil {
		return json.Unmarshal(b, &e.article)
	}
	e.enriched = new(events.Enriched)
	return json.Unmarshal(b, e.enriched)
}

func (c backtestCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	d, err := c.detector(cfg)
	if err != nil {
		return err
	}
	u, err := app.Understand(cfg)
	if err != nil {
		return usageError{err}
	}
	b := backtest{detector: d, alerts: newWriter(std.out), std: std}
	if c.Stories != "" {
		f, err := os.Create(c.Stories)
		if err != nil {
			return usageError{err}
		}
		defer f.Close()
		w := newWriter(f)
		b.stories = &w
	}
	side := sideBySide{enrich: u.Enrich, take: b.take}
	ok, err := eachLine(std, c.Files, func(e either) error {
		if e.enriched != nil {
			if err := side.flush(); err != nil {
				return err
			}
			return b.take(*e.enriched)
		}
		source.Complete(&e.article)
		return side.add(e.article)
	})
	if err == nil {
		err = side.flush()
	}
	if err == nil && b.stories != nil {
		err = b.stories.done(true, nil)
	}
	if c.Misses {
		for _, m := range d.NearMisses() {
			fmt.Fprintf(std.err, "%s  %s  %s: %s\n", m.At.Format("2006-01-02 15:04"), m.Watch, m.Headline, m.Lacks)
		}
	}
	return b.alerts.done(ok && b.good(), err)
}

func (c backtestCmd) detector(cfg app.Config) (*detect.Detector, error) {
	if c.MaxOrigins < 0 {
		return nil, usage("backtest: --max-origins is negative")
	}
	if c.MaxOrigins > 0 {
		cfg.MaxOrigins = c.MaxOrigins
	}
	watches, err := c.watches(cfg)
	if err != nil {
		return nil, usageError{err}
	}
	d, err := cfg.Detector(watches)
	if err != nil {
		return nil, usageError{err}
	}
	return d, nil
}

func (c backtestCmd) watches(cfg app.Config) ([]watch.Watch, error) {
	if !c.Pack && len(c.Watches) == 0 {
		return cfg.Watches()
	}
	ws, err := loadWatches(c.Watches)
	if err != nil || !c.Pack {
		return ws, err
	}
	shipped, err := pack.Watches()
	return append(shipped, ws...), err
}

// backtest folds articles and writes what is decided.
type backtest struct {
	detector *detect.Detector
	alerts   writer
	stories  *writer
	std      stdio
	undated  int
}

func (b *backtest) take(e events.Enriched) error {
	if e.Article.StreamTime().IsZero() {
		b.undated++
		if b.undated <= 10 {
			fmt.Fprintf(b.std.err, "tocsin: article %s has neither fetched_at nor published_at: left out\n", e.Article.ID)
		}
		return nil
	}
	for _, a := range b.detector.Apply(e, 0) {
		if err := b.alerts.write(a); err != nil {
			return err
		}
	}
	if b.stories == nil {
		return nil
	}
	for _, s := range b.detector.Assigned() {
		if err := b.stories.write(map[string]string{"article_id": s.Article, "story_id": s.Story}); err != nil {
			return err
		}
	}
	return nil
}

// good reports whether every article could be taken.
func (b *backtest) good() bool {
	if b.undated > 10 {
		fmt.Fprintf(b.std.err, "tocsin: %d articles without a time were left out\n", b.undated)
	}
	return b.undated == 0
}
