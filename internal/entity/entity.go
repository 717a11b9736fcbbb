// Package entity finds who and what a text names, and says which of the
// things known by that name it means.
//
// It knows names, words and a knowledge base; it has never heard of networks,
// queues or alerts. Three parts work together, and each says in the entity's
// reason what it did: the base (what is known, under which forms), the tagger
// (what in this sentence is a name, and of which kind) and the linker (who of
// those who bear the name is meant). A name that nobody knows stays without an
// id, but is one entity throughout the article.
package entity

import (
	"sync"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Finder finds the entities of articles. It may be used by many at once.
type Finder struct {
	Base *Base
	// Tagger finds names that the base does not know; without it, only those
	// of the base and those behind a title are found.
	Tagger *tagger.Model

	readings sync.Pool // of *reading, whose memory serves again
}

// New returns a finder with what the program carries.
func New() (*Finder, error) {
	b, err := Builtin()
	if err != nil {
		return nil, err
	}
	m, err := Tagger()
	if err != nil {
		return nil, err
	}
	return &Finder{Base: b, Tagger: m}, nil
}

// Find returns the entities of a, whose words are doc, in the order of their
// first mention: title before text. lang is the identified language ("und" when
// unsure). The same input always gives the same entities.
func (f *Finder) Find(a events.Article, doc token.Doc, lang string) []events.Entity {
	if f.Base == nil {
		return nil
	}
	r, ok := f.readings.Get().(*reading)
	if !ok {
		r = &reading{}
	}
	defer f.readings.Put(r)
	r.base, r.tagger, r.lang, r.bit, r.day, r.spans = f.Base, f.Tagger, lang, langBit(lang), day(a), r.spans[:0]
	r.fields[0].begin(events.FieldTitle, a.Title, doc.Title)
	r.fields[1].begin(events.FieldText, a.Text, doc.Text)
	for i := range r.fields {
		r.match(&r.fields[i])
	}
	for i := range r.fields {
		r.tag(f.Tagger, i)
	}
	r.link()
	return r.entities()
}

// day is the article's own date, for offices that change hands; "" when it has
// none, and then no office is resolved to a person.
func day(a events.Article) string {
	t := a.EventTime()
	if t.IsZero() || t.Year() < 1900 {
		return ""
	}
	return t.UTC().Format("2006-01-02")
}

// reading is one article while it is read.
type reading struct {
	base   *Base
	tagger *tagger.Model
	lang   string
	bit    uint16
	day    string
	fields [2]field
	spans  []span // of both fields, in order

	work   tagger.Work
	tagged []tagger.Span
	clues  []tagger.Hint
	alike  []alike
}

// field is the title or the text.
type field struct {
	name    string
	src     string
	words   []token.Token
	shouts  bool // written in capitals throughout, so that they say nothing
	titled  bool // An English Headline Where All Words Have Capitals
	hits    []hit
	offices []hit
	taken   []bool // words that a span covers
}

// begin begins to read a field: it looks at how the field uses capitals.
func (f *field) begin(name, src string, words []token.Token) {
	*f = field{name: name, src: src, words: words, hits: f.hits[:0], offices: f.offices[:0], taken: f.taken[:0]}
	var letters, capital, upper, long int
	for i := range words {
		w := &words[i]
		if i == 400 {
			break
		}
		if w.Shape&token.Letters == 0 {
			continue
		}
		letters++
		if w.Shape&token.Capital != 0 {
			capital++
		}
		if w.Shape&token.Upper != 0 {
			upper++
		}
		if len(w.Fold) > 3 && w.Shape&token.Capital == 0 {
			long++
		}
	}
	f.shouts = letters >= 3 && upper*5 >= letters*4
	f.titled = !f.shouts && name == events.FieldTitle && letters >= 4 && long*8 <= letters && capital*5 >= letters*3
}

// span is a stretch of words that names something.
type span struct {
	field    int
	from, to int // words [from, to)
	kind     byte
	seen     byte   // the kind that the tagger saw, or 0
	post     uint32 // the first of the base's posts for these words, or 0
	stem     bool   // found by its stem
	record   int32  // number+1 of the record it was linked to
	entity   int32  // number+1 of the span that has its full name
	same     uint64 // equal for spans of one entity
	reason   string
}
