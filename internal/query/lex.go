package query

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sign is what a stretch of a query is.
type sign uint8

const (
	end sign = iota
	open
	closing
	and
	or
	not
	near   // n is the distance
	field  // text is its name, a value follows at once
	word   // text is the word
	phrase // text is what stands in quotation marks
	tilde
	star
)

// lexeme is one stretch: bytes [start, stop) of the query.
type lexeme struct {
	sign        sign
	text        string
	n           int
	start, stop int
}

// quotes maps an opening quotation mark to those that close it.
var quotes = map[rune]string{'"': `"`, '“': "”“", '”': "”", '„': "“”", '«': "»", '‹': "›"}

// next reads the lexeme that begins at or after p.at.
func (p *parser) next() (lexeme, error) {
	for p.at < len(p.src) {
		r, n := utf8.DecodeRuneInString(p.src[p.at:])
		if !unicode.IsSpace(r) {
			break
		}
		p.at += n
	}
	start := p.at
	if start == len(p.src) {
		return lexeme{sign: end, start: start, stop: start}, nil
	}
	r, n := utf8.DecodeRuneInString(p.src[start:])
	if s, ok := map[rune]sign{'(': open, ')': closing, '~': tilde, '*': star}[r]; ok {
		p.at += n
		return lexeme{sign: s, text: p.src[start:p.at], start: start, stop: p.at}, nil
	}
	if closers, ok := quotes[r]; ok {
		return p.quoted(start, n, closers)
	}
	return p.bare(start)
}

func (p *parser) quoted(start, n int, closers string) (lexeme, error) {
	body := p.src[start+n:]
	i := strings.IndexAny(body, closers)
	if i < 0 {
		return lexeme{}, p.fail(start, "close it with the same mark", "quotation mark is never closed")
	}
	_, m := utf8.DecodeRuneInString(body[i:])
	p.at = start + n + i + m
	return lexeme{sign: phrase, text: body[:i], start: start, stop: p.at}, nil
}

// bare reads a word, an operator, or a field's name and its colon.
func (p *parser) bare(start int) (lexeme, error) {
	rest := p.src[start:]
	stop := strings.IndexFunc(rest, func(r rune) bool {
		_, quote := quotes[r]
		return quote || unicode.IsSpace(r) || strings.ContainsRune("()~*", r)
	})
	if stop < 0 {
		stop = len(rest)
	}
	text := rest[:stop]
	if i := strings.IndexByte(text, ':'); i > 0 && fieldName(text[:i]) {
		p.at = start + i + 1
		return lexeme{sign: field, text: text[:i], start: start, stop: p.at}, nil
	}
	p.at = start + stop
	l := lexeme{sign: word, text: text, start: start, stop: p.at}
	switch text {
	case "AND", "&&":
		l.sign = and
	case "OR", "||":
		l.sign = or
	case "NOT":
		l.sign = not
	default:
		if text == "NEAR" || strings.HasPrefix(text, "NEAR/") {
			return p.nearness(l)
		}
	}
	return l, nil
}

func fieldName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '.' && r != '_' {
			return false
		}
	}
	return true
}

// MaxNear is the widest distance that NEAR takes, in words.
const MaxNear = 100

func (p *parser) nearness(l lexeme) (lexeme, error) {
	l.sign = near
	n, err := strconv.Atoi(strings.TrimPrefix(l.text, "NEAR/"))
	if err != nil || n < 1 || n > MaxNear {
		return l, p.fail(l.start, "write NEAR/8 for at most eight words apart, 1 to 100", "%s has no distance that can be used", l.text)
	}
	l.n = n
	return l, nil
}
