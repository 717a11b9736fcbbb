package query

import (
	"strings"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Source is what is known of an article's publisher.
type Source struct {
	// Country is an ISO 3166-1 alpha-2 code, "" when not known.
	Country string
	// Tier is 1 for the most trusted, 0 when not known.
	Tier int
	// Family is the publisher's owner.
	Family string
}

// View is one article as queries see it. It is made once, by [Reader.View], and
// asked by every query; it must not be asked from two goroutines at once.
type View struct {
	// Article is what the view was made of.
	Article *events.Enriched
	// Source is what is known of its publisher.
	Source Source

	reader *Reader
	tokens []token.Token // of the title, then of the text
	titles int           // how many are of the title
	lang   string
	words  chains             // token of each word's hash
	known  []uint64           // hash of each fact, some more than once
	saying [][]events.Mention // the words that say so
	facts  chains             // of known

	stems []stems // of each token, once asked
	forms chains  // token of each stem
}

// View reads an article: e as it was enriched, doc the words of its title and
// text as [token.Of] cut them.
func (r *Reader) View(e *events.Enriched, doc token.Doc, src Source) *View {
	v := &View{Article: e, Source: src, reader: r, titles: len(doc.Title), lang: stemLang(e.Lang)}
	v.tokens = doc.Tokens()
	v.words = newChains(len(v.tokens))
	for i := range v.tokens {
		v.words.put(int32(i), v.tokens[i].Hash)
	}
	v.learn()
	return v
}

// NewView cuts e's text and reads it alone, for a test or a search.
func NewView(e *events.Enriched, src Source) *View {
	return new(Reader).View(e, token.Of(e.Article.Title, e.Article.Text), src)
}

// spell is the token's word in lower case with its accents.
func (v *View) spell(i int) string {
	s := v.Article.Article.Title
	if i >= v.titles {
		s = v.Article.Article.Text
	}
	t := &v.tokens[i]
	w := t.Of(s)
	for j := range len(w) {
		if w[j] >= 0x80 {
			return strings.ToLower(w)
		}
	}
	return t.Fold
}

// inflect stems every word of the article, once.
func (v *View) inflect() {
	if v.stems != nil || len(v.tokens) == 0 {
		return
	}
	v.stems = v.reader.all(v)
	v.forms = newChains(2 * len(v.tokens))
	for i, s := range v.stems {
		if s[0] != s[1] {
			v.forms.put(int32(2*i), s[0])
		}
		v.forms.put(int32(2*i+1), s[1])
	}
}

// mention is the stretch from token i to token j, both of one field.
func (v *View) mention(i, j int) events.Mention {
	m := events.Mention{Field: events.FieldTitle, Start: int(v.tokens[i].Start), End: int(v.tokens[j].End)}
	if i >= v.titles {
		m.Field = events.FieldText
	}
	return m
}

// field reports whether token i is of a field that f looks at.
func (v *View) field(f Field, i int) bool {
	return f == Any || (f == Title) == (i < v.titles)
}

// learn lists the facts that fields ask for.
func (v *View) learn() {
	e := v.Article
	v.known = make([]uint64, 0, 8+6*len(e.Entities)+3*len(e.Topics))
	v.saying = make([][]events.Mention, 0, cap(v.known))
	v.path(Lang, strings.ToLower(e.Lang), "-")
	v.domain(strings.ToLower(e.Article.Source))
	v.know(SourceCountry, strings.ToUpper(v.Source.Country))
	v.know(Country, strings.ToUpper(v.Source.Country))
	kind := e.Kind
	if kind == "" {
		kind = "news"
	}
	v.know(Kind, kind)
	v.know(Origin, strings.Join(settled(e.Article.Origin), " "))
	if e.Origin != nil {
		v.know(Origin, strings.Join(settled(e.Origin.Key), " "), e.Origin.Evidence)
	}
	for i := range e.Topics {
		v.path(Topic, e.Topics[i].Topic, ".", e.Topics[i].Evidence...)
	}
	for i := range e.Entities {
		v.entity(&e.Entities[i])
	}
	v.facts = newChains(len(v.known))
	for i, h := range v.known {
		v.facts.put(int32(i), h)
	}
}

func (v *View) entity(e *events.Entity) {
	if e.ID != "" {
		v.know(Entity, canonicalID(e.ID), e.Mentions...)
	}
	name := v.reader.name(e.Name).settled
	v.know(Entity, name, e.Mentions...)
	for i := range e.Mentions {
		if said := v.reader.name(e.Mentions[i].Of(v.Article.Article)).folded; said != name {
			v.know(Entity, said, e.Mentions[i:i+1]...)
		}
	}
	v.know(EntityKind, e.Kind, e.Mentions...)
	if e.Kind != events.Organisation { // an agency's name is no word of its country
		v.know(PlaceCountry, strings.ToUpper(e.Country), e.Mentions...)
	}
	v.know(Country, strings.ToUpper(e.Country), e.Mentions...)
}

// know notes that a field has a value, and the words that say so.
func (v *View) know(f Field, value string, where ...events.Mention) {
	if value != "" {
		v.known, v.saying = append(v.known, factOf(f, value)), append(v.saying, where)
	}
}

// path notes a value and each of its beginnings: weapons.missile and weapons.
func (v *View) path(f Field, value, sep string, where ...events.Mention) {
	for value != "" {
		v.know(f, value, where...)
		i := strings.LastIndex(value, sep)
		value = value[:max(i, 0)]
	}
}

// domain notes a domain and each that it belongs to: news.bbc.co.uk and
// bbc.co.uk.
func (v *View) domain(d string) {
	for d != "" {
		v.know(SourceField, d)
		_, d, _ = strings.Cut(d, ".")
	}
}

// chains finds the items of a hash: a closed table of heads, and for each item
// the next of the same bucket.
type chains struct {
	heads, nexts []int32
	hashes       []uint64
}

func newChains(n int) chains {
	size := 4
	for size < 2*n {
		size *= 2
	}
	both := make([]int32, size+n)
	return chains{heads: both[:size], nexts: both[size:], hashes: make([]uint64, n)}
}

// put adds item i, which must be below the size that the table was made for.
func (c *chains) put(i int32, hash uint64) {
	at := &c.heads[hash&uint64(len(c.heads)-1)]
	c.hashes[i], c.nexts[i], *at = hash, *at, i+1
}

// first gives the item put last with that hash, or -1.
func (c *chains) first(hash uint64) int32 {
	if len(c.heads) == 0 {
		return -1
	}
	return c.skip(c.heads[hash&uint64(len(c.heads)-1)]-1, hash)
}

// after gives the item of the same hash that was put before i, or -1.
func (c *chains) after(i int32) int32 { return c.skip(c.nexts[i]-1, c.hashes[i]) }

func (c *chains) skip(i int32, hash uint64) int32 {
	for i >= 0 && c.hashes[i] != hash {
		i = c.nexts[i] - 1
	}
	return i
}
