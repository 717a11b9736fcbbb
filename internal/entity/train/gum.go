package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// gum reads the Georgetown University Multilayer corpus, of which the genres
// whose texts are CC BY: news, interviews, court and academic writing. It marks
// whole noun phrases; a name is the stretch of proper nouns around the head.
func (c *corpora) gum(dir string) error {
	var files []string
	for _, genre := range []string{"news", "interview", "academic", "court"} {
		list, err := filepath.Glob(filepath.Join(dir, "GUM_"+genre+"_*.conllu"))
		if err != nil {
			return err
		}
		files = append(files, list...)
	}
	if len(files) == 0 {
		return fmt.Errorf("%s holds no GUM_*.conllu: lay the repository there", dir)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		for block := range strings.SplitSeq(string(data), "\n\n") {
			c.phrases(block)
		}
	}
	return nil
}

var gumKinds = map[string]byte{"person": 'P', "organization": 'O', "place": 'L', "event": 'M', "object": 'M', "abstract": 'M'}

// noun is a phrase that is open while its words are read.
type phrase struct {
	id, kind string
	heads    []int // numbers of words within the phrase, from 1
	linked   bool
	from, to int
}

// phrases adds one sentence of CoNLL-U.
func (c *corpora) phrases(block string) {
	var text strings.Builder
	var starts, ends []int
	var tags, words []string
	var open, done []phrase
	for line := range strings.Lines(block) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 10 || strings.ContainsAny(f[0], "-.") {
			continue
		}
		starts = append(starts, text.Len())
		text.WriteString(f[1])
		ends = append(ends, text.Len())
		tags, words = append(tags, f[4]), append(words, f[1])
		misc := f[9]
		if !strings.Contains(misc, "SpaceAfter=No") {
			text.WriteByte(' ')
		}
		_, marks, ok := strings.Cut("|"+misc, "|Entity=")
		if !ok {
			continue
		}
		marks, _, _ = strings.Cut(marks, "|")
		open, done = brackets(marks, len(tags)-1, open, done)
	}
	slices.SortStableFunc(done, func(a, b phrase) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	var spans []mark
	end := 0
	for _, p := range done {
		from, to, kind := p.name(tags, words, done)
		if kind != 0 && from >= end {
			spans = append(spans, mark{starts[from], ends[to-1], kind})
			end = to
		}
	}
	c.cut(text.String(), 0, spans, "en")
}

// brackets reads "(1-person-new-s-cf1-1,2-coref-Name(2-place-…)" and "2)1)".
func brackets(marks string, at int, open, done []phrase) (o, d []phrase) {
	for marks != "" {
		if marks[0] == '(' {
			n := strings.IndexAny(marks[1:], "()") + 1
			if n == 0 {
				n = len(marks)
			}
			f := strings.SplitN(marks[1:n], "-", 8)
			p := phrase{id: f[0], from: at}
			if len(f) > 5 {
				p.kind = f[1]
				for h := range strings.SplitSeq(f[5], ",") {
					if i, err := strconv.Atoi(h); err == nil {
						p.heads = append(p.heads, i)
					}
				}
			}
			p.linked = len(f) == 8
			open = append(open, p)
			marks = marks[n:]
			if strings.HasPrefix(marks, ")") {
				marks = p.id + marks
			}
			continue
		}
		id, rest, ok := strings.Cut(marks, ")")
		if !ok {
			break
		}
		marks = rest
		for i := len(open) - 1; i >= 0; i-- {
			if open[i].id == id {
				open[i].to = at + 1
				done = append(done, open[i])
				open = slices.Delete(open, i, i+1)
				break
			}
		}
	}
	return open, done
}

var gumTitles = " administrator president mr. ms. mrs. dr. prof. professor senator sen. rep. minister prime secretary general chief director chairman " +
	"justice judge sir queen king prince princess pope father lord lady officer chancellor governor mayor captain sgt. attorney vice former deputy " +
	"executive spokesman spokeswoman host candidate leader commissioner colonel gen. lt. cpl. representative congressman "

// name returns the words of the name that the phrase is, its kind 0 where it
// is none.
func (p *phrase) name(tags, words []string, all []phrase) (from, to int, kind byte) {
	kind = gumKinds[p.kind]
	if kind == 0 || len(p.heads) == 0 || kind == 'M' && !p.linked {
		return 0, 0, 0
	}
	proper := func(i int) bool { return i >= p.from && i < p.to && strings.HasPrefix(tags[i], "NNP") }
	at := p.from + p.heads[0] - 1
	if !proper(at) {
		return 0, 0, 0
	}
	from, to = at, at+1
	for proper(from - 1) {
		from--
	}
	for proper(to) || kind != 'P' && proper(to+1) && (words[to] == "of" || words[to] == "-" || words[to] == "for" || words[to] == "&") {
		to++
	}
	if kind != 'P' {
		return from, to, kind
	}
	for _, q := range all { // NASA Administrator Charles Bolden
		if q.from == from && q.to < to && q.from >= p.from && q.to <= p.to && (q.kind == "organization" || q.kind == "place") {
			from = q.to
		}
	}
	for from < to-1 && strings.Contains(gumTitles, " "+strings.ToLower(words[from])+" ") {
		from++
	}
	return from, to, kind
}
