package eval

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// streams are the histories that the shipped watches are measured on, each
// with how many origins it can have. The watches were tuned on the days up to
// learnt, that one included; those behind it only confirm.
var streams = []struct {
	name, file, learnt, next string
	flags                    []string
}{
	{"stream-en", "stream-en/bbc.jsonl.gz", "2021-12-31", "2022-01-01", []string{"--max-origins", "1"}},
	{"stream-fr", "stream-fr/tv.jsonl.gz", "2015-12-31", "2016-01-01", []string{"--max-origins", "2"}},
	{"stream-multi headlines", "stream-multi/headlines.jsonl.gz", "2022-01-31", "2022-02-01", nil},
	{"stream-multi war", "stream-multi/war.jsonl.gz", "2022-02-28", "2022-03-01", nil},
}

// alerts: the shipped watches against what was in the world, beside the plain
// keyword rule.
func alerts(ctx context.Context, s Suite, w io.Writer) error {
	events := s.data("reference-events", "events.jsonl.gz")
	figures := []string{"covered", "recall_24h", "recall_opened", "precision", "chance.recall_24h", "chance.precision", "delay_min", "alerts", "alerts_per_day", "versions_per_day"}
	fmt.Fprintln(w, "# Figures of development: the shipped watches were tuned on the days before each split.")
	for _, st := range streams {
		stream := s.data(st.file)
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
		for _, part := range [][2]string{{"--to", st.learnt}, {"--from", st.next}} {
			if f, err = s.score(ctx, "alerts", events, stream, pred, part[0], part[1]); err != nil {
				return err
			}
			fmt.Fprint(w, f.line("  "+strings.TrimPrefix(part[0], "--")+" "+part[1], figures...))
		}
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
