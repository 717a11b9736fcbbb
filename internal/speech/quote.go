package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/token"
)

// quote is words between quotation marks: bytes [start, end) without the
// marks, words [from, to).
type quote struct {
	start, end int
	from, to   int
}

// maxQuote is how many bytes a quotation may have: beyond, a mark is missing.
const maxQuote = 2000

// closers are the marks that may end what each mark opens.
var closers = map[rune]string{
	'«': "»", '»': "«", '‹': "›", '“': "”", '”': "”", '„': "“”\"", '"': "\"", '‘': "’", '\'': "'’", '‚': "‘’", '「': "」", '『': "』",
}

// quotations finds what stands between quotation marks, in one pass over the
// gaps between words. A mark whose partner is missing opens nothing.
func quotations(src string, words []token.Token) []quote {
	s := scanner{src: src, words: words}
	at := 0
	for i := range words {
		w := &words[i]
		if w.Before&(token.Quote|token.Apostrophe|token.Line) != 0 {
			s.gap(at, int(w.Start), i)
		}
		at = int(w.End)
	}
	s.gap(at, min(len(src), at+64), len(words))
	return s.found
}

type scanner struct {
	src   string
	words []token.Token
	found []quote

	opener rune // of the quotation that is open, or 0
	ends   string
	start  int
	from   int
}

// gap reads the marks of [from, to), before word i.
func (s *scanner) gap(from, to, i int) {
	if s.opener != 0 && from-s.start > maxQuote {
		s.opener = 0
	}
	for k, c := range s.src[from:to] {
		at := from + k
		switch {
		case c == '\n' || c == '\r':
			s.line(at, i)
		case s.opener != 0 && strings.ContainsRune(s.ends, c) && s.closes(c, at):
			s.close(at, i)
		case s.opener == 0 && closers[c] != "" && s.opens(c, at):
			s.opener, s.ends, s.start, s.from = c, closers[c], at+utf8.RuneLen(c), i
		}
	}
}

// line is a line's end. Plain marks do not reach over it; others do, for a
// speech of several paragraphs, unless the next one opens again.
func (s *scanner) line(at, i int) {
	switch s.opener {
	case 0:
	case '"', '\'', '‘':
		s.opener = 0
	default:
		rest := strings.TrimLeft(s.src[at:min(len(s.src), at+16)], " \t\r\n\u00a0")
		if c, _ := utf8.DecodeRuneInString(rest); c == s.opener {
			s.close(at, i)
		}
	}
}

func (s *scanner) close(at, i int) {
	inner := strings.TrimLeftFunc(s.src[s.start:at], unicode.IsSpace)
	start := at - len(inner)
	inner = strings.TrimRight(strings.TrimRightFunc(inner, unicode.IsSpace), ",")
	s.opener = 0
	if s.from < i && inner != "" {
		s.found = append(s.found, quote{start, start + len(inner), s.from, i})
	}
}

func (s *scanner) around(at, size int) (before, after rune) {
	before, _ = utf8.DecodeLastRuneInString(s.src[:at])
	after, _ = utf8.DecodeRuneInString(s.src[at+size:])
	if at == 0 {
		before = ' '
	}
	if at+size == len(s.src) {
		after = ' '
	}
	return before, after
}

// opens reports whether the mark c at a byte may open a quotation.
func (s *scanner) opens(c rune, at int) bool {
	before, after := s.around(at, utf8.RuneLen(c))
	outside := !unicode.IsLetter(before) && !unicode.IsDigit(before)
	switch c {
	case '«', '“', '„', '‹', '「', '『', '‚':
		return true
	case '"':
		return outside
	case '\'', '‘':
		return outside && (unicode.IsLetter(after) || after == '…')
	}
	return outside && !unicode.IsSpace(after) // » and ”, which more often close
}

// closes reports whether the mark c at a byte may close the one that is open:
// an apostrophe inside a word does not.
func (s *scanner) closes(c rune, at int) bool {
	if c != '\'' && c != '’' {
		return true
	}
	before, after := s.around(at, utf8.RuneLen(c))
	return !unicode.IsLetter(after) && !unicode.IsDigit(after) && !unicode.IsSpace(before)
}
