package watch

import (
	"fmt"
	"strings"
)

// Error says what is wrong in a file of watches, where, and what to do.
type Error struct {
	File         string
	Line, Column int // from 1; 0 where not known
	Message      string
	Hint         string
	// Caret shows the place in a query, on two lines; "" elsewhere.
	Caret string
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return b.String()
}
