package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// documentsCmd is what one does with the documents that a running Tocsin keeps:
// watches, subscriptions or silences, as the address of K says.
type documentsCmd[K kept] struct {
	List documentListCmd[K] `cmd:"" help:"List them, with where each comes from."`
	Show documentShowCmd[K] `cmd:"" help:"Print one, as it may be put again."`
	Put  documentPutCmd[K]  `cmd:"" help:"Keep one from a file: checked whole before it counts."`
	Rm   documentRmCmd[K]   `cmd:"" help:"Take one away."`
	Try  documentTryCmd[K]  `cmd:"" help:"Say what one would do, and do nothing."`
}

// kept names a kind of document in addresses.
type kept interface{ many() string }

type (
	watchKind        struct{}
	subscriptionKind struct{}
	silenceKind      struct{}
)

func (watchKind) many() string        { return "watches" }
func (subscriptionKind) many() string { return "subscriptions" }
func (silenceKind) many() string      { return "silences" }

func address[K kept](name string) string {
	var k K
	return "/api/v1/" + k.many() + "/" + url.PathEscape(name)
}

type documentListCmd[K kept] struct {
	remote
	Output string `short:"o" enum:"table,json" default:"table" help:"table or json."`
}

func (c documentListCmd[K]) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "analyst")
	if err != nil {
		return err
	}
	type document struct {
		Name     string          `json:"name"`
		From     string          `json:"from,omitempty"`
		Revision uint64          `json:"revision,omitempty"`
		By       string          `json:"by,omitempty"`
		At       time.Time       `json:"at,omitzero"`
		Value    json.RawMessage `json:"value"`
	}
	var all []document
	for after := ""; ; {
		var page struct {
			Documents []document
			After     string
		}
		if err := c.get(ctx, strings.TrimSuffix(address[K](""), "/")+"?limit=500&after="+url.QueryEscape(after), token, &page); err != nil {
			return err
		}
		all = append(all, page.Documents...)
		if after = page.After; after == "" {
			break
		}
	}
	if c.Output == "json" {
		return printJSON(std.out, all)
	}
	w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tFROM\tREVISION\tBY\tAT")
	for _, d := range all {
		revision, at := "", ""
		if d.Revision > 0 {
			revision, at = fmt.Sprint(d.Revision), d.At.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Name, d.From, revision, ansi(false).plain(d.By), at)
	}
	return w.Flush()
}

type documentShowCmd[K kept] struct {
	remote
	Name string `arg:"" help:"Its name."`
}

func (c documentShowCmd[K]) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "analyst")
	if err != nil {
		return err
	}
	var v json.RawMessage // in its own order
	if err := c.get(ctx, address[K](c.Name), token, &v); err != nil {
		return err
	}
	return printJSON(std.out, v)
}

// body is a document in a file, and the media type that it comes as.
func body(std stdio, file string) (data []byte, kind string, err error) {
	kind = "application/json"
	if ext := filepath.Ext(file); ext == ".yaml" || ext == ".yml" {
		kind = "application/yaml"
	}
	if file == "-" {
		data, err = io.ReadAll(std.in)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, "", usageError{err}
	}
	return data, kind, nil
}

type documentPutCmd[K kept] struct {
	remote
	Name string `arg:"" help:"Its name."`
	File string `arg:"" help:"JSON, or YAML of a watch (.yaml); - is standard input."`
}

func (c documentPutCmd[K]) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "analyst")
	if err != nil {
		return err
	}
	data, kind, err := body(std, c.File)
	if err != nil {
		return err
	}
	resp, err := c.ask(ctx, http.MethodPut, address[K](c.Name), token, bytes.NewReader(data), "Content-Type", kind)
	if err != nil {
		return err
	}
	resp.Body.Close()
	fmt.Fprintf(std.out, "%s is kept, revision %s\n", c.Name, strings.Trim(resp.Header.Get("ETag"), `"`))
	return nil
}

type documentRmCmd[K kept] struct {
	remote
	Name string `arg:"" help:"Its name."`
}

func (c documentRmCmd[K]) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "analyst")
	if err != nil {
		return err
	}
	resp, err := c.ask(ctx, http.MethodDelete, address[K](c.Name), token, nil)
	if err != nil {
		return err
	}
	resp.Body.Close()
	fmt.Fprintf(std.out, "%s is gone\n", c.Name)
	return nil
}

type documentTryCmd[K kept] struct {
	remote
	Name string `arg:"" help:"Its name."`
	File string `arg:"" optional:"" help:"One that is not kept yet; without it, the one of the name."`
	Last int    `placeholder:"N" help:"How far to look back: articles for a watch, alerts for the others."`
}

func (c documentTryCmd[K]) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "analyst")
	if err != nil {
		return err
	}
	var data []byte
	kind := "application/json"
	if c.File != "" {
		if data, kind, err = body(std, c.File); err != nil {
			return err
		}
	}
	path := address[K](c.Name) + "/test"
	if c.Last > 0 {
		path += fmt.Sprintf("?last=%d", c.Last)
	}
	resp, err := c.ask(ctx, http.MethodPost, path, token, bytes.NewReader(data), "Content-Type", kind)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var v json.RawMessage
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return printJSON(std.out, v)
}
