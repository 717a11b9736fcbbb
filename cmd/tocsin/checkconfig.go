package main

import (
	"fmt"

	"github.com/tocsin-news/tocsin/internal/app"
)

type checkConfigCmd struct{}

func (checkConfigCmd) Help() string {
	return `Reads the configuration, its source, watch, entity and topic files, and runs the watches'
own examples. Exit status 2 when anything is wrong.

  tocsin --config tocsin.yaml check-config`
}

func (checkConfigCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	u, err := app.Understand(cfg)
	if err != nil {
		return usageError{err}
	}
	watches, err := cfg.Watches()
	if err != nil {
		return usageError{err}
	}
	if n := failures(std, u, watches); n > 0 {
		return usage("%d of the watches' examples fail", n)
	}
	fmt.Fprintf(std.out, "right: %d sources, %d watches, %d channels, %d subscriptions\n", len(cfg.Sources), len(watches), len(cfg.Channels), len(cfg.Subscriptions))
	return nil
}
