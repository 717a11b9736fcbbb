package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/user"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
)

// saying is how a person says something of an alert: the flags of ack and
// snooze.
type saying struct {
	remote
	Alert string `arg:"" help:"The alert's id, or its first letters."`
	Who   string `placeholder:"NAME" help:"Who says it; your user name unless said."`
	Note  string `short:"m" placeholder:"TEXT" help:"Why, for who comes next."`
	Undo  bool   `help:"Take it back."`
}

// say sends it, and returns what is said of the alert then.
func (s saying) say(ctx context.Context, root *commands, what string, until map[string]any) (string, subscription.Care, error) {
	var said subscription.Care
	token, err := s.token(root, "analyst")
	if err != nil {
		return "", said, err
	}
	id, err := s.find(ctx, token, s.Alert)
	if err != nil {
		return "", said, err
	}
	path, method, body := "/api/v1/alerts/"+url.PathEscape(id)+"/"+what, http.MethodDelete, []byte(nil)
	if !s.Undo {
		if s.Who == "" {
			if u, err := user.Current(); err == nil {
				s.Who = u.Username
			}
		}
		words := map[string]any{"who": s.Who, "note": s.Note}
		for k, v := range until {
			words[k] = v
		}
		if body, err = json.Marshal(words); err != nil {
			return "", said, err
		}
		method = http.MethodPost
	}
	resp, err := s.ask(ctx, method, path, token, bytes.NewReader(body), "Content-Type", "application/json")
	if err != nil {
		return "", said, err
	}
	defer resp.Body.Close()
	return id, said, json.NewDecoder(resp.Body).Decode(&said)
}

type ackCmd struct {
	saying
}

func (ackCmd) Help() string {
	return `Says that somebody has the alert in hand. Its updates are quiet from then on; when it rises,
ends, or opens again, that is told. What is decided stays the same.

  tocsin ack 5d3b1f -m "calling Brussels"
  tocsin ack 5d3b1f --undo`
}

func (c ackCmd) Run(ctx context.Context, std stdio, root *commands) error {
	id, said, err := c.say(ctx, root, "ack", nil)
	switch {
	case err != nil:
		return err
	case said.Acknowledged == nil:
		fmt.Fprintf(std.out, "%s is in nobody's hands now\n", id)
	default:
		fmt.Fprintf(std.out, "%s acknowledged by %s\n", id, ansi(false).plain(said.Acknowledged.Who))
	}
	return nil
}

type snoozeCmd struct {
	saying
	For   time.Duration `placeholder:"4h" help:"How long."`
	Until string        `placeholder:"TIME" help:"Until when, instead (2026-01-02T15:04:05Z)."`
}

func (snoozeCmd) Help() string {
	return `Holds the alert's notifications back until then, or until it rises to a higher level. At the
end its latest version is told. What is decided stays the same.

  tocsin snooze 5d3b1f --for 4h
  tocsin snooze 5d3b1f --undo`
}

func (c snoozeCmd) Run(ctx context.Context, std stdio, root *commands) error {
	until := map[string]any{}
	switch {
	case c.Undo && c.For == 0 && c.Until == "":
	case c.Undo || (c.For == 0) == (c.Until == ""):
		return usage("snooze: say --for 4h, or --until TIME, or --undo")
	case c.For < 0:
		return usage("snooze: --for is %s: a time to come", c.For)
	case c.For > 0:
		until["for"] = c.For.String()
	default:
		if _, err := time.Parse(time.RFC3339, c.Until); err != nil {
			return usage("snooze: --until is %q: write it as 2026-01-02T15:04:05Z", c.Until)
		}
		until["until"] = c.Until
	}
	id, said, err := c.say(ctx, root, "snooze", until)
	switch {
	case err != nil:
		return err
	case said.Snoozed == nil:
		fmt.Fprintf(std.out, "%s is not snoozed any more\n", id)
	default:
		fmt.Fprintf(std.out, "%s snoozed until %s\n", id, said.Snoozed.Until.Format(time.RFC3339))
	}
	return nil
}
