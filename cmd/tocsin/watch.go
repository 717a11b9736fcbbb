package main

import (
	"fmt"
	"os"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
)

type watchCmd struct {
	Check watchCheckCmd `cmd:"" help:"Read watch files, run their examples, and say what could be better."`
}

type watchCheckCmd struct {
	Files []string `arg:"" optional:"" name:"file" help:"Watch files; none is the configured ones."`
	Pack  bool     `help:"Check the shipped watches."`
	Langs []string `default:"en,fr" help:"The languages that the desk reads: a term without inflections in one of them is told."`
}

func (watchCheckCmd) Help() string {
	return `Exit status 2 when a file is wrong or one of a watch's own examples fails.

  tocsin watch check watches/nato.yaml`
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
	n := failures(std, u, watches)
	lint := watch.Linter{
		Topic: u.Taxonomy().Has,
		Entity: func(id string) bool {
			_, ok := u.Base().ByID(id)
			return ok
		},
		Langs: c.Langs,
	}
	for _, f := range lint.Lint(watches) {
		fmt.Fprintln(std.out, f)
	}
	if n > 0 {
		return usage("%d examples fail", n)
	}
	fmt.Fprintf(std.out, "%d watches are right, and so are their examples\n", len(watches))
	return nil
}

func (c watchCheckCmd) watches(cfg app.Config) ([]watch.Watch, error) {
	switch {
	case c.Pack:
		return pack.Watches()
	case len(c.Files) == 0:
		return cfg.Watches()
	}
	return loadWatches(c.Files)
}

func loadWatches(files []string) ([]watch.Watch, error) {
	var all []watch.Watch
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		ws, err := watch.Load(f, path)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, ws...)
	}
	return all, nil
}

// failures runs the watches' own examples, and tells of those that fail.
func failures(std stdio, u *app.Understanding, watches []watch.Watch) int {
	n := 0
	for i := range watches {
		for _, f := range watches[i].Test(u) {
			fmt.Fprintf(std.err, "tocsin: %v\n", f)
			n++
		}
	}
	return n
}
