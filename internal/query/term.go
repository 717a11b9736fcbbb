package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/tocsin-news/tocsin/internal/token"
)

// fielded reads what stands after a field's name.
func (p *parser) fielded() (Node, error) {
	at := p.tok
	f := Field(strings.ToLower(at.text))
	if !slices.Contains(Fields(), f) {
		return nil, p.fail(at.start, fieldHint(at.text), "unknown field %q", at.text)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if !p.joined(at.stop) || p.tok.sign != open && p.tok.sign != word && p.tok.sign != phrase && !p.operatorAsValue() {
		return nil, p.fail(at.start, "write it right after the colon: "+string(f)+":"+example(f), "%s: has no value", f)
	}
	if p.tok.sign == open {
		outer := p.field
		p.field = f
		n, err := p.bracket()
		p.field = outer
		return n, err
	}
	return p.term(f, at.start)
}

// operatorAsValue takes country:OR for Oregon's sake: a value may look like an
// operator when it touches its field's colon.
func (p *parser) operatorAsValue() bool {
	switch p.tok.sign {
	case and, or, not:
		p.tok.sign = word
		return true
	}
	return false
}

func fieldHint(name string) string {
	known := make([]string, 0, 16)
	for _, f := range Fields() {
		known = append(known, string(f))
	}
	if like := nearest(name, known); like != "" {
		return "did you mean " + like + ":"
	}
	return "fields are " + strings.Join(known, " ") + `; put words with a colon in quotation marks`
}

func example(f Field) string {
	switch f {
	case Lang:
		return "fr"
	case SourceField:
		return "bbc.co.uk"
	case Country, PlaceCountry, SourceCountry:
		return "UA"
	case Tier:
		return "<=2"
	case Entity:
		return "Q7184"
	case EntityKind:
		return "ORG"
	case Kind:
		return "opinion"
	case Topic:
		return "weapons.missile"
	case Origin:
		return "afp"
	}
	return "missile"
}

// term reads a word or phrase with the marks behind it.
func (p *parser) term(f Field, start int) (Node, error) {
	l := p.tok
	if p.terms++; p.terms > MaxTerms {
		return nil, p.fail(l.start, "split it into several queries", "query has more than %d terms", MaxTerms)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	t := &Term{Field: f, Start: start}
	stop := l.stop
	for (p.tok.sign == tilde || p.tok.sign == star) && p.joined(stop) {
		t.Inflected = t.Inflected || p.tok.sign == tilde
		t.Prefix = t.Prefix || p.tok.sign == star
		stop = p.tok.stop
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if !p.stops() && p.joined(stop) && p.tok.sign == word {
		return nil, p.fail(p.tok.start, "a star or a tilde ends its word; put a space after it", "did not expect %q here", p.tok.text)
	}
	t.End = stop
	if t.Inflected && t.Prefix {
		return nil, p.fail(l.start, "take one: missil* or \"missile\"~", "a term cannot be inflected and a prefix at once")
	}
	if f.Worded() {
		return t, p.worded(t, l)
	}
	return t, p.valued(t, l)
}

// worded fills a term that is compared with the words of the article.
func (p *parser) worded(t *Term, l lexeme) error {
	t.Words = settled(l.text)
	if len(t.Words) == 0 {
		return p.fail(l.start, "a term needs a letter or a digit", "%q holds no word", l.text)
	}
	last := t.Words[len(t.Words)-1]
	if t.Prefix && utf8.RuneCountInString(last) < 2 {
		return p.fail(l.start, "two letters at least", "prefix %q is too short", last)
	}
	if t.Inflected {
		t.Spelt = spelt(l.text, t.Words)
	}
	t.keys = make([]uint64, len(t.Words))
	for i, w := range t.Words {
		t.keys[i] = xxhash.Sum64String(w)
	}
	return nil
}

// settled folds s until folding it again changes nothing, so that what is
// printed is read back the same.
func settled(s string) []string {
	for range 4 {
		f := token.Fold(s)
		if f == s {
			break
		}
		s = f
	}
	if s == "" {
		return nil
	}
	return strings.Split(s, " ")
}

// spelt gives the words in lower case with their accents, or words where that
// would not be read back the same.
func spelt(s string, words []string) []string {
	out := lowered(s)
	again := strings.Join(out, " ")
	if len(out) != len(words) || !slices.Equal(settled(again), words) || !slices.Equal(lowered(again), out) {
		return words
	}
	return out
}

func lowered(s string) (out []string) {
	s = norm.NFC.String(s)
	for _, t := range token.Split(s) {
		out = append(out, norm.NFC.String(strings.Map(spelling, strings.ToLower(t.Of(s)))))
	}
	return out
}

// spelling keeps what words are written with.
func spelling(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || strings.ContainsRune("'’.", r) {
		return r
	}
	return -1
}

var (
	langTag    = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{1,8})*$`)
	countryTag = regexp.MustCompile(`^[A-Z]{2}$`)
	topicPath  = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)
	tierRule   = regexp.MustCompile(`^(<=|>=|<|>|=)?([1-9])$`)
	entityID   = regexp.MustCompile(`^(?i:q[0-9]+|[a-z0-9]+(\.[a-z0-9_-]+)+)$`)
	domainLike = regexp.MustCompile(`^[\p{L}\p{N}._-]+$`)
)

// Kinds are the kinds of piece that kind: takes.
func Kinds() []string { return []string{"news", "opinion", "live", "analysis", "anniversary"} }

// valued fills a term that is compared with what is known of the article.
func (p *parser) valued(t *Term, l lexeme) error {
	v := strings.Join(strings.Fields(l.text), " ")
	bad := func(hint string) error { return p.fail(l.start, hint, "%s: cannot be %q", t.Field, l.text) }
	if t.Field == Topic && t.Prefix && strings.HasSuffix(v, ".") { // weapons.* is weapons
		t.Prefix, v = false, strings.TrimSuffix(v, ".")
	}
	if t.Inflected || t.Prefix && t.Field != SourceField {
		return p.fail(l.start, "only words take ~ and *, and source: takes *", "%s: is compared as it stands", t.Field)
	}
	switch t.Field {
	case Lang:
		if v = strings.ToLower(v); !langTag.MatchString(v) {
			return bad("a language tag such as fr or en-gb, or und")
		}
	case SourceField:
		if v = strings.ToLower(v); !domainLike.MatchString(v) {
			return bad("a publisher's domain such as lemonde.fr")
		}
	case Country, PlaceCountry, SourceCountry:
		if v = strings.ToUpper(v); !countryTag.MatchString(v) {
			return bad("two letters of ISO 3166, such as UA")
		}
	case Tier:
		m := tierRule.FindStringSubmatch(v)
		if m == nil {
			return bad("a number from 1 to 9, or a comparison such as <=2")
		}
		if t.Op, v = m[1], m[2]; t.Op == "" {
			t.Op = "="
		}
	case EntityKind:
		if v = strings.ToUpper(v); !slices.Contains([]string{"PER", "ORG", "LOC", "MISC"}, v) {
			return bad("PER ORG LOC or MISC")
		}
	case Kind:
		if slices.Contains([]string{"PER", "ORG", "LOC", "MISC"}, strings.ToUpper(v)) {
			return bad("kinds of entity are entity.kind:" + strings.ToUpper(v))
		}
		if v = strings.ToLower(v); !slices.Contains(Kinds(), v) {
			return bad("one of " + strings.Join(Kinds(), " "))
		}
	case Topic:
		if v = strings.ToLower(v); !topicPath.MatchString(v) {
			return bad("a dotted path such as weapons.missile; its children match too")
		}
	case Origin:
		if v = token.Fold(v); v != strings.Join(settled(v), " ") || v == "" {
			return bad("an agency's key such as afp")
		}
	case Entity:
		return p.entity(t, l, v)
	}
	t.Value = v
	t.keys = []uint64{factOf(t.Field, v)}
	return nil
}

// entity tells an id from a name. A name is kept as folded words.
func (p *parser) entity(t *Term, l lexeme, v string) error {
	t.Words = settled(v)
	for _, id := range []string{v, strings.Join(t.Words, " ")} {
		if entityID.MatchString(id) {
			t.Words, t.Value = nil, canonicalID(id)
			t.keys = []uint64{factOf(t.Field, t.Value)}
			return nil
		}
	}
	if len(t.Words) == 0 {
		return p.fail(l.start, `an id such as Q7184 or per.mark-rutte, or a name: entity:"Mark Rutte"`, "entity: cannot be %q", v)
	}
	t.keys = []uint64{factOf(t.Field, strings.Join(t.Words, " "))}
	return nil
}

// canonicalID writes an entity's id as queries do: a QID in capitals, a key of
// the base in lower case.
func canonicalID(id string) string {
	if strings.Contains(id, ".") {
		return strings.ToLower(id)
	}
	return strings.ToUpper(id)
}
