package main

import (
	"errors"
	"fmt"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

type feedCmd struct {
	Files []string `arg:"" optional:"" name:"file" help:"RSS, Atom, RDF or JSON Feed files; - or none is standard input."`
	URL   string   `placeholder:"URL" help:"Where the feed is from, to resolve its relative links."`
	Type  string   `placeholder:"TYPE" help:"Its Content-Type, where the bytes do not tell the charset."`
}

func (feedCmd) Help() string {
	return `A bare item: what the feed says, without its page. Items before and after a break in a
damaged feed are kept, and the break is told on standard error.

  curl -s https://example.org/rss.xml | tocsin feed --url https://example.org/rss.xml
  tocsin feed a.xml b.atom c.json | tocsin enrich`
}

func (c feedCmd) Run(std stdio) error {
	out := newWriter(std.out)
	good := true
	ok, err := eachInput(std, c.Files, func(in input) error {
		articles, err := feed.Articles(in, c.Type, c.URL, "")
		for _, a := range articles {
			if err := out.write(a); err != nil {
				return err
			}
		}
		if err != nil {
			good = false
			var not *feed.NotFeedError
			if errors.As(err, &not) {
				fmt.Fprintf(std.err, "tocsin: %s: %v\n", in.name, err)
				return nil
			}
			fmt.Fprintf(std.err, "tocsin: %s: %v; %d items were read\n", in.name, err, len(articles))
		}
		return nil
	})
	return out.done(ok && good, err)
}
