package feed

import "strings"

type attribute struct{ name, value string }

// startTag reads a tag with its attributes: with and without quotes, with and
// without values.
func (s *scanner) startTag(rest string) {
	name := tagName(rest[1:])
	i := 1 + len(name)
	var attributes []attribute
	seen := 0
	for {
		i = skipSpace(rest, i)
		if i >= len(rest) {
			s.cut = true
			s.at = len(s.text)
			return
		}
		switch rest[i] {
		case '>':
			s.doc.start(name, attributes, false)
			s.at += i + 1
			return
		case '<': // the tag was never closed
			s.doc.start(name, attributes, false)
			s.at += i
			return
		case '/', '?', '"', '\'', '=':
			if strings.HasPrefix(rest[i:], "/>") {
				s.doc.start(name, attributes, true)
				s.at += i + 2
				return
			}
			i++
			continue
		}
		var a attribute
		a, i = readAttribute(rest, i)
		if seen++; seen <= maxAttributes && wanted(a.name) {
			attributes = append(attributes, a)
		}
	}
}

// wanted reports the attributes that are of use; others are not kept.
func wanted(name string) bool {
	switch name {
	case "href", "rel", "type", "mode", "src", "url", "length", "filesize", "term", "label", "lang", "language",
		"ispermalink", "rdf:about", "title", "text", "xmlurl", "htmlurl", "feedurl":
		return true
	}
	return strings.HasPrefix(name, "xml")
}

func readAttribute(s string, i int) (attribute, int) {
	start := i
	for i < len(s) && s[i] > ' ' && strings.IndexByte("=/><\"'", s[i]) < 0 {
		i++
	}
	a := attribute{name: strings.ToLower(s[start:i])}
	equals := skipSpace(s, i)
	if equals >= len(s) || s[equals] != '=' {
		return a, i
	}
	i = skipSpace(s, equals+1)
	if i >= len(s) {
		return a, i
	}
	if quote := s[i]; quote == '"' || quote == '\'' {
		a.value, i = quoted(s, i+1, quote)
		return a, i
	}
	start = i
	for i < len(s) && s[i] > ' ' && s[i] != '>' && s[i] != '<' && !strings.HasPrefix(s[i:], "/>") {
		i++
	}
	a.value = unescape(s[start:i])
	return a, i
}

// maxValue is how far a closing quote is looked for, in bytes.
const maxValue = 64 << 10

// quoted reads a value to its closing quote; without one, it ends with its tag.
func quoted(s string, i int, quote byte) (string, int) {
	within := s[i:min(len(s), i+maxValue)]
	n := strings.IndexByte(within, quote)
	if n >= 0 {
		return unescape(within[:n]), i + n + 1
	}
	if n = strings.IndexAny(within, "<>"); n >= 0 {
		return unescape(within[:n]), i + n
	}
	return "", len(s)
}

func skipSpace(s string, i int) int {
	for i < len(s) && s[i] <= ' ' {
		i++
	}
	return i
}
