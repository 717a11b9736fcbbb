package feed

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// scan reads XML, and what was meant to be XML, into a tree. It knows no
// document type and fetches nothing; an unknown entity stays as it is written.
// What it mends: bare ampersands and angles, HTML's entities, attributes
// without quotes, tags that nobody closed or opened, an item begun inside
// another, comments and CDATA that never end. Its time is linear in the text.
func scan(text string) (*document, error) {
	s := &scanner{text: text, doc: newDocument()}
	for s.at < len(text) && s.err == nil {
		s.next()
	}
	switch {
	case s.err != nil:
	case s.doc.items > MaxItems:
		s.err = fmt.Errorf("%w: more than %d items", ErrBounds, MaxItems)
	case s.cut || s.doc.open():
		s.err = ErrTruncated
	}
	s.doc.finish()
	return s.doc, s.err
}

type scanner struct {
	text   string
	at     int
	tokens int
	doc    *document
	err    error
	// cut: the text ended within a tag or a section.
	cut bool
	// where each mark stands next, as far as it was looked for.
	marks [len(marks)]struct{ from, at int }
}

// The marks that sections end with.
const (
	commentEnd = iota
	cdataEnd
	cdataStart
	instructionEnd
	tagEnd
	subsetEnd
	itemEnd
	entryEnd
)

var marks = [...]string{"-->", "]]>", "<![CDATA[", "?>", ">", "]", "</item>", "</entry>"}

func (s *scanner) next() {
	s.tokens++
	if s.tokens > maxTokens || s.doc.nodes > maxNodes {
		s.err = fmt.Errorf("%w: more than %d elements or %d tags and texts", ErrBounds, maxNodes, maxTokens)
		return
	}
	if s.doc.items > MaxItems {
		s.at = len(s.text)
		return
	}
	rest := s.text[s.at:]
	switch {
	case rest[0] != '<':
		s.characters(rest)
	case strings.HasPrefix(rest, "<!--"):
		s.skip(len("<!--"), commentEnd)
	case strings.HasPrefix(rest, "<![CDATA["):
		s.cdata(s.at + len("<![CDATA["))
	case strings.HasPrefix(rest, "<!"):
		s.doctype()
	case strings.HasPrefix(rest, "<?"):
		s.skip(len("<?"), instructionEnd)
	case strings.HasPrefix(rest, "</"):
		s.endTag()
	case len(rest) > 1 && nameStart(rest[1]):
		s.startTag(rest)
	default: // a bare angle
		s.doc.text("<")
		s.at++
	}
}

// find returns where a mark stands at or behind from, len(text) for nowhere.
// The answer is kept: a million unclosed comments cost one search.
func (s *scanner) find(from, mark int) int {
	known := &s.marks[mark]
	if known.at > 0 && known.from <= from && from <= known.at {
		return known.at
	}
	known.from, known.at = from, len(s.text)
	if i := strings.Index(s.text[from:], marks[mark]); i >= 0 {
		known.at = from + i
	}
	return known.at
}

func (s *scanner) characters(rest string) {
	n := strings.IndexByte(rest, '<')
	if n < 0 {
		n = len(rest)
	}
	s.doc.text(unescape(rest[:n]))
	s.at += n
}

// unescape reads entities once: XML's own, and HTML's, which XML does not know.
func unescape(s string) string { return html.UnescapeString(s) }

// skip passes over a comment or an instruction. One that never ends is taken
// for its opening characters only.
func (s *scanner) skip(opening, mark int) {
	end := s.find(s.at+opening, mark)
	if end == len(s.text) {
		s.cut = true
		s.at += opening
		return
	}
	s.at = end + len(marks[mark])
}

// cdata takes the section's text as it stands. A section that is not closed
// before its item is, ends there.
func (s *scanner) cdata(from int) {
	end := s.find(from, cdataEnd)
	if end < len(s.text) && s.find(from, cdataStart) > end {
		s.doc.text(s.text[from:end])
		s.at = end + len(marks[cdataEnd])
		return
	}
	if stop := min(s.find(from, itemEnd), s.find(from, entryEnd)); stop < end {
		within, _, _ := strings.Cut(s.text[from:stop], "</description>")
		s.doc.text(within)
		s.at = stop
		return
	}
	s.doc.text(s.text[from:end])
	s.cut = end == len(s.text)
	s.at = min(end+len(marks[cdataEnd]), len(s.text))
}

// doctype passes over a declaration with its internal subset, unread.
func (s *scanner) doctype() {
	end := s.find(s.at, tagEnd)
	if end < len(s.text) && strings.IndexByte(s.text[s.at:end], '[') >= 0 {
		if subset := s.find(s.at, subsetEnd); end < subset && subset < len(s.text) {
			end = s.find(subset, tagEnd)
		}
	}
	s.cut = s.cut || end == len(s.text)
	s.at = min(end+1, len(s.text))
}

func (s *scanner) endTag() {
	end := s.find(s.at, tagEnd)
	s.cut = s.cut || end == len(s.text)
	within := s.text[s.at+2 : max(end, s.at+2)]
	// "</title<link>": the next tag begins before this one ends.
	if angle := strings.IndexByte(within, '<'); angle >= 0 {
		s.doc.end(tagName(within[:angle]))
		s.at += 2 + angle
		return
	}
	s.doc.end(tagName(within))
	s.at = min(end+1, len(s.text))
}

func tagName(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == '/' || r == '>' || r == '<' })
	if end >= 0 {
		s = s[:end]
	}
	return strings.ToLower(s)
}

func nameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}
