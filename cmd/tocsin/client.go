package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/web"
)

// remote is how a command reaches a running Tocsin: its flags.
type remote struct {
	URL       string `env:"TOCSIN_URL" placeholder:"URL" help:"The running Tocsin's address; without it, what the configuration listens on."`
	Token     string `env:"TOCSIN_TOKEN" placeholder:"TOKEN" help:"The API token; better in a file."`
	TokenFile string `env:"TOCSIN_TOKEN_FILE" placeholder:"FILE" type:"existingfile" help:"A file with the API token. Without it, one of the configuration's, or the one that the built-in configuration has made."`
}

// token is what to authenticate with, as role: the flags', else the
// configuration's, else none, which a running Tocsin may be content with.
func (r *remote) token(root *commands, role string) (string, error) {
	cfg, err := app.LoadConfig(root.Config, os.Environ())
	if err != nil && root.Config != "" {
		return "", usageError{err}
	}
	if r.URL == "" {
		r.URL = "http://" + cmp.Or(cfg.Listen, "127.0.0.1:8080")
	}
	if r.Token != "" {
		return r.Token, nil
	}
	path := r.TokenFile
	if path == "" {
		path = cfg.SecretPath(role)
	}
	data, err := os.ReadFile(path)
	if err != nil && r.TokenFile != "" {
		return "", usageError{err}
	}
	return strings.TrimSpace(string(data)), nil
}

// ask makes one request and returns its answer, whatever its length, as an
// error when it is not a success.
func (r remote) ask(ctx context.Context, method, path, token string, body io.Reader, header ...string) (*http.Response, error) {
	if u, err := url.Parse(r.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, usage("--url: %q is no address: write it as http://127.0.0.1:8080", r.URL)
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(r.URL, "/")+path, body)
	if err != nil {
		return nil, usage("--url: %v", err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w\nIs Tocsin running there? Start it with: tocsin up", errors.Unwrap(err))
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	p := &web.Problem{Status: resp.StatusCode}
	if json.Unmarshal(text, p) != nil || p.Title == "" {
		p.Title, p.Detail = resp.Status, strings.TrimSpace(string(text))
	}
	return resp, p
}

// find is the id of the alert that begins so; of the one that changed last when
// nothing is said.
func (r remote) find(ctx context.Context, token, begins string) (string, error) {
	if len(begins) == 32 {
		return begins, nil
	}
	var list struct{ Alerts []web.Life }
	if err := r.get(ctx, "/api/v1/alerts?limit=500", token, &list); err != nil {
		return "", err
	}
	var found []string
	for _, l := range list.Alerts {
		if strings.HasPrefix(l.ID, begins) {
			found = append(found, l.ID)
		}
	}
	switch {
	case len(list.Alerts) == 0:
		return "", errors.New("there is no alert yet: see what was nearly one with tocsin backtest, or wait")
	case len(found) == 0:
		return "", fmt.Errorf("there is no alert %q among the last %d", begins, len(list.Alerts))
	case len(found) > 1 && begins != "":
		return "", fmt.Errorf("%d alerts begin with %q: give more letters", len(found), begins)
	}
	return found[0], nil
}

// get decodes what path answers into v.
func (r remote) get(ctx context.Context, path, token string, v any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	resp, err := r.ask(ctx, http.MethodGet, path, token, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(v)
}

// printJSON writes v indented.
func printJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
