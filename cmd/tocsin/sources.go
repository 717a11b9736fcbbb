package main

import (
	"fmt"
	"text/tabwriter"
	"time"
)

type sourcesCmd struct {
	Output string `short:"o" enum:"table,json,opml" default:"table" help:"table, json or opml (a subscription list for any reader)."`
}

func (sourcesCmd) Help() string {
	return `Reading lists go both ways: name OPML files under source_files, and write one with

  tocsin sources -o opml > sources.opml`
}

func (c sourcesCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	switch c.Output {
	case "json":
		return printJSON(std.out, cfg.Sources)
	case "opml":
		return cfg.WriteOPML(std.out)
	}
	if len(cfg.Sources) == 0 {
		fmt.Fprintln(std.out, "no source is configured: put feeds into tocsin.yaml, or push articles")
		return nil
	}
	w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tFAMILY\tCOUNTRY\tTIER\tEVERY\tADDRESS")
	for _, s := range cfg.Sources {
		every := "learned"
		if s.Every > 0 {
			every = s.Every.Round(time.Second).String()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", s.ID, s.Kind(), s.Family, s.Country, s.Tier, every, s.URL())
	}
	return w.Flush()
}
