package main

import (
	"runtime"
	"sync"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type enrichCmd struct {
	Files  []string `arg:"" optional:"" name:"file" help:"Article lines; - or none is standard input."`
	Output string   `short:"o" enum:"jsonl,text,html" default:"jsonl" help:"jsonl, text (marked, in colour on a terminal) or html (marked)."`
	// Explain is what people look for; with -o html it changes nothing.
	Explain bool `help:"Print each text with its marks; the same as -o text."`
}

func (enrichCmd) Help() string {
	return `Finds language, entities, topics, the kind of piece, who says what and the
agency it is from, each with the words that it rests on. For people it also tells
what spoke against a topic: a drill, a film, an anniversary.

  tocsin feed a.xml | tocsin enrich
  tocsin enrich --explain articles.jsonl
  tocsin enrich -o html articles.jsonl > marks.html`
}

func (c enrichCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	u, err := app.Understand(cfg)
	if err != nil {
		return usageError{err}
	}
	out := newWriter(std.out)
	if c.Explain && c.Output == "jsonl" {
		c.Output = "text"
	}
	show := shower(c.Output, out, colours(std.out), u.Taxonomy())
	side := sideBySide{enrich: u.Enrich, take: show.one}
	ok, err := eachLine(std, c.Files, func(a events.Article) error {
		source.Complete(&a)
		return side.add(a)
	})
	if err == nil {
		err = side.flush()
	}
	if err == nil {
		err = show.end()
	}
	return out.done(ok, err)
}

// sideBySide enriches articles on all cores, and hands them over in order.
type sideBySide struct {
	enrich func(events.Article) events.Enriched
	take   func(events.Enriched) error
	batch  []events.Article
}

const sideBatch = 128

func (s *sideBySide) add(a events.Article) error {
	s.batch = append(s.batch, a)
	if len(s.batch) < sideBatch {
		return nil
	}
	return s.flush()
}

func (s *sideBySide) flush() error {
	done := make([]events.Enriched, len(s.batch))
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		wg.Go(func() {
			for i := w; i < len(s.batch); i += n {
				done[i] = s.enrich(s.batch[i])
			}
		})
	}
	wg.Wait()
	s.batch = s.batch[:0]
	for _, e := range done {
		if err := s.take(e); err != nil {
			return err
		}
	}
	return nil
}
