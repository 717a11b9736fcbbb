package story

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/fingerprint"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

//go:embed stopwords.txt
var shippedStopwords string

// Item is what clustering knows of one article.
type Item struct {
	ID, Source, URL, Title, Lang string
	Published                    time.Time
	// At is the stream time at which the article counts.
	At time.Time

	// Words are stems of the title and the lead with their frequencies; Heads
	// those of the title alone; Names the entities; none weighted yet.
	Words, Heads, Names Vector
	// Plain are the words that are no part of a name.
	Plain Vector
	// Topics are what it is about, with their scores.
	Topics Vector
	// Places are linked locations, Numbers the distinctive numbers and dates,
	// Facts all linked entities; ascending, each once.
	Places, Numbers, Facts []uint32

	Family origin.Family
	Agency string
	Sketch fingerprint.Sketch
}

// Bounds of what is read of an article: the happening stands in the lead.
const (
	leadWords = 160
	wordTerms = 36
	nameTerms = 16
	// topicTerms bounds the topics of an article and of a story.
	topicTerms = 12
)

// ItemOf reads an enriched article. doc is its text, cut into words; at is its
// stream time.
func ItemOf(e events.Enriched, doc token.Doc, at time.Time) Item {
	a := e.Article
	it := Item{ID: a.ID, Source: a.Source, URL: a.URL, Title: a.Title, Lang: e.Lang, Published: a.PublishedAt, At: at}
	it.Sketch, _ = fingerprint.Parse(e.Signature)
	if e.Signature == "" {
		it.Sketch = fingerprint.Make(doc)
	}
	it.readWords(doc)
	it.readNames(e.Entities)
	it.Plain = without(it.Words, named(doc, e.Entities))
	it.readTopics(e.Topics)
	return it
}

func (it *Item) readWords(doc token.Doc) {
	stop := stopwords()
	lead := doc.Text[:min(leadWords, len(doc.Text))]
	it.Words = make(Vector, 0, len(doc.Title)+len(lead))
	it.Heads = make(Vector, 0, len(doc.Title))
	take := func(w token.Token, weight float32) {
		switch {
		case w.Shape&token.Number != 0:
			if n, ok := number(w); ok {
				it.Numbers = append(it.Numbers, n)
			}
			return
		case utf8.RuneCountInString(w.Fold) < 3 && w.Shape&(token.Upper|token.Ideograph) == 0, stop.has(it.Lang, w.Fold):
			return
		}
		it.Words = append(it.Words, Term{stem(w.Fold), weight})
	}
	read := func(words []token.Token, weight func(int) float32) {
		for i := 0; i < len(words); i++ {
			if size, n := date(words, i, it.At); size > 0 {
				if n != 0 {
					it.Numbers = append(it.Numbers, n)
				}
				i += size - 1
				continue
			}
			take(words[i], weight(i))
		}
	}
	read(doc.Title, func(int) float32 { return 2 })
	it.Heads = slices.Clone(it.Words).sum()
	read(lead, func(i int) float32 { return 1 - 0.5*float32(i)/leadWords })
	it.Words = it.Words.sum()
	for i, t := range it.Words {
		it.Words[i].Weight = float32(1 + math.Log(math.Max(0.5, float64(t.Weight))))
	}
	slices.Sort(it.Numbers)
	it.Numbers = slices.Compact(it.Numbers)
}

// readNames weighs an entity by where and how often it stands. A name that is
// not linked counts by its words, so that it meets itself.
func (it *Item) readNames(entities []events.Entity) {
	for _, e := range entities {
		h := nameHash(e.ID)
		if e.ID == "" {
			h = uint32(xxhash.Sum64String("\x01" + token.Fold(e.Name)))
		} else {
			it.Facts = append(it.Facts, h)
			if e.Kind == events.Location {
				it.Places = append(it.Places, h)
			}
		}
		w := 1 + 0.5*math.Log(float64(max(1, len(e.Mentions))))
		for _, m := range e.Mentions {
			if m.Field == events.FieldTitle {
				w++
				break
			}
		}
		it.Names = append(it.Names, Term{h, float32(w)})
	}
	it.Names = it.Names.sum()
	slices.Sort(it.Facts)
	it.Facts = slices.Compact(it.Facts)
	slices.Sort(it.Places)
	it.Places = slices.Compact(it.Places)
}

// named are the words within names, as stems, ascending.
func named(doc token.Doc, entities []events.Entity) []uint32 {
	var out []uint32
	for _, e := range entities {
		for _, m := range e.Mentions {
			words := doc.Text
			if m.Field == events.FieldTitle {
				words = doc.Title
			}
			i, _ := slices.BinarySearchFunc(words, m.Start, func(w token.Token, at int) int { return int(w.Start) - at })
			for ; i < len(words) && int(words[i].Start) < m.End; i++ {
				out = append(out, stem(words[i].Fold))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// without is v without the terms of hashes.
func without(v Vector, hashes []uint32) Vector {
	return slices.DeleteFunc(slices.Clone(v), func(t Term) bool {
		_, in := slices.BinarySearch(hashes, t.Hash)
		return in
	})
}

// readTopics takes a topic and those above it: two airstrikes are alike, and an
// airstrike and a battle are so in part.
func (it *Item) readTopics(tags []events.Tag) {
	for _, t := range tags {
		for topic := t.Topic; topic != ""; topic = above(topic) {
			it.Topics = append(it.Topics, Term{uint32(xxhash.Sum64String("\x02" + topic)), float32(t.Score)})
		}
	}
	it.Topics = it.Topics.sum()
	for i, t := range it.Topics {
		it.Topics[i].Weight = min(1, t.Weight)
	}
}

// above is the topic that a dotted topic is under, or "".
func above(topic string) string {
	i := strings.LastIndexByte(topic, '.')
	return topic[:max(0, i)]
}

// stem is a word cut so that its inflections meet, in any language: without a
// final s, six letters at most.
func stem(w string) uint32 { return uint32(xxhash.Sum64String(cutStem(w))) }

func cutStem(w string) string {
	if len(w) > 3 && w[len(w)-1] == 's' {
		w = w[:len(w)-1]
	}
	n := 0
	for i := range w {
		if n == 6 {
			return w[:i]
		}
		n++
	}
	return w
}

// number is the hash of a number worth keeping: two digits or more, and no
// year of our time, which every text has.
func number(w token.Token) (uint32, bool) {
	digits := 0
	for i := range len(w.Fold) {
		if w.Fold[i] >= '0' && w.Fold[i] <= '9' {
			digits++
		}
	}
	year := len(w.Fold) == 4 && (strings.HasPrefix(w.Fold, "19") || strings.HasPrefix(w.Fold, "20"))
	if digits < 2 || year {
		return 0, false
	}
	plain := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, w.Fold)
	return uint32(xxhash.Sum64String("#" + plain)), true
}

// stoplist has, for each word, the languages in which it says nothing.
type stoplist struct {
	langs map[string]uint32
	words map[string]uint32
}

func (s stoplist) has(lang, word string) bool {
	in, ok := s.words[word]
	if !ok {
		return false
	}
	tag, _, _ := strings.Cut(lang, "-")
	bit, ok := s.langs[tag]
	return !ok || in&(bit|1) != 0
}

var stopwords = sync.OnceValue(func() stoplist {
	s := stoplist{langs: map[string]uint32{}, words: map[string]uint32{}}
	for line := range strings.Lines(shippedStopwords) {
		lang, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		bit := uint32(1)
		if lang != "*" {
			bit = 1 << (len(s.langs) + 1)
			s.langs[lang] = bit
		}
		for w := range strings.FieldsSeq(words) {
			s.words[w] |= bit
		}
	}
	return s
})
