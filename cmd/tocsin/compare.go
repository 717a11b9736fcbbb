package main

import (
	"sync"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type compareCmd struct {
	A          string   `arg:"" help:"The first watches: a file, or the word pack for the shipped ones."`
	B          string   `arg:"" help:"The second."`
	Files      []string `arg:"" optional:"" name:"file" help:"Article or Enriched lines in the order of their time; - or none is standard input."`
	From       day      `placeholder:"DAY" help:"The first day that counts; what came before teaches the baselines."`
	To         day      `placeholder:"DAY" help:"The last day."`
	MaxOrigins int      `placeholder:"N" help:"Ask watches for N origins where they ask for more, for streams of few sources."`
	Output     string   `short:"o" enum:"text,json,html" default:"text" help:"text, json or html."`
}

func (compareCmd) Help() string {
	return `One pass over the history with both, side by side: what each raises that the other does not
(and by how little the other missed it), levels, delays, alerts a day.

  tocsin compare pack watches/mine.yaml history.jsonl.gz
  tocsin compare before.yaml after.yaml -o html history.jsonl > change.html

Exit status: 0 compared, whether they differ or not; 1 some lines could not be read;
2 a file of watches is wrong, and nothing was done.`
}

func (c compareCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	a, err := c.side(cfg, c.A)
	if err != nil {
		return err
	}
	b, err := c.side(cfg, c.B)
	if err != nil {
		return err
	}
	ok, err := history{std: std.silent(), files: c.Files, cfg: cfg, until: c.To.after()}.each(func(all []events.Enriched) error {
		both(a, b, func(f *fold) {
			for i := range all {
				f.take(&all[i])
			}
		})
		return nil
	})
	both(a, b, (*fold).look)
	out := newWriter(std.out)
	if err == nil {
		err = c.print(out, report.Compare(a.log, b.log))
	}
	return out.done(ok, err)
}

// both does the same with two folds at the same time.
func both(a, b *fold, do func(*fold)) {
	var other sync.WaitGroup
	other.Go(func() { do(b) })
	do(a)
	other.Wait()
}

func (c compareCmd) print(out writer, d report.Difference) error {
	switch c.Output {
	case "json":
		return out.write(d)
	case "html":
		return d.Page(out.buf)
	}
	return d.Text(out.buf)
}

func (c compareCmd) side(cfg app.Config, name string) (*fold, error) {
	watches, err := namedWatches(name)
	if err != nil {
		return nil, usageError{err}
	}
	d, err := detectorOf(cfg, watches, c.MaxOrigins)
	if err != nil {
		return nil, err
	}
	return &fold{detector: d, log: &report.Log{Name: name, Since: c.From.Time}}, nil
}

// namedWatches reads a file, or the shipped watches where it is called pack.
func namedWatches(name string) ([]watch.Watch, error) {
	if name == "pack" {
		return pack.Watches()
	}
	return loadWatches([]string{name})
}
