package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type pushCmd struct {
	remote
	Files  []string `arg:"" optional:"" name:"file" help:"Article lines; - or none is standard input."`
	Sample bool     `help:"Push the bundled history of 80 articles, as if it ended now."`
	Batch  int      `default:"200" help:"Articles a request."`
}

func (pushCmd) Help() string {
	return `Each batch is durable when it is counted. A batch that is refused for now (429, 503) is
sent again when the server says so.

  tocsin push articles.jsonl
  tocsin feed a.xml | tocsin push
  tocsin push --sample`
}

// receipt is what the API answers to a batch.
type receipt struct {
	Accepted, Duplicates, Filtered int
	Rejected                       []struct {
		Line  int
		Error string
	}
}

func (c pushCmd) Run(ctx context.Context, std stdio, root *commands) error {
	if c.Batch < 1 {
		return usage("push: --batch is %d: 1 or more", c.Batch)
	}
	token, err := c.token(root, "ingest")
	if err != nil {
		return err
	}
	p := pusher{pushCmd: c, ctx: ctx, token: token, std: std}
	ok := true
	if c.Sample {
		for _, a := range sample.Until(time.Now()) {
			if err = p.add(a); err != nil {
				return err
			}
		}
	} else {
		ok, err = eachLine(std, c.Files, p.add)
	}
	if err == nil {
		err = p.flush()
	}
	if err != nil && p.sent == 0 {
		return err
	}
	unread := ""
	if !ok {
		unread = "; what could not be read was not sent"
	}
	fmt.Fprintf(std.out, "%d accepted, %d duplicates, %d filtered, %d rejected%s\n", p.sum.Accepted, p.sum.Duplicates, p.sum.Filtered, len(p.sum.Rejected), unread)
	if err == nil && (!ok || len(p.sum.Rejected) > 0) {
		return errTold
	}
	return err
}

type pusher struct {
	pushCmd
	ctx   context.Context
	token string
	std   stdio
	body  bytes.Buffer
	n     int
	sent  int
	sum   receipt
}

func (p *pusher) add(a events.Article) error {
	if err := json.NewEncoder(&p.body).Encode(a); err != nil {
		return err
	}
	if p.n++; p.n < p.Batch {
		return nil
	}
	return p.flush()
}

func (p *pusher) flush() error {
	if p.n == 0 {
		return nil
	}
	r, err := p.send()
	if err != nil {
		return err
	}
	for _, x := range r.Rejected {
		fmt.Fprintf(p.std.err, "tocsin: article %d: %s\n", p.sent+x.Line, x.Error)
	}
	p.sum.Accepted += r.Accepted
	p.sum.Duplicates += r.Duplicates
	p.sum.Filtered += r.Filtered
	p.sum.Rejected = append(p.sum.Rejected, r.Rejected...)
	p.sent += p.n
	p.n = 0
	p.body.Reset()
	return nil
}

// send posts the batch until it is taken or refused for good.
func (p *pusher) send() (receipt, error) {
	var r receipt
	for {
		resp, err := p.ask(p.ctx, http.MethodPost, "/api/v1/articles", p.token, bytes.NewReader(p.body.Bytes()), "Content-Type", "application/x-ndjson")
		var busy *web.Problem
		if errors.As(err, &busy) && (busy.Status == http.StatusTooManyRequests || busy.Status == http.StatusServiceUnavailable) {
			if err := p.wait(resp); err != nil {
				return r, err
			}
			continue
		}
		if err != nil {
			return r, err
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(io.LimitReader(resp.Body, 16<<20)).Decode(&r); err != nil {
			return r, fmt.Errorf("read the answer: %w", err)
		}
		return r, nil
	}
}

func (p *pusher) wait(resp *http.Response) error {
	s, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil {
		s = 1
	}
	fmt.Fprintf(p.std.err, "tocsin: the server is busy; again in %d s\n", s)
	select {
	case <-time.After(time.Duration(s) * time.Second):
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}
