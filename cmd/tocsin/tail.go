package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

type tailCmd struct {
	remote
	Watch  string `placeholder:"NAME" help:"Only alerts of this watch."`
	Since  string `placeholder:"SEQ" help:"Begin after this place in the stream of alerts; 0 is what is kept."`
	Output string `short:"o" enum:"text,jsonl" default:"text" help:"text or jsonl."`
}

func (tailCmd) Help() string {
	return `Prints each version of each alert as it is decided, until interrupted. When the connection
breaks, it goes on where it was.

  tocsin tail
  tocsin tail --since 0 -o jsonl | jq .headline`
}

func (c tailCmd) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	last := c.Since
	for first := true; ; first = false {
		if err := c.follow(ctx, std, token, &last); err != nil && first && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

func (c tailCmd) follow(ctx context.Context, std stdio, token string, last *string) error {
	var header []string
	if *last != "" {
		header = []string{"Last-Event-ID", *last}
	}
	resp, err := c.ask(ctx, http.MethodGet, "/api/v1/alerts/stream", token, nil, header...)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			*last = id
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := c.print(std.out, data); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

func (c tailCmd) print(w io.Writer, data string) error {
	var a events.Alert
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return fmt.Errorf("read an alert: %w", err)
	}
	if c.Watch != "" && a.Watch != c.Watch && !slices.Contains(a.Also, c.Watch) {
		return nil
	}
	if c.Output == "jsonl" {
		_, err := fmt.Fprintln(w, data)
		return err
	}
	return printAlert(w, a)
}

// printAlert writes an alert version in two lines.
func printAlert(w io.Writer, a events.Alert) error {
	clean := ansi(false).plain
	_, err := fmt.Fprintf(w, "%s  %-9s %-9s %s  %s\n    %s  [%s v%d]\n", a.At.Format("2006-01-02 15:04"), a.State, strings.ToUpper(a.Level), strings.Join(append([]string{a.Watch}, a.Also...), " "),
		clean(a.Headline), clean(a.Reason), a.ID, a.Version)
	return err
}
