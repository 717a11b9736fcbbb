package eval

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// months are what is played through the real pipeline: embedded broker, all
// workers, the shipped watches.
var months = []struct {
	name, file, month string
	origins           int
}{
	{"English, February 2022", "stream-en/bbc.jsonl.gz", "2022-02", 1},
	{"French, November 2015", "stream-fr/tv.jsonl.gz", "2015-11", 2},
}

// pipeline: a month of each language, and whether the ledger balances.
func pipeline(ctx context.Context, s Suite, w io.Writer) error {
	for _, m := range months {
		articles, err := month(s.data(m.file), m.month)
		if err != nil {
			return err
		}
		b, err := play(ctx, filepath.Join(s.Work, "pipeline-"+m.month), m.origins, articles)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(w, "%s: %d articles in; %s\n", m.name, len(articles), b)
		if !b.Balanced() || b.Accepted != len(articles) {
			return fmt.Errorf("%s: %d articles in, and the ledger does not balance: %s", m.name, len(articles), b)
		}
	}
	return nil
}

// month reads the articles of one month.
func month(path, month string) ([]events.Article, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var out []events.Article
	for in := bufio.NewReader(z); ; {
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		var a events.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			return nil, err
		}
		if strings.HasPrefix(a.FetchedAt.Format("2006-01"), month) {
			out = append(out, a)
		}
	}
}

// play sends articles through a whole Tocsin and waits until all is decided.
func play(ctx context.Context, dir string, origins int, articles []events.Article) (app.Balance, error) {
	if err := os.RemoveAll(dir); err != nil {
		return app.Balance{}, err
	}
	defer os.RemoveAll(dir)
	a, err := app.New(app.Config{Listen: "127.0.0.1:0", MaxOrigins: origins, NATS: bus.Config{Embedded: true, Dir: dir, Sync: "2m"}}, app.All, zap.NewNop())
	if err != nil {
		return app.Balance{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	select {
	case err := <-ran:
		return app.Balance{}, err
	case <-a.Up():
	}
	for _, x := range articles {
		if err := a.Accept(ctx, x, true); err != nil {
			return app.Balance{}, err
		}
	}
	if err := a.Settled(ctx); err != nil {
		return app.Balance{}, err
	}
	b, err := a.Ledger(ctx)
	stop()
	return b, errors.Join(err, <-ran)
}
