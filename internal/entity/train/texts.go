package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// texts reads the corpora that lie in dir as their repositories have them:
// WiNER-fr, broad_twitter_corpus, gum and ner-corpora. Of the Broad Twitter
// Corpus the section that its authors keep for tests is left out.
func (c *corpora) texts(dir string) error {
	if err := c.winer(filepath.Join(dir, "WiNER-fr")); err != nil {
		return err
	}
	for _, section := range []string{"a", "b", "e", "g", "h"} {
		if err := c.columns(filepath.Join(dir, "broad_twitter_corpus", section+".conll"), "en", "\t"); err != nil {
			return err
		}
	}
	for _, x := range [][2]string{{"enp_DE.lft", "de"}, {"enp_DE.onb", "de"}, {"enp_NL.kb", "nl"}} {
		if err := c.columns(filepath.Join(dir, "ner-corpora", x[0]+".bio", x[0]+".bio"), x[1], " "); err != nil {
			return err
		}
	}
	return c.gum(filepath.Join(dir, "gum", "dep"))
}

// winer reads documents with marks beside them, in the format of brat.
func (c *corpora) winer(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*.ann"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s holds no */*/*.ann: lay the repository there", dir)
	}
	for _, f := range files {
		marks, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(strings.TrimSuffix(f, ".ann") + ".txt")
		if err != nil {
			return err
		}
		spans, err := outermost(string(text), string(marks))
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		start := 0
		for line := range bytes.Lines(text) {
			c.cut(string(line), start, spans, "fr")
			start += len(line)
		}
	}
	return nil
}

// cut adds a line, which begins at byte start of its document.
func (c *corpora) cut(line string, start int, spans []mark, lang string) {
	e := tagger.Example{Words: token.Split(line), Lang: lang}
	if len(e.Words) == 0 {
		return
	}
	for _, m := range spans {
		if m.start >= start && m.end <= start+len(line) {
			e.Spans = cover(e.Spans, e.Words, int32(m.start-start), int32(m.end-start), m.kind)
		}
	}
	c.add(e)
}

var bratKinds = map[string]byte{"Person": 'P', "Organization": 'O', "Location": 'L', "Event": 'M', "Product": 'M'}

// outermost reads marks "T1<tab>Person 3 9<tab>…", whose places are characters,
// and returns those that lie in no other, by bytes and in order.
func outermost(text, marks string) (out []mark, err error) {
	at := make([]int, 0, len(text)+1) // the byte of each character
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	var all []mark
	for line := range strings.Lines(marks) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 2 || f[0][0] != 'T' {
			continue
		}
		w := strings.Fields(f[1])
		kind, ok := bratKinds[w[0]]
		if !ok || len(w) != 3 { // in parts
			continue
		}
		from, err1 := strconv.Atoi(w[1])
		to, err2 := strconv.Atoi(w[2])
		if err1 != nil || err2 != nil || from >= to || to >= len(at) {
			return nil, fmt.Errorf("mark %q lies outside the text of %d characters", line, len(at)-1)
		}
		all = append(all, mark{at[from], at[to], kind})
	}
	slices.SortStableFunc(all, func(a, b mark) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	end := 0
	for _, m := range all {
		if m.start >= end {
			out = append(out, m)
			end = m.end
		}
	}
	return out, nil
}

// columns reads one word and its label a line, in the format of CoNLL.
func (c *corpora) columns(path, lang, sep string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	s := sentence{lang: lang}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		word, label, ok := strings.Cut(sc.Text(), sep)
		label = strings.TrimSpace(label)
		switch {
		case !ok || strings.HasPrefix(word, "#") && len(label) > 6: // a comment
			if strings.TrimSpace(sc.Text()) == "" {
				s.end(c)
			}
			continue
		case s.words >= 150:
			s.end(c)
		}
		s.word(word, label, lang == "en")
		if lang != "en" && (word == "." || word == "!" || word == "?") {
			s.end(c)
		}
	}
	s.end(c)
	return sc.Err()
}

// sentence is put together again from words.
type sentence struct {
	lang  string
	text  strings.Builder
	marks []mark
	words int
	glued bool // the next word follows without a space
	quote bool
}

// word appends a word with its label: B-PER, I-PER, O.
func (s *sentence) word(w, label string, tied bool) {
	if w == "" {
		return
	}
	r, _ := utf8.DecodeRuneInString(w)
	shut := strings.ContainsRune(".,;:!?)]}%", r) || tied && (w[0] == '\'' && len(w) > 1 || w == "n't")
	if w == "\"" {
		shut = s.quote
	}
	if s.words > 0 && !s.glued && !shut {
		s.text.WriteByte(' ')
	}
	s.glued = strings.ContainsRune("([{@#$€", r) && len(w) <= 3
	if w == "\"" {
		s.glued, s.quote = !s.quote, !s.quote
	}
	start := s.text.Len()
	s.text.WriteString(w)
	s.words++
	place, kind, ok := strings.Cut(label, "-")
	if !ok || kind == "" || !strings.Contains("POLM", kind[:1]) {
		return
	}
	if n := len(s.marks); place == "I" && n > 0 && s.marks[n-1].kind == kind[0] && s.marks[n-1].end >= start-1 {
		s.marks[n-1].end = s.text.Len()
		return
	}
	s.marks = append(s.marks, mark{start, s.text.Len(), kind[0]})
}

// end adds the sentence to c and begins anew.
func (s *sentence) end(c *corpora) {
	if s.words > 0 {
		c.cut(s.text.String(), 0, s.marks, s.lang)
	}
	*s = sentence{lang: s.lang}
}
