package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/tocsin-news/tocsin/internal/app"
)

type upCmd struct {
	Listen string `placeholder:"ADDR" help:"Address of the console and API, instead of the configuration's."`
	Dir    string `placeholder:"DIR" help:"Where the embedded broker stores, instead of the configuration's."`
}

func (upCmd) Help() string {
	return `Runs ingestor, enricher and alerter with an embedded broker, until interrupted. Without a
configuration it takes pushed articles, runs the shipped watches, and stores under ./data.

  tocsin up
  tocsin --config tocsin.yaml up`
}

func (c upCmd) Run(ctx context.Context, std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	if c.Dir != "" {
		cfg.NATS.Dir = c.Dir
	}
	if isTerminal(std.err) {
		dir, err := filepath.Abs(cfg.NATS.Dir)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.err, "Tocsin %s: console on http://%s, storing in %s\nPush articles with: tocsin push FILE (or tocsin push --sample)\n\n", app.Version, cfg.Listen, dir)
	}
	switch app.Serve(ctx, "tocsin", cfg, app.All, std.err) {
	case exitDone:
		return nil
	case exitUsage:
		return usageError{errTold}
	}
	return errTold
}
