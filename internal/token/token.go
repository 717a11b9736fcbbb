// Package token cuts a text into words and folds them.
// It knows letters, case and accents; it has never heard of a language.
//
// A text is cut once, and every noun that reads words (entity, topic, query,
// story) reads the same ones, so that an offset means the same to all.
// Boundaries are those of UAX #29, then cut again where news needs it:
// "l'OTAN" is l + OTAN, "Trump's" is Trump + s, "U.S." is one word.
package token

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
	"github.com/clipperhouse/uax29/v2/words"
)

// Token is one word: bytes [Start, End) of the text that was cut.
type Token struct {
	// Fold is the word in lower case, without accents and invisible marks:
	// "Élysée" is "elysee", "U.S." is "u.s.", "’" is "'".
	Fold string
	// Hash is xxhash64 of Fold.
	Hash       uint64
	Start, End int32
	// Before is everything that stands between the word and the one before.
	Before Gap
	Shape  Shape
}

// Of returns the token's own words in s, the text that was cut.
func (t Token) Of(s string) string { return s[t.Start:t.End] }

// Starts reports whether the word begins a sentence.
func (t Token) Starts() bool { return t.Before&(First|Stop|Line) != 0 }

// Near reports whether nothing but white space, a hyphen or an apostrophe
// stands before the word, so that it may continue a phrase.
func (t Token) Near() bool { return t.Before&^(Space|Hyphen|Apostrophe|Abbrev) == 0 }

// Gap is the set of what stands between two words.
type Gap uint16

// What may stand before a word.
const (
	First      Gap = 1 << iota // nothing: the first word of the text
	Space                      // white space
	Hyphen                     // - and the dashes that join words, &
	Apostrophe                 // ' and ’
	Abbrev                     // a full stop that ends an abbreviation or initial: M. Rutte
	Comma                      // , ; and their like
	Colon                      // :
	Stop                       // . ! ? … and their like
	Quote                      // quotation marks of any kind
	Open                       // ( [ {
	Close                      // ) ] }
	Dash                       // a dash that parts: – —, or a hyphen between spaces
	Line                       // a line break
	Other                      // any other mark
)

// Shape is what the letters of a word look like.
type Shape uint8

// What the letters of a word may look like.
const (
	Capital   Shape = 1 << iota // the first letter is upper case
	Upper                       // two letters or more, none lower case
	Number                      // begins with a digit
	Letters                     // has a letter
	Mixed                       // upper case after a lower-case letter: McDonald, iPhone
	Dotted                      // U.S.
	Ideograph                   // Chinese, Japanese, Thai …: written without spaces
)

// Doc is a title and a text, each cut into words.
type Doc struct {
	Title, Text []Token

	all []Token
}

// Of cuts a title and a text.
func Of(title, text string) Doc {
	c := newCutter(len(title) + len(text))
	c.cut(title)
	n := len(c.out)
	c.cut(text)
	all := c.settle()
	return Doc{Title: all[:n:n], Text: all[n:], all: all}
}

// Tokens are those of the title, then those of the text. They must not be
// changed.
func (d Doc) Tokens() []Token {
	if len(d.all) == len(d.Title)+len(d.Text) {
		return d.all
	}
	return append(slices.Clone(d.Title), d.Text...)
}

// Split cuts s into words, in order. Punctuation is not a word: it is in the
// next one's Before.
func Split(s string) []Token {
	c := newCutter(len(s))
	c.cut(s)
	return c.settle()
}

// Fold folds s whole: its words, each folded, with one space between. It is
// the form under which dictionaries keep names and phrases.
func Fold(s string) string {
	var b strings.Builder
	for i, t := range Split(s) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Fold)
	}
	return b.String()
}

type cutter struct {
	src    string
	out    []Token
	folds  []byte
	ends   []int32 // end of each token's fold in folds
	from   int     // the first token of src in out
	before Gap
	tables *words.Iterator[string]
}

// newCutter makes room for so many bytes of text.
func newCutter(n int) *cutter {
	about := n/5 + 4
	return &cutter{out: make([]Token, 0, about), ends: make([]int32, 0, about), folds: make([]byte, 0, n+n/16+8)}
}

func (c *cutter) cut(s string) {
	c.src, c.from, c.before = s, len(c.out), First
	for at := 0; at < len(s); {
		at = c.segment(at)
	}
}

// word takes one segment of UAX #29: a word, or what stands between.
func (c *cutter) word(start, end int) {
	w := c.src[start:end]
	r, _ := utf8.DecodeRuneInString(w)
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !(end-start > utf8.RuneLen(r) && hasWord(w)) {
		c.gap(w, end)
		return
	}
	if marked(w) {
		c.inner(start, end)
		return
	}
	c.add(start, end, false)
}

// marked reports whether w holds an apostrophe or a full stop behind its first
// byte.
func marked(w string) bool {
	for i := 1; i < len(w); i++ {
		switch w[i] {
		case '\'', '.':
			return true
		case 0xe2: // ’ is e2 80 99
			if strings.HasPrefix(w[i:], "’") {
				return true
			}
		}
	}
	return false
}

func hasWord(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) >= 0
}

// inner cuts a segment that holds an apostrophe or a full stop.
func (c *cutter) inner(start, end int) {
	w := c.src[start:end]
	if dotted(w) {
		if end < len(c.src) && c.src[end] == '.' {
			end++
		}
		c.add(start, end, true)
		return
	}
	for i, r := range w {
		switch {
		case i == 0:
		case r == '.' && !digits(w, i):
			c.part(start, start+i)
			c.before |= Stop
			c.word(start+i+1, end)
			return
		case r == '\'' || r == '’':
			rest := w[i+utf8.RuneLen(r):]
			if !elided(w[:i]) && !strings.EqualFold(rest, "s") {
				continue
			}
			c.part(start, start+i)
			c.before |= Apostrophe
			c.word(end-len(rest), end)
			return
		}
	}
	c.add(start, end, false)
}

func (c *cutter) part(start, end int) {
	if start < end {
		c.add(start, end, false)
	}
}

// dotted reports whether w is U.S or O.T.A.N: single letters with full stops.
func dotted(w string) bool {
	letter := true
	n := 0
	for _, r := range w {
		if letter != unicode.IsLetter(r) || (!letter && r != '.') {
			return false
		}
		if letter {
			n++
		}
		letter = !letter
	}
	return n > 1
}

func digits(w string, i int) bool {
	return i > 0 && i+1 < len(w) && w[i-1] >= '0' && w[i-1] <= '9' && w[i+1] >= '0' && w[i+1] <= '9'
}

// elided reports whether w stands for a whole word before an apostrophe in
// French, Italian or Catalan.
func elided(w string) bool {
	if len(w) > 8 {
		return false
	}
	switch strings.ToLower(w) {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu",
		"dell", "nell", "sull", "all", "dall", "un", "quest", "quell":
		return true
	}
	return false
}

// add appends the word [start, end).
func (c *cutter) add(start, end int, dots bool) {
	at := len(c.folds)
	var sh Shape
	c.folds, sh = appendFold(c.folds, c.src[start:end])
	if dots {
		sh |= Dotted
		if c.folds[len(c.folds)-1] != '.' {
			c.folds = append(c.folds, '.')
		}
	}
	if len(c.folds) == at { // nothing but invisible marks
		return
	}
	if last := len(c.out) - 1; last >= c.from && c.before == 0 && int(c.out[last].End) < start {
		// A zero-width space stood between: one word to whoever reads it.
		c.out[last].End, c.out[last].Shape = int32(end), c.out[last].Shape|sh&^Capital
		c.ends[last] = int32(len(c.folds))
		return
	}
	c.ends = append(c.ends, int32(len(c.folds)))
	c.out = append(c.out, Token{Start: int32(start), End: int32(end), Before: c.before, Shape: sh})
	c.before = 0
}

// settle makes the folds, which moved while they grew, strings of one buffer,
// and returns the words.
func (c *cutter) settle() []Token {
	all := string(c.folds)
	at := int32(0)
	for i := range c.out {
		f := all[at:c.ends[i]]
		at = c.ends[i]
		c.out[i].Fold = f
		c.out[i].Hash = xxhash.Sum64String(f)
	}
	return c.out
}

// gap adds what w holds to the set before the next word.
func (c *cutter) gap(w string, end int) {
	for _, r := range w {
		switch r {
		case ' ', '\t', '\u00a0', '\u202f', '\u2009', '\u3000':
			c.before |= Space
		case '\n', '\r', '\u2028', '\u2029':
			c.before |= Line
		case '-', '‐', '‑', '_', '/':
			if c.before&Space != 0 && end < len(c.src) && c.src[end] == ' ' {
				c.before |= Dash
			} else {
				c.before |= Hyphen
			}
		case '&': // Johnson & Johnson, AT&T
			c.before |= Hyphen
		case '\'', '’', 'ʼ', '`':
			c.before |= Apostrophe
		case ',', ';', '،', '、', '，', '；':
			c.before |= Comma
		case ':', '：':
			c.before |= Colon
		case '.':
			if c.abbreviated() || c.inside(end-len(w)) {
				c.before |= Abbrev
			} else {
				c.before |= Stop
			}
		case '!', '?', '…', '。', '！', '？', '؟', '۔', '।':
			c.before |= Stop
		case '"', '“', '”', '„', '«', '»', '‹', '›', '‘', '‚', '「', '」', '『', '』':
			c.before |= Quote
		case '(', '[', '{', '（':
			c.before |= Open
		case ')', ']', '}', '）':
			c.before |= Close
		case '–', '—', '―', '−':
			c.before |= Dash
		default:
			if invisible(r) || unicode.Is(unicode.Mn, r) {
				continue
			}
			if unicode.IsSpace(r) {
				c.before |= Space
			} else {
				c.before |= Other
			}
		}
	}
}

// inside reports whether byte at is the last full stop of "U.S.", which is the
// word's own. That a sentence may end with it too is the rarer case.
func (c *cutter) inside(at int) bool {
	last := len(c.out) - 1
	return last >= c.from && int(c.out[last].End) > at
}

// abbreviated reports whether a full stop right after the last word belongs to
// it: an initial (M.) or a title (Mr., Gen., Mme.).
func (c *cutter) abbreviated() bool {
	if len(c.out) == c.from || c.before != 0 {
		return false
	}
	last := c.out[len(c.out)-1]
	w := c.src[last.Start:last.End]
	if last.Shape&Capital == 0 || last.Shape&Dotted != 0 {
		return false
	}
	if utf8.RuneCountInString(w) == 1 {
		return last.Shape&Number == 0
	}
	switch w {
	case "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Lt", "Col", "Maj", "Sgt", "Capt", "Cmdr", "Adm", "Gov", "Sen", "Rep",
		"Rev", "Hon", "St", "Ste", "Jr", "Sr", "Mme", "Mlle", "MM", "Me", "Mgr", "No", "Vol", "Inc", "Ltd", "Corp", "Co":
		return true
	}
	return false
}
