package piece

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/tocsin-news/tocsin/internal/token"
)

//go:embed labels.tsv
var shipped string

// label is words that name a kind when they stand apart: "Tribune.", "[Live]",
// "… | Opinion", "Ukraine, en direct :".
type label struct {
	kind, lang string
	words      []string
}

// labels by their first word.
var labels = sync.OnceValue(func() map[string][]label {
	out := map[string][]label{}
	for line := range strings.Lines(shipped) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(cells) != 3 {
			continue
		}
		for phrase := range strings.SplitSeq(cells[2], "|") {
			words := strings.Fields(token.Fold(phrase))
			out[words[0]] = append(out[words[0]], label{cells[0], cells[1], words})
		}
	}
	return out
})

// opening is how many words of the text may begin a label: "LIVE – …". There,
// it must be the text's very first words.
const opening = 1

// apart is what stands between a label and the rest.
const apart = token.Colon | token.Stop | token.Dash | token.Open | token.Close | token.Quote | token.Line | token.Other

// labelled finds a label among the first most words of src.
func labelled(src string, words []token.Token, lang string, most int) (Judgement, bool) {
	for i := range words[:min(most, len(words))] {
		w := words[i]
		if w.Before&(token.First|token.Comma|apart) == 0 || w.Before&token.Abbrev != 0 {
			continue
		}
		for _, l := range labels()[w.Fold] {
			if known(l.lang, lang) && l.at(words, i, most > opening) {
				last := words[i+len(l.words)-1]
				return Judgement{l.kind, "label " + src[w.Start:last.End]}, true
			}
		}
	}
	return Judgement{}, false
}

// known reports whether a label of one language counts in a text of another:
// papers of every tongue write "Live" (the labels of "*"), and a short title's
// language may not be known.
func known(of, text string) bool {
	return of == "*" || of == text || text == "" || text == "und"
}

// at reports whether the label stands at word i, apart from what follows; alone
// says that nothing need follow.
func (l label) at(words []token.Token, i int, alone bool) bool {
	if i+len(l.words) > len(words) {
		return false
	}
	for j, w := range l.words {
		if words[i+j].Fold != w || j > 0 && !words[i+j].Near() {
			return false
		}
	}
	next := i + len(l.words)
	if next == len(words) {
		// At the end of a title a comma before is too little: "…, and opinion".
		return alone && words[i].Before&(token.First|apart) != 0
	}
	return words[next].Before&apart != 0
}
