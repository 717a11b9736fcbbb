package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is s as one harmless line of at most most characters: valid UTF-8, runs
// of white space as one space, without control characters (so no escape
// sequence reaches a terminal), without the marks that turn the direction of
// text around (so a name reads as it is written), and without piled-up accents.
// What is cut off ends in "…".
func Line(s string, most int) string {
	var b strings.Builder
	n, marks, space := 0, 0, false
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			if _, w := utf8.DecodeRuneInString(s[i:]); w == 1 {
				r = '\uFFFD'
			}
		case unicode.IsSpace(r), unicode.IsControl(r), r == '\u2028', r == '\u2029':
			space = n > 0
			continue
		case hidden(r):
			continue
		}
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			if marks++; marks > 3 {
				continue
			}
		} else {
			marks = 0
		}
		need := 1
		if space {
			need = 2
		}
		if n+need > most {
			return cut(b.String())
		}
		if space {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		n, space = n+need, false
	}
	return b.String()
}

func cut(s string) string {
	_, w := utf8.DecodeLastRuneInString(s)
	return strings.TrimRight(s[:len(s)-w], " ") + "…"
}

// hidden reports the characters that change how others read and show nothing
// themselves: direction marks, zero-width characters, tags. The joiners that
// scripts need (U+200C, U+200D) stay.
func hidden(r rune) bool {
	switch {
	case r == '\u200B', r == '\u200E', r == '\u200F', r == '\u2060', r == '\uFEFF', r == '\u00AD', r == '\u061C',
		r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069',
		r >= 0xE0000 && r <= 0xE007F, r >= 0xFFF9 && r <= 0xFFFB:
		return true
	}
	return false
}

// Cut is s with at most most bytes, cut between characters and ended by "…"
// where something was cut off. most is 4 at least.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most - len("…")
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
