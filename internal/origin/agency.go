package origin

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

//go:embed agencies.tsv
var shippedAgencies string

// name is one way to write an agency's name.
type name struct {
	words []string
	key   string
}

// names are the agencies' names by their first word, longest first.
var names = sync.OnceValue(func() map[string][]name {
	out := map[string][]name{}
	for line := range strings.Lines(shippedAgencies) {
		key, all, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for n := range strings.SplitSeq(all, "|") {
			words := strings.Fields(token.Fold(n))
			at := out[words[0]]
			i := 0
			for i < len(at) && len(at[i].words) >= len(words) {
				i++
			}
			at = append(at, name{})
			copy(at[i+1:], at[i:])
			at[i] = name{words, key}
			out[words[0]] = at
		}
	}
	return out
})

// Where an agency is named: not anywhere in the text ("told Reuters" is no
// origin), but where newsrooms credit one.
const (
	head = 24 // words at the beginning of the text: byline and dateline
	tail = 14 // words at its end
	last = 90 // words at its end where "Reporting by … Editing by" may begin
)

// Agency finds the agency that a text credits: in a dateline ("PARIS (AFP) -"),
// a byline ("Le Monde avec AFP"), a signature ("— Associated Press", "Source:
// TASS", "(PAP)") or in the title's end. The evidence is the agency's name.
func Agency(title, text string, doc token.Doc) (events.Origin, bool) {
	c := crediting{src: text, words: doc.Text, field: events.FieldText}
	if o, ok := c.within(0, min(head, len(doc.Text))); ok {
		return o, true
	}
	if o, ok := c.within(max(0, len(doc.Text)-tail), len(doc.Text)); ok {
		return o, true
	}
	if o, ok := c.houseStyle(); ok {
		return o, true
	}
	t := crediting{src: title, words: doc.Title, field: events.FieldTitle}
	return t.within(max(0, len(doc.Title)-3), len(doc.Title))
}

// Byline finds the agency that an author line names: "AFP", "Le Monde avec AFP",
// "Jane Doe, Associated Press".
func Byline(authors []string) (key string, ok bool) {
	for _, a := range authors {
		words := token.Split(a)
		for i := range words {
			if n, size := agencyAt(words, i, a); size > 0 {
				return n, true
			}
		}
	}
	return "", false
}

type crediting struct {
	src   string
	words []token.Token
	field string
}

func (c crediting) within(from, to int) (events.Origin, bool) {
	for i := from; i < to; i++ {
		key, size := agencyAt(c.words, i, c.src)
		if size == 0 {
			continue
		}
		if c.bracketed(i, size) || c.introduced(i, size) || c.alone(i, size) {
			return c.origin(key, i, size), true
		}
		i += size - 1
	}
	return events.Origin{}, false
}

func (c crediting) origin(key string, i, size int) events.Origin {
	return events.Origin{Key: key, Evidence: events.Mention{
		Field: c.field, Start: int(c.words[i].Start), End: int(c.words[i+size-1].End),
	}}
}

// bracketed: "(AFP)", "(dpa/AFP)", "/TASS/", "[Reuters]", not "(AP Photo)".
func (c crediting) bracketed(i, size int) bool {
	start, end := int(c.words[i].Start), int(c.words[i+size-1].End)
	if start > 0 && c.src[start-1] == '/' && end < len(c.src) && c.src[end] == '/' {
		return true
	}
	if c.words[i].Before&token.Open == 0 {
		return false
	}
	for j := i + size; ; {
		if j >= len(c.words) {
			return strings.ContainsAny(c.src[end:], ")]")
		}
		w := c.words[j]
		if w.Before&token.Close != 0 {
			return true
		}
		if _, n := agencyAt(c.words, j, c.src); n > 0 {
			j += n
			end = int(c.words[j-1].End)
			continue
		}
		if !joins(w.Fold) {
			return false
		}
		j++
	}
}

// joins reports whether a word may stand between two agencies' names.
func joins(w string) bool {
	switch w {
	case "and", "with", "et", "avec", "und", "mit", "y", "con", "e", "i", "и", "та", "en", "met":
		return true
	}
	return false
}

// introduced: "avec AFP", "Source: TASS", "© Reuters", at a line's or the
// text's end, or before a dash.
func (c crediting) introduced(i, size int) bool {
	if !c.ends(i + size) {
		return false
	}
	if start := int(c.words[i].Start); strings.HasSuffix(strings.TrimRight(c.src[max(0, start-4):start], " \u00a0"), "©") {
		return true
	}
	if i == 0 {
		return false
	}
	switch c.words[i-1].Fold {
	case "avec", "with", "mit", "con", "com", "met", "med", "z", "за", "із", "з", "с", "via", "cu", "s",
		"source", "sources", "quelle", "quellen", "fonte", "fuente", "bron", "zrodlo", "источник", "джерело", "zdroj", "sursa",
		"copyright", "credit", "agence", "agency", "agencia", "agenzia", "agentur", "agencja":
		return true
	case "by", "par", "von", "por", "da", "door", "od", "від", "от":
		return c.words[i-1].Starts()
	}
	return false
}

// alone: "AFP —" or "Reuters" on its own before the text's first sentence, and
// "— Associated Press" at its end.
func (c crediting) alone(i, size int) bool {
	if !c.ends(i + size) {
		return false
	}
	before := c.words[i].Before
	if i == 0 {
		return c.field == events.FieldText && i+size < len(c.words)
	}
	return i+size == len(c.words) && before&(token.Dash|token.Line|token.Other) != 0
}

// ends reports whether what comes before word i ends there.
func (c crediting) ends(i int) bool {
	return i >= len(c.words) || c.words[i].Before&(token.Line|token.Dash|token.Stop|token.Close|token.Other) != 0
}

// houseStyle: "Reporting by … Editing by …" is how Reuters signs.
func (c crediting) houseStyle() (events.Origin, bool) {
	from := max(0, len(c.words)-last)
	for i := from; i+1 < len(c.words); i++ {
		if c.words[i].Fold != "reporting" || c.words[i+1].Fold != "by" || c.words[i].Shape&token.Capital == 0 {
			continue
		}
		for j := i + 2; j+1 < len(c.words); j++ {
			if c.words[j].Fold == "editing" && c.words[j+1].Fold == "by" {
				return c.origin("reuters", i, 2), true
			}
		}
	}
	return events.Origin{}, false
}

// agencyAt returns the agency named by the words at i, and by how many.
func agencyAt(words []token.Token, i int, src string) (key string, size int) {
next:
	for _, n := range names()[words[i].Fold] {
		if i+len(n.words) > len(words) {
			continue
		}
		for j, w := range n.words[1:] {
			if words[i+1+j].Fold != w {
				continue next
			}
		}
		if len(n.words) == 1 && !written(words[i], src) {
			continue
		}
		return n.key, len(n.words)
	}
	return "", 0
}

// written reports whether a short name looks like an agency's: in capitals, or
// wholly small as dpa and apa write themselves.
func written(w token.Token, src string) bool {
	if len(w.Fold) > 4 || w.Shape&(token.Dotted|token.Ideograph) != 0 {
		return w.Shape&(token.Capital|token.Upper|token.Ideograph|token.Dotted) != 0 || len(w.Fold) > 6
	}
	if w.Shape&token.Upper != 0 {
		return true
	}
	switch w.Of(src) {
	case "dpa", "apa", "epd", "sid", "sda", "Lusa", "Tass":
		return true
	}
	return false
}
