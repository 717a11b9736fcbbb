package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a query, where, and what to do.
type Error struct {
	// Query is the whole text.
	Query string
	// Offset is the byte, Column the character (from 1) where it goes wrong.
	Offset, Column int
	Message, Hint  string
}

func (e *Error) Error() string {
	s := fmt.Sprintf("column %d: %s", e.Column, e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// caretWidth is how much of a long line is shown on either side.
const caretWidth = 60

// Caret shows the line of the query that is wrong with a mark beneath the
// place, for a terminal.
func (e *Error) Caret() string {
	start := strings.LastIndexByte(e.Query[:e.Offset], '\n') + 1
	line := e.Query[start:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	chars := []rune(strings.ReplaceAll(line, "\t", " "))
	at := utf8.RuneCountInString(e.Query[start:e.Offset])
	if from := at - caretWidth; from > 0 {
		chars, at = chars[from:], caretWidth
	}
	if len(chars) > at+caretWidth {
		chars = chars[:at+caretWidth]
	}
	return string(chars) + "\n" + strings.Repeat(" ", at) + "^"
}

func (p *parser) fail(offset int, hint, format string, args ...any) error {
	return &Error{
		Query: p.src, Offset: offset, Column: utf8.RuneCountInString(p.src[:offset]) + 1,
		Message: fmt.Sprintf(format, args...), Hint: hint,
	}
}
