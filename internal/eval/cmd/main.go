// Command eval measures Tocsin against shared data and writes the golden files
// of internal/eval/testdata/golden.
//
//	go run ./internal/eval/cmd -shared ../shared [-only topics,alerts]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/eval"
)

func main() {
	shared := flag.String("shared", "../shared", "folder with data and score")
	tocsin := flag.String("tocsin", "bin/tocsin", "the command that is measured")
	golden := flag.String("golden", "internal/eval/testdata/golden", "folder of the golden files")
	only := flag.String("only", "", "comma-separated parts, instead of all")
	flag.Parse()
	if err := run(*shared, *tocsin, *golden, *only); err != nil {
		fmt.Fprintf(os.Stderr, "eval: %v\n", err)
		os.Exit(1)
	}
}

func run(shared, tocsin, golden, only string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	parts := eval.Parts
	if only != "" {
		names := strings.Split(only, ",")
		parts = slices.DeleteFunc(slices.Clone(parts), func(p eval.Part) bool { return !slices.Contains(names, p.Name) })
		if len(parts) != len(names) {
			return fmt.Errorf("-only %s: some of these are not parts", only)
		}
	}
	work, err := os.MkdirTemp("", "tocsin-eval-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for _, p := range []*string{&shared, &tocsin} {
		if *p, err = filepath.Abs(*p); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(golden, 0o755); err != nil {
		return err
	}
	return eval.Suite{Shared: shared, Tocsin: tocsin, Golden: golden, Work: work, Log: os.Stdout}.Run(ctx, parts)
}
