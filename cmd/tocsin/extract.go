package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tocsin-news/tocsin/internal/source/page"
)

type extractCmd struct {
	File  string `arg:"" optional:"" help:"The page; - or none is standard input."`
	URL   string `placeholder:"URL" help:"Where the page is from."`
	Type  string `placeholder:"TYPE" help:"Its Content-Type, where the bytes do not tell the charset."`
	Batch string `placeholder:"LIST" help:"Read many pages: JSONL of {\"url\",\"path\"}; paths are relative to the list. - is standard input."`
}

func (extractCmd) Help() string {
	return `Prints one Article line a page, in order. In a batch, a page that cannot be read gives
{"url","error"} in its place.

  tocsin extract --url https://example.org/a page.html
  tocsin extract --batch list.jsonl`
}

// maxPage is the most of a page that is read, as in live fetching.
const maxPage = 10 << 20

func (c extractCmd) Run(std stdio) error {
	out := newWriter(std.out)
	if c.Batch != "" {
		if c.File != "" || c.URL != "" {
			return usage("extract: --batch names the pages itself: leave out --url and the file")
		}
		return c.batch(std, out)
	}
	if c.URL == "" {
		return usage("extract: --url is missing: the address where the page is from")
	}
	in := std.in
	if c.File != "" && c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return usageError{err}
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxPage))
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	a, err := page.Article(raw, c.Type, c.URL)
	if err != nil {
		return fmt.Errorf("%s: %w", c.URL, err)
	}
	return out.done(true, out.write(a))
}

func (c extractCmd) batch(std stdio, out writer) error {
	type entry struct{ URL, Path string }
	dir := filepath.Dir(c.Batch)
	good := true
	ok, err := eachLine(std, []string{c.Batch}, func(e entry) error {
		a, err := c.one(e.URL, e.Path, dir)
		if err != nil {
			good = false
			fmt.Fprintf(std.err, "tocsin: %s: %v\n", e.URL, err)
			return out.write(map[string]string{"url": e.URL, "error": err.Error()})
		}
		return out.write(a)
	})
	return out.done(ok && good, err)
}

func (c extractCmd) one(url, path, dir string) (any, error) {
	if !filepath.IsAbs(path) && c.Batch != "-" {
		path = filepath.Join(dir, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxPage))
	if err != nil {
		return nil, err
	}
	return page.Article(raw, c.Type, url)
}
