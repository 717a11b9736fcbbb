package main

import (
	"fmt"
	"os"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
)

type watchCmd struct {
	documentsCmd[watchKind]
	Check watchCheckCmd `cmd:"" help:"Read watch files, run their examples, and say what could be better."`
	Solve watchSolveCmd `cmd:"" help:"Find the thresholds that keep watches to their budget of alerts, by backtest."`
}

// watchFiles is which watches a command is about.
type watchFiles struct {
	Files []string `arg:"" optional:"" name:"file" help:"Watch files; none is the configured ones."`
	Pack  bool     `help:"The shipped watches."`
}

func (f watchFiles) watches(cfg app.Config) ([]watch.Watch, error) {
	switch {
	case f.Pack && len(f.Files) == 0:
		return pack.Watches()
	case len(f.Files) == 0:
		return cfg.Watches()
	}
	own, err := loadWatches(f.Files)
	if err != nil || !f.Pack {
		return own, err
	}
	shipped, err := pack.Watches()
	return append(shipped, own...), err
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
