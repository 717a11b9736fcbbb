package eval

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// streams are the histories that the shipped watches are measured on, each
// with how many origins it can have.
var streams = []struct {
	name  string
	files []string
	flags []string
}{
	{"stream-en", []string{"stream-en/bbc.jsonl.gz"}, []string{"--max-origins", "1"}},
	{"stream-fr", []string{"stream-fr/tv.jsonl.gz"}, []string{"--max-origins", "2"}},
	{"stream-multi headlines", []string{"stream-multi/headlines.jsonl.gz"}, nil},
	{"stream-multi war", []string{"stream-multi/war.jsonl.gz"}, nil},
}

// alerts: the shipped watches against what was in the world, beside the plain
// keyword rule.
func alerts(ctx context.Context, s Suite, w io.Writer) error {
	events := s.data("reference-events", "events.jsonl.gz")
	figures := []string{"covered", "recall_24h", "recall_opened", "precision", "chance.recall_24h", "chance.precision", "delay_min", "alerts", "alerts_per_day", "versions_per_day"}
	for _, st := range streams {
		stream := s.data(st.files[0])
		args := append(append([]string{"backtest", "--pack"}, st.flags...), stream)
		pred, err := s.pipe(ctx, "alerts.jsonl", s.Tocsin, args...)
		if err != nil {
			return err
		}
		f, err := s.score(ctx, "alerts", events, stream, pred)
		if err != nil {
			return err
		}
		fmt.Fprint(w, f.line(st.name, figures...))
		plain, err := s.pipe(ctx, "keyword.jsonl", "python3", filepath.Join(s.Shared, "score", "keyword_rule.py"), "--items", "3", "--hours", "24", stream)
		if err != nil {
			return err
		}
		if f, err = s.score(ctx, "alerts", events, stream, plain); err != nil {
			return err
		}
		fmt.Fprint(w, f.line("  keyword rule", figures...))
	}
	return nil
}
