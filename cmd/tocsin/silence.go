package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/user"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
)

type subscriptionCmd struct {
	documentsCmd[subscriptionKind]
}

type silenceCmd struct {
	documentsCmd[silenceKind]
	Add silenceAddCmd `cmd:"" help:"Mute alerts for a while."`
}

type silenceAddCmd struct {
	remote
	Name    string        `arg:"" help:"A name for the silence."`
	Watch   string        `placeholder:"NAME" help:"Alerts of this watch; * and ? stand for any."`
	Alert   string        `placeholder:"ID" help:"This alert."`
	Entity  string        `placeholder:"NAME" help:"Alerts whose evidence has this name in common."`
	Source  string        `placeholder:"NAME" help:"Alerts that rest on this publisher alone."`
	Query   string        `placeholder:"QUERY" help:"Alerts that answer a query."`
	UpTo    string        `placeholder:"LEVEL" help:"The highest level that is muted; high unless said."`
	For     time.Duration `placeholder:"2h" help:"How long."`
	Until   time.Time     `placeholder:"TIME" help:"Until when, instead (2026-01-02T15:04:05Z)."`
	Author  string        `placeholder:"NAME" help:"Who answers for it; your user name unless said."`
	Comment string        `short:"m" required:"" placeholder:"TEXT" help:"Why, for who comes next."`
}

func (silenceAddCmd) Help() string {
	return `All that is said must fit. Nobody is told of what is muted; the record of the alert says why.
What is decided stays the same.

  tocsin silence add exercise --watch 'nato-*' --entity Norway --for 72h -m "the yearly exercise"
  tocsin silence list
  tocsin silence rm exercise`
}

func (c silenceAddCmd) Run(ctx context.Context, std stdio, root *commands) error {
	if (c.For == 0) == c.Until.IsZero() {
		return usage("silence add: say --for 2h, or --until TIME")
	}
	if c.For != 0 {
		c.Until = time.Now().Add(c.For)
	}
	if c.Author == "" {
		if u, err := user.Current(); err == nil {
			c.Author = u.Username
		}
	}
	token, err := c.token(root, "analyst")
	if err != nil {
		return err
	}
	s := subscription.Silence{
		ID: c.Name, Watch: c.Watch, Alert: c.Alert, Entity: c.Entity, Source: c.Source, Query: c.Query, UpTo: c.UpTo,
		Author: cmp.Or(c.Author, "tocsin"), Comment: c.Comment, From: time.Now().UTC().Truncate(time.Second), Until: c.Until.UTC().Truncate(time.Second),
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	resp, err := c.ask(ctx, http.MethodPut, address[silenceKind](c.Name), token, bytes.NewReader(data), "Content-Type", "application/json")
	if err != nil {
		return err
	}
	resp.Body.Close()
	fmt.Fprintf(std.out, "%s mutes until %s\n", c.Name, s.Until.Format(time.RFC3339))
	return nil
}
