package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks one letter keeps. Vietnamese needs two,
// Hebrew and Arabic with all points four.
const maxMarks = 6

// Line returns s as one line of plain text of at most most characters: valid
// UTF-8 in NFC, white space folded, no control, invisible or direction
// characters, and no more than a few marks a letter. Line(Line(s)) is Line(s).
func Line(s string, most int) string { return tidy(s, most, false) }

// Paragraphs is [Line] with line breaks kept: one "\n" between paragraphs,
// never an empty one.
func Paragraphs(s string, most int) string { return tidy(s, most, true) }

func tidy(s string, most int, lines bool) string {
	if plainASCII(s, most, lines) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	// Taking out what is invisible can bring together what then composes or
	// reads as mangled: again, until nothing changes. Each time s is shorter.
	for {
		clean := sweep(norm.NFC.String(unmangle(s)), most, lines)
		if clean == s || !strings.ContainsAny(clean, mangled) && norm.NFC.IsNormalString(clean) {
			return clean
		}
		s = clean
	}
}

// mangled begin what UTF-8 looks like when it is read as windows-1252.
const mangled = "ÃÂâÐÑ"

// sweep copies what may stay. A pending break is written only before the next
// visible character, so that none leads, trails or is doubled.
func sweep(s string, most int, lines bool) string {
	var b strings.Builder
	b.Grow(min(len(s), most*utf8.UTFMax))
	var pending byte
	count, marks := 0, 0
	for _, r := range s {
		if r >= 0x80 && r <= 0x9f { // a byte of windows-1252 that was taken for Latin-1
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		switch {
		case lines && lineBreak(r):
			pending = '\n'
			continue
		case unicode.IsSpace(r) || r == '\u180e':
			if pending == 0 {
				pending = ' '
			}
			continue
		case invisible(r):
			continue
		case unicode.Is(unicode.Mn, r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if pending != 0 && count > 0 {
			if count+2 > most {
				break
			}
			b.WriteByte(pending)
			count++
		}
		pending = 0
		if count >= most {
			break
		}
		b.WriteRune(r)
		count++
	}
	return b.String()
}

// unmangle undoes UTF-8 that was read as windows-1252 and written as UTF-8 once
// more ("â€™" for "’"). It does so only when the whole text makes sense that
// way, which no text in a true windows-1252 does.
func unmangle(s string) string {
	if !strings.ContainsAny(s, mangled) {
		return s
	}
	once, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil || !utf8.ValidString(once) {
		return s
	}
	return once
}

func lineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f'
}

// invisible reports characters that show nothing and are no part of a word:
// controls, byte-order marks, soft hyphens, zero-width spaces, embeddings and
// overrides of direction, tags, and code points that are no characters. The
// joiners of Persian and of emoji stay.
func invisible(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f:
		return true
	case r == '\u00ad', r == '\u200b', r == '\u200e', r == '\u200f', r == '\ufeff':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2060' <= r && r <= '\u206f':
		return true
	case '\ufff9' <= r && r <= '\ufffb', 0xe0000 <= r && r <= 0xe0fff:
		return true
	case r&0xfffe == 0xfffe, '\ufdd0' <= r && r <= '\ufdef':
		return true
	}
	return false
}

// plainASCII reports whether s is already as tidy would leave it, the common
// case of an English text.
func plainASCII(s string, most int, lines bool) bool {
	if len(s) > most {
		return false
	}
	space := true
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || lines && c == '\n':
			if space {
				return false
			}
			space = true
		case c < 0x20 || c >= 0x7f:
			return false
		default:
			space = false
		}
	}
	return s == "" || !space
}
