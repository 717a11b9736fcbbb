package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type backtestCmd struct {
	Files      []string `arg:"" optional:"" name:"file" help:"Article or Enriched lines in the order of their time; - or none is standard input."`
	Watches    []string `short:"w" placeholder:"FILE" sep:"none" help:"Watch files."`
	Pack       bool     `help:"Run the shipped watches."`
	From       day      `placeholder:"DAY" help:"The first day that counts; what came before teaches the baselines."`
	To         day      `placeholder:"DAY" help:"The last day."`
	Output     string   `short:"o" enum:"jsonl,summary,html" default:"jsonl" help:"jsonl (Alert lines), summary (a table) or html (a page with a timeline)."`
	Stories    string   `placeholder:"FILE" help:"Write {\"article_id\",\"story_id\"} lines there."`
	MaxOrigins int      `placeholder:"N" help:"Ask watches for N origins where they ask for more, for streams of few sources."`
	Misses     bool     `help:"Tell on standard error what nearly became an alert."`
}

func (backtestCmd) Help() string {
	return `The same code that runs live, over history: the same articles and watches give the same
alerts, byte for byte. The stream time is each article's fetched_at, else its published_at.
The summary and the page set a plain keyword rule beside the alerts.

  tocsin backtest --pack history.jsonl.gz
  tocsin sample | tocsin backtest --pack -o summary
  tocsin backtest --pack -o html history.jsonl > report.html
  tocsin backtest --watches watches/nato.yaml --max-origins 1 --from 2022-02-01 history.jsonl`
}

func (c backtestCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	watches, err := c.watches(cfg)
	if err != nil {
		return usageError{err}
	}
	d, err := detectorOf(cfg, watches, c.MaxOrigins)
	if err != nil {
		return err
	}
	log := &report.Log{Name: c.name(), Since: c.From.Time}
	b := backtest{fold: fold{detector: d, log: log, bursts: c.Output == "html"}, out: newWriter(std.out), quiet: c.Output != "jsonl"}
	if b.quiet {
		own, err := loadWatches(c.Watches)
		if err != nil {
			return usageError{err}
		}
		log.Beside(report.PlainWords(own))
	}
	if c.Stories != "" {
		f, err := os.Create(c.Stories)
		if err != nil {
			return usageError{err}
		}
		defer f.Close()
		w := newWriter(f)
		b.stories = &w
	}
	reading := std
	if b.quiet {
		reading = std.silent()
	}
	ok, err := history{std: reading, files: c.Files, cfg: cfg, until: c.To.after()}.each(b.batch)
	b.look()
	if err == nil && b.stories != nil {
		err = b.stories.done(true, nil)
	}
	if err == nil {
		err = c.finish(std, &b)
	}
	return b.out.done(ok, err)
}

// finish writes what can be told only at the end.
func (c backtestCmd) finish(std stdio, b *backtest) error {
	if c.Misses {
		for _, m := range b.log.Misses() {
			fmt.Fprintf(std.err, "%s  %s  %s: %s\n", m.At.UTC().Format("2006-01-02 15:04"), m.Watch, ansi(false).plain(m.Headline), m.Lacks)
		}
	}
	switch c.Output {
	case "summary":
		return b.log.Summary(b.out.buf)
	case "html":
		return b.log.Page(b.out.buf)
	}
	return nil
}

// name is what a report calls the watches.
func (c backtestCmd) name() string {
	switch {
	case c.Pack && len(c.Watches) > 0:
		return "the shipped watches and your own"
	case c.Pack:
		return "the shipped watches"
	case len(c.Watches) == 1:
		return c.Watches[0]
	}
	return "your watches"
}

// detectorOf makes a detector of watches that are asked for at most so many
// origins; 0 is as they stand.
func detectorOf(cfg app.Config, watches []watch.Watch, maxOrigins int) (*detect.Detector, error) {
	if maxOrigins < 0 {
		return nil, usage("--max-origins is negative: write the number of origins that the stream can have")
	}
	if maxOrigins > 0 {
		cfg.MaxOrigins = maxOrigins
	}
	cfg.Publishers = append(slices.Clone(cfg.Publishers), sample.Sources()...) // the outlets of tocsin sample
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
	fold
	out     writer
	quiet   bool // no Alert lines
	stories *writer
}

func (b *backtest) batch(all []events.Enriched) error {
	for i := range all {
		for _, a := range b.take(&all[i]) {
			if b.quiet {
				continue
			}
			if err := b.out.write(a); err != nil {
				return err
			}
		}
		if err := b.assigned(b.detector.Assigned()); err != nil {
			return err
		}
	}
	return nil
}

func (b *backtest) assigned(all []story.Assignment) error {
	if b.stories == nil {
		return nil
	}
	for _, s := range all {
		if err := b.stories.write(map[string]string{"article_id": s.Article, "story_id": s.Story}); err != nil {
			return err
		}
	}
	return nil
}
