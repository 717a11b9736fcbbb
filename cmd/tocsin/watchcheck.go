package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type watchCheckCmd struct {
	watchFiles
	Langs      []string `default:"en,fr" help:"The languages that the desk reads: a term without inflections in one of them is told."`
	On         []string `placeholder:"FILE" sep:"none" help:"A history, Article or Enriched lines: predicts alerts a day, and finds dead and broad terms."`
	MaxOrigins int      `placeholder:"N" help:"Ask watches for N origins where they ask for more, for histories of few sources."`
	Output     string   `short:"o" enum:"table,json" default:"table" help:"table or json."`
}

func (watchCheckCmd) Help() string {
	return `Exit status 2 when a file is wrong or one of a watch's own examples fails; 1 when a line of
the history could not be read. What could be better is told and is no failure.

  tocsin watch check watches/nato.yaml
  tocsin watch check --pack --on history.jsonl.gz`
}

// finding is a [watch.Finding] as it is printed.
type finding struct {
	Severity watch.Severity `json:"severity"`
	Watch    string         `json:"watch"`
	File     string         `json:"file"`
	Line     int            `json:"line"`
	Column   int            `json:"column"`
	Term     string         `json:"term,omitempty"`
	Message  string         `json:"message"`
	Hint     string         `json:"hint,omitempty"`
}

func (c watchCheckCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	u, err := app.Understand(cfg)
	if err != nil {
		return usageError{err}
	}
	watches, err := c.watches(cfg)
	if err != nil {
		return usageError{err}
	}
	lint := watch.Linter{
		Topic:  u.Taxonomy().Has,
		Entity: func(id string) bool { _, ok := u.Base().ByID(id); return ok },
		Langs:  c.Langs,
	}
	ok := true
	var over *practice
	if len(c.On) > 0 {
		if over, ok, err = c.practise(std, cfg, watches); err != nil {
			return err
		}
		lint.Sample, lint.PerDay = over.views(), over.perDay
	}
	n := failures(std, u, watches)
	findings := lint.Lint(watches)
	if err := c.print(std.out, findings, over); err != nil {
		return err
	}
	wrong := slices.ContainsFunc(findings, func(f watch.Finding) bool { return f.Severity == watch.Wrong })
	switch {
	case wrong:
		return usage("a watch is wrong, as told above")
	case n > 0:
		return usage("%d examples fail", n)
	case !ok:
		return errTold
	}
	if c.Output == "table" {
		fmt.Fprintf(std.out, "%d watches are right, and so are their examples\n", len(watches))
	}
	return nil
}

func (c watchCheckCmd) print(w io.Writer, all []watch.Finding, over *practice) error {
	if c.Output == "json" {
		out := newWriter(w)
		for _, f := range all {
			if err := out.write(finding(f)); err != nil {
				return err
			}
		}
		return out.done(true, nil)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, f := range all {
		hint := f.Hint
		if hint != "" {
			hint = " (" + hint + ")"
		}
		fmt.Fprintf(t, "%s:%d:%d\t%s\t%s\t%s%s\n", f.File, f.Line, f.Column, f.Severity, f.Watch, f.Message, hint)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if over != nil {
		fmt.Fprintf(w, "\npredicted on %d articles of %.0f days; terms looked for in %d of them\n", over.span.articles, over.span.days(), len(over.sample))
	}
	return nil
}

// practice is what watches did with a history.
type practice struct {
	span    timespan
	opened  report.Openings
	sample  []events.Enriched
	every   int
	sources *origin.Families
}

// practise runs the watches over the history, and keeps a sample of it.
func (c watchCheckCmd) practise(std stdio, cfg app.Config, watches []watch.Watch) (*practice, bool, error) {
	d, err := detectorOf(cfg, watches, c.MaxOrigins)
	if err != nil {
		return nil, false, err
	}
	families, err := cfg.Families()
	if err != nil {
		return nil, false, usageError{err}
	}
	p := &practice{every: 1, sources: families}
	ok, err := history{std: std.silent(), files: c.On, cfg: cfg}.each(func(all []events.Enriched) error {
		for i := range all {
			p.keep(&all[i])
			for _, a := range d.Apply(all[i], 0) {
				p.opened.Add(a)
			}
		}
		return nil
	})
	if err == nil && p.span.articles == 0 {
		err = usage("there is no article in the history: nothing can be predicted")
	}
	return p, ok, err
}

// mostSampled bounds the sample in which terms are looked for.
const mostSampled = 8000

// keep takes every so many of the articles into the sample; when it is full,
// every second of them goes, and as many fewer come.
func (p *practice) keep(e *events.Enriched) {
	if p.span.articles%p.every == 0 {
		p.sample = append(p.sample, *e)
	}
	p.span.add(e.Article.StreamTime())
	if len(p.sample) <= mostSampled {
		return
	}
	p.every *= 2
	for i := range (len(p.sample) + 1) / 2 {
		p.sample[i] = p.sample[2*i]
	}
	p.sample = p.sample[:(len(p.sample)+1)/2]
}

func (p *practice) views() []*query.View {
	out := make([]*query.View, len(p.sample))
	for i := range p.sample {
		f := p.sources.Find(p.sample[i].Article.Source)
		out[i] = query.NewView(&p.sample[i], query.Source{Country: f.Country, Tier: f.Tier, Family: f.Key})
	}
	return out
}

func (p *practice) perDay(w watch.Watch) (float64, error) {
	return float64(p.opened.Of[w.Name]) / p.span.days(), nil
}
