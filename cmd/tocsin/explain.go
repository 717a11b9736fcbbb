package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/tocsin-news/tocsin/internal/web"
)

type explainCmd struct {
	remote
	Alert  string `arg:"" optional:"" help:"The alert's id, or its first letters; without it, the one that changed last."`
	Output string `short:"o" enum:"text,json" default:"text" help:"text or json."`
}

func (explainCmd) Help() string {
	return `Walks an alert back: the clauses of its watch with what was asked and seen, the articles
with the origin that each counts towards, and the words that made them match.

  tocsin explain
  tocsin explain 5d3b1f`
}

func (c explainCmd) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	id, err := c.find(ctx, token)
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
	return printExplanation(std.out, e, colours(std.out))
}

func (c explainCmd) find(ctx context.Context, token string) (string, error) {
	if len(c.Alert) == 32 {
		return c.Alert, nil
	}
	var list struct{ Alerts []web.Life }
	if err := c.get(ctx, "/api/v1/alerts?limit=500", token, &list); err != nil {
		return "", err
	}
	for _, l := range list.Alerts {
		if strings.HasPrefix(l.ID, c.Alert) {
			return l.ID, nil
		}
	}
	if len(list.Alerts) == 0 {
		return "", errors.New("there is no alert yet: see what was nearly one with tocsin backtest, or wait")
	}
	return "", fmt.Errorf("there is no alert %q among the last %d", c.Alert, len(list.Alerts))
}

// printExplanation writes an explanation for a person.
func printExplanation(w io.Writer, e web.Explanation, colour bool) error {
	by := ansi(colour)
	a := e.Alert
	fmt.Fprintf(w, "%s%s, %s, version %d, at %s\nwatch %s: %s\n%s\n\n", by.title(by.plain(a.Headline)), strings.ToUpper(a.Level), a.State, a.Version,
		a.At.Format("2006-01-02 15:04 MST"), a.Watch, by.plain(e.Query), by.plain(a.Reason))
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "CLAUSE\tASKED\tSEEN\tMET")
	for _, c := range e.Clauses {
		met := "no"
		if c.Met {
			met = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.Name, by.plain(c.Asked), by.plain(c.Seen), met)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%d articles, %d independent origins\n", len(e.Articles), a.Origins)
	for _, g := range e.Articles {
		counts := "counts as"
		if !g.Counts {
			counts = "not counted again:"
		}
		fmt.Fprintf(w, "\n  %s\n    %s · %s %s (%s)\n", pieces(by, g.Title, g.Evidence.Title), g.Source, counts, by.plain(g.Origin), by.plain(g.Why))
		if words := marksOnly(by, g.Text); words != "" {
			fmt.Fprintf(w, "    %s\n", words)
		}
	}
	if e.Missing != "" {
		fmt.Fprintf(w, "\nfor the next level: %s\n", by.plain(e.Missing))
	}
	return nil
}

func pieces(by ansi, ps []web.Piece, otherwise string) string {
	if len(ps) == 0 {
		return by.plain(otherwise)
	}
	var b strings.Builder
	for _, p := range ps {
		if p.Mark == "" {
			b.WriteString(by.plain(p.Words))
		} else {
			b.WriteString(by.mark(p.Words, "topic", p.Mark))
		}
	}
	return b.String()
}

// marksOnly lists the marked words of a text, each once.
func marksOnly(by ansi, ps []web.Piece) string {
	var out []string
	seen := map[string]bool{}
	for _, p := range ps {
		if p.Mark != "" && !seen[p.Words] {
			seen[p.Words] = true
			out = append(out, by.mark(p.Words, "topic", p.Mark))
		}
	}
	return strings.Join(out, " ")
}
