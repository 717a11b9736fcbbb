package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tocsin-news/tocsin/internal/app"
)

type ledgerCmd struct {
	remote
	Output string `short:"o" enum:"text,json" default:"text" help:"text or json."`
}

func (ledgerCmd) Help() string {
	return `Reads all streams of a running Tocsin: every accepted article is enriched, dead with a
reason, or in flight; every alert's versions are there once, without a gap. It takes as long
as reading the streams does. Exit status 1 when it does not balance.`
}

func (c ledgerCmd) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	resp, err := c.ask(ctx, http.MethodGet, "/api/v1/ledger", token, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var b app.Balance
	if err := json.NewDecoder(resp.Body).Decode(&b); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	if c.Output == "json" {
		err = printJSON(std.out, b)
	} else {
		_, err = fmt.Fprintln(std.out, b)
	}
	if err == nil && !b.Balanced() {
		return errTold
	}
	return err
}
