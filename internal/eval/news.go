package eval

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// newsSentences are our own, of the news of today: no set of it may be had
// whose rules are these.
//
//go:embed testdata/news-*.txt testdata/who-*.txt testdata/who.tsv
var newsSentences embed.FS

// news: names in sentences of modern news.
func news(ctx context.Context, s Suite, w io.Writer) error {
	for _, lang := range []string{"en", "fr"} {
		items, err := markedNews(lang)
		if err != nil {
			return err
		}
		gold := filepath.Join(s.Work, "news-"+lang+".gold.jsonl")
		if err := os.WriteFile(gold, jsonLines(items), 0o644); err != nil {
			return err
		}
		pred, err := s.enriched(ctx, gold, "news-"+lang)
		if err != nil {
			return err
		}
		f, err := s.score(ctx, "ner", gold, pred)
		if err != nil {
			return err
		}
		fmt.Fprint(w, f.line(lang, "items", "p", "r", "f1", "by_type.PER.f1", "by_type.ORG.f1", "by_type.LOC.f1", "span.f1"))
	}
	return nil
}

// goldItem is a text with its names, as the scorer reads it: spans are
// [start, end, kind], in bytes.
type goldItem struct {
	ID    string   `json:"id"`
	Lang  string   `json:"lang"`
	Text  string   `json:"text"`
	Spans [][3]any `json:"spans"`

	who []string // of each span, where the file says it
}

var markedKinds = map[string]string{"P": "PER", "O": "ORG", "L": "LOC"}

// markedNews reads the marked sentences of a language.
func markedNews(lang string) ([]goldItem, error) { return marked("news-"+lang+".txt", lang) }

// marked reads a file of sentences whose names are marked, [K name] or, where it
// says who is meant, [K name=who].
func marked(name, lang string) ([]goldItem, error) {
	data, err := newsSentences.ReadFile("testdata/" + name)
	if err != nil {
		return nil, err
	}
	var out []goldItem
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		item := goldItem{ID: lang + "-" + strconv.Itoa(n), Lang: lang}
		for {
			before, rest, marked := strings.Cut(line, "[")
			item.Text += before
			if !marked {
				break
			}
			mark, after, closed := strings.Cut(rest, "]")
			kind, words, _ := strings.Cut(mark, " ")
			if markedKinds[kind] == "" || words == "" || !closed {
				return nil, fmt.Errorf("%s:%d: a mark is not [P name], [O name] or [L name]: [%s", name, n, mark)
			}
			words, who, _ := strings.Cut(words, "=")
			start := len(item.Text)
			item.Text += words
			item.Spans = append(item.Spans, [3]any{start, len(item.Text), markedKinds[kind]})
			item.who = append(item.who, who)
			line = after
		}
		out = append(out, item)
	}
	return out, nil
}

func jsonLines[T any](items []T) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	for _, x := range items {
		_ = enc.Encode(x) // plain structs, into memory
	}
	return []byte(b.String())
}
