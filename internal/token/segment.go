package token

import "github.com/clipperhouse/uax29/v2/words"

// segment takes the segment of UAX #29 that begins at byte at, and returns where
// the next one begins. Words of ASCII and Latin letters and the marks of ASCII
// between them, which most of news is, are seen at once; all else is asked of
// the tables.
func (c *cutter) segment(at int) int {
	if letter(c.src, at) > 0 {
		if end, marks := latinWord(c.src, at); end > at {
			if marks {
				c.inner(at, end)
			} else {
				c.add(at, end, false)
			}
			return end
		}
	} else if n := mark(c.src, at); n > 0 && settled(c.src, at+n) {
		c.gap(c.src[at:at+n], at+n)
		return at + n
	}
	if c.tables == nil {
		c.tables = words.FromString("")
	}
	c.tables.SetText(c.src[at:])
	c.tables.Next()
	end := at + c.tables.End()
	c.word(at, end)
	return end
}

// latinWord finds the end of the word that begins at byte at, and whether it
// holds an apostrophe or a full stop. 0: the tables have to say.
func latinWord(s string, at int) (end int, marks bool) {
	for i := at; ; {
		for n := letter(s, i); n > 0; n = letter(s, i) {
			i += n
		}
		if i == len(s) || classes[s[i]] == parting {
			return i, marks
		}
		n := joint(s, i)
		digit := classes[s[i-1]] == aDigit
		switch next := i + n; {
		case n == 0:
			return 0, false
		case next == len(s) || classes[s[next]] == parting, // a mark at the end of a word
			!digit && (s[i] == ',' || s[i] == ';'):
			return i, marks
		case s[i] != ':' && !digit && letter(s, next) > 0 && classes[s[next]] != aDigit:
			marks = true
			i = next
		default:
			return 0, false
		}
	}
}

// letter is the length of the letter or digit at byte i, of ASCII or up to
// U+024F; 0 for all else.
func letter(s string, i int) int {
	if i == len(s) {
		return 0
	}
	switch b := s[i]; {
	case classes[b] == aLetter, classes[b] == aDigit:
		return 1
	case b < 0xc3 || b > 0xc9 || i+1 == len(s):
		return 0
	default:
		t := s[i+1]
		if t < 0x80 || t > 0xbf || b == 0xc3 && (t == 0x97 || t == 0xb7) || b == 0xc9 && t > 0x8f {
			return 0
		}
		return 2
	}
}

// joint is the length of the mark at byte i if it may stand within a word.
func joint(s string, i int) int {
	switch {
	case classes[s[i]] == joining:
		return 1
	case len(s)-i > 2 && s[i:i+3] == "’":
		return 3
	}
	return 0
}

// mark is the length of the mark or space at byte i if it is a segment of its
// own wherever nothing invisible follows.
func mark(s string, i int) int {
	switch b := s[i]; {
	case classes[b] == parting && b != '\r', classes[b] == joining:
		return 1
	case b == 0xc2 && len(s)-i > 1 && (s[i+1] == 0xa0 || s[i+1] == 0xab || s[i+1] == 0xbb): // a hard space, « and »
		return 2
	}
	return 0
}

// settled reports whether what begins at byte i cannot belong to a mark before
// it, as a combining accent would.
func settled(s string, i int) bool { return i == len(s) || s[i] < 0x80 || letter(s, i) > 0 }

// What a byte can be.
const (
	aLetter = iota + 1
	aDigit
	parting // never of one word with a letter before it
	joining // of one word, perhaps, where a letter or digit follows
)

var classes = func() (t [256]uint8) {
	for b := range 0x80 {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
			t[b] = aLetter
		case b >= '0' && b <= '9':
			t[b] = aDigit
		case b == '\'', b == '.', b == ',', b == ';', b == ':':
			t[b] = joining
		case b != '_':
			t[b] = parting
		}
	}
	return t
}()
