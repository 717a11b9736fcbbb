package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"text/tabwriter"
	"time"

	"github.com/tocsin-news/tocsin/internal/web"
)

type deadCmd struct {
	List  deadListCmd  `cmd:"" help:"List the dead letters, oldest first."`
	Show  deadShowCmd  `cmd:"" help:"Show one, with the message as it was."`
	Retry deadRetryCmd `cmd:"" help:"Send dead letters back to where they came from."`
}

type deadListCmd struct {
	remote
	Output string `short:"o" enum:"table,json" default:"table" help:"table or json."`
}

func (c deadListCmd) Run(ctx context.Context, std stdio, root *commands) error {
	letters, err := c.letters(ctx, root)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		return printJSON(std.out, letters)
	}
	if len(letters) == 0 {
		fmt.Fprintln(std.out, "no dead letters")
		return nil
	}
	w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "SEQ\tAT\tWORKER\tSUBJECT\tTRIES\tREASON")
	for _, l := range letters {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\n", l.Seq, l.At.Format(time.RFC3339), l.Worker, l.Subject, l.Tries, ansi(false).plain(l.Reason))
	}
	return w.Flush()
}

func (r remote) letters(ctx context.Context, root *commands) ([]web.DeadLetter, error) {
	token, err := r.token(root, "admin")
	if err != nil {
		return nil, err
	}
	var answer struct{ Dead []web.DeadLetter }
	return answer.Dead, r.get(ctx, "/api/v1/dead", token, &answer)
}

type deadShowCmd struct {
	remote
	Seq uint64 `arg:"" help:"The letter's place, as list shows it."`
}

func (c deadShowCmd) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	var l web.DeadLetter
	if err := c.get(ctx, fmt.Sprintf("/api/v1/dead/%d", c.Seq), token, &l); err != nil {
		return err
	}
	shown := struct {
		web.DeadLetter
		Data any `json:"data"`
	}{l, string(l.Data)}
	if json.Valid(l.Data) {
		shown.Data = json.RawMessage(l.Data)
	}
	return printJSON(std.out, shown)
}

type deadRetryCmd struct {
	remote
	Seq []uint64 `arg:"" optional:"" help:"The letters' places."`
	All bool     `help:"All of them."`
}

func (c deadRetryCmd) Run(ctx context.Context, std stdio, root *commands) error {
	if c.All == (len(c.Seq) > 0) {
		return usage("dead retry: name the letters, or say --all")
	}
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	if c.All {
		letters, err := c.letters(ctx, root)
		if err != nil {
			return err
		}
		for _, l := range letters {
			c.Seq = append(c.Seq, l.Seq)
		}
	}
	failed := false
	for _, seq := range c.Seq {
		resp, err := c.ask(ctx, http.MethodPost, fmt.Sprintf("/api/v1/dead/%d/retry", seq), token, nil)
		if err != nil {
			fmt.Fprintf(std.err, "tocsin: %d: %v\n", seq, err)
			failed = true
			continue
		}
		resp.Body.Close()
		fmt.Fprintf(std.out, "%d sent back\n", seq)
	}
	if failed {
		return errTold
	}
	return nil
}
