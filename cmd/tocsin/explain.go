package main

import (
	"context"
	"net/url"

	"github.com/tocsin-news/tocsin/internal/web"
)

type explainCmd struct {
	remote
	Alert  string `arg:"" optional:"" help:"The alert's id, or its first letters; without it, the one that changed last."`
	Output string `short:"o" enum:"text,json" default:"text" help:"text or json."`
}

func (explainCmd) Help() string {
	return `Walks an alert back: the clauses of its watch with what was asked and seen, the origins and
why each is one, the articles with the words that made them match and who says what in them,
what was not counted again, and what the next level lacks.

  tocsin explain
  tocsin explain 5d3b1f
  tocsin explain -o json | jq '.articles[].lines'`
}

func (c explainCmd) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	id, err := c.find(ctx, token, c.Alert)
	if err != nil {
		return err
	}
	var e web.Explanation
	if err := c.get(ctx, "/api/v1/alerts/"+url.PathEscape(id)+"/explain", token, &e); err != nil {
		return err
	}
	if c.Output == "json" {
		return printJSON(std.out, e)
	}
	return printExplanation(std.out, e, colours(std.out), 0)
}
