package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

type healthcheckCmd struct {
	URL     string        `default:"http://127.0.0.1:8080/readyz" placeholder:"URL" help:"What to ask."`
	Timeout time.Duration `default:"3s" help:"How long to wait for the answer."`
}

func (healthcheckCmd) Help() string {
	return "Exit status 0 when the answer is a success, 1 otherwise."
}

func (c healthcheckCmd) Run(ctx context.Context, std stdio) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return usage("--url: %v", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s: %s %s", c.URL, resp.Status, text)
	}
	fmt.Fprintf(std.out, "%s", text)
	return nil
}
