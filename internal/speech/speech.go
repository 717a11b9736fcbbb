// Package speech tells who says what: quotations with their speaker, and what
// is claimed, confirmed or denied in reported speech.
// It knows quotation marks and verbs of saying; it has never heard of what is
// true.
//
// The method is that of rule-based quotation attribution (Pouliquen,
// Steinberger & Best 2007, "Automatic detection of quotations in multilingual
// news"): marks give the words, a verb of saying near them gives the stance,
// and the name that stands as its subject gives the speaker. It is plain where
// grammar is rich: a statement whose speaker it is not sure of has none, and
// reported speech without a speaker is left out.
package speech

import (
	"cmp"
	"slices"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Stances of a statement, as [events.Statement.Stance] has them.
const (
	Claim   = "claim"
	Confirm = "confirm"
	Deny    = "deny"
	Quote   = "quote"
)

// Bounds of what is read of one article.
const (
	MaxWords      = 6000 // of the text
	MaxStatements = 64
)

// Find gives the statements of a in the order of the text, title first. doc is
// the article's title and text cut into words, lang its language: of one
// without a lexicon only quotations are found. ents are the article's entities,
// which speakers are resolved to. Words of each are a stretch of a.
func Find(a events.Article, doc token.Doc, lang string, ents []events.Entity) []events.Statement {
	r := reading{lex: lexiconOf(lang), ents: ents}
	r.field(events.FieldTitle, a.Title, doc.Title)
	r.field(events.FieldText, a.Text, doc.Text[:min(len(doc.Text), MaxWords)])
	return r.says
}

// reading is one article while it is read.
type reading struct {
	lex  *lexicon
	ents []events.Entity
	says []events.Statement
	last who // who spoke last

	// of the field in hand
	name    string
	src     string
	titled  bool // Written With Capitals Throughout, which say nothing then
	words   []token.Token
	namings []naming
	quotes  []quote
	verbs   []verb
}

// naming is a mention of an entity: words [from, to).
type naming struct {
	from, to, entity int
	kind             string
}

func (r *reading) field(name, src string, words []token.Token) {
	if len(words) == 0 {
		return
	}
	r.name, r.src, r.words = name, src, words
	r.titled = r.lex.nouns || titled(words)
	r.quotes = quotations(src, words)
	r.find()
	if len(r.quotes) == 0 && len(r.verbs) == 0 {
		return
	}
	r.place()
	from := len(r.says)
	r.attribute()
	r.report()
	slices.SortStableFunc(r.says[from:], func(a, b events.Statement) int {
		return cmp.Or(a.Words.Start-b.Words.Start, a.Words.End-b.Words.End)
	})
}

// titled reports whether most words have capitals.
func titled(words []token.Token) bool {
	letters, capitals := 0, 0
	for _, w := range words[:min(len(words), most)] {
		if w.Shape&token.Letters != 0 {
			letters++
			capitals += int(w.Shape & token.Capital)
		}
	}
	return capitals*5 > letters*3
}

// place finds the words of the entities' mentions.
func (r *reading) place() {
	r.namings = r.namings[:0]
	for i := range r.ents {
		for _, m := range r.ents[i].Mentions {
			if m.Field != r.name {
				continue
			}
			from, to := r.after(m.Start), r.after(m.End-1)
			if to < len(r.words) && int(r.words[to].Start) < m.End {
				to++
			}
			if from < to {
				r.namings = append(r.namings, naming{from, to, i, r.ents[i].Kind})
			}
		}
	}
	slices.SortFunc(r.namings, func(a, b naming) int {
		return cmp.Or(a.from-b.from, b.to-a.to, a.entity-b.entity)
	})
}

// after is the index of the first word that ends after byte at.
func (r *reading) after(at int) int {
	i, _ := slices.BinarySearchFunc(r.words, int32(at), func(w token.Token, at int32) int {
		if w.End <= at {
			return -1
		}
		return 1
	})
	return i
}

// within gives the namings that begin in words [from, to).
func (r *reading) within(from, to int) []naming {
	by := func(n naming, at int) int { return n.from - at }
	i, _ := slices.BinarySearchFunc(r.namings, from, by)
	j := i
	for j < len(r.namings) && r.namings[j].from < to {
		j++
	}
	return r.namings[i:j]
}

// say notes a statement of bytes [start, end).
func (r *reading) say(stance, speaker string, start, end int) {
	if len(r.says) < MaxStatements && start < end {
		r.says = append(r.says, events.Statement{
			Stance: stance, Speaker: speaker, Words: events.Mention{Field: r.name, Start: start, End: end},
		})
	}
}

// span is the bytes of words [from, to), with the marks that belong to the
// last of them left out.
func (r *reading) span(from, to int) (start, end int) {
	return int(r.words[from].Start), int(r.words[to-1].End)
}

// most is how many words a sentence is followed for.
const most = 80

// begin is the first word of word i's sentence, and end the first of the next.
func (r *reading) begin(i int) int {
	for lo := max(0, i-most); i > lo && !r.words[i].Starts(); i-- {
	}
	return i
}

func (r *reading) end(i int) int {
	hi := min(len(r.words), i+most)
	for i++; i < hi && !r.words[i].Starts(); i++ {
	}
	return min(i, len(r.words))
}
