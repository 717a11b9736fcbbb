package token

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// appendFold appends w folded to dst, and says what its letters look like.
func appendFold(dst []byte, w string) ([]byte, Shape) {
	var sh Shape
	letters, lower, first := 0, false, true
	if plain(w) {
		return append(dst, w...), Letters
	}
	for i := 0; i < len(w); {
		b := w[i]
		if b < utf8.RuneSelf {
			i++
			switch {
			case b >= 'a' && b <= 'z':
				letters++
				lower = true
			case b >= 'A' && b <= 'Z':
				sh |= upperAt(first, lower)
				letters++
				b += 'a' - 'A'
			case b >= '0' && b <= '9' && first:
				sh |= Number
			}
			first = false
			dst = append(dst, b)
			continue
		}
		r, n := utf8.DecodeRuneInString(w[i:])
		i += n
		if invisible(r) {
			continue
		}
		switch {
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			sh |= upperAt(first, lower)
			letters++
		case unicode.IsLetter(r):
			letters++
			lower = true
			if unspaced(r) {
				sh |= Ideograph
			}
		case first && unicode.IsNumber(r):
			sh |= Number
		}
		first = false
		dst = appendRune(dst, r)
	}
	if letters > 0 {
		sh |= Letters
	}
	if letters > 1 && !lower {
		sh |= Upper
	}
	return dst, sh
}

// plain reports whether w is nothing but lower-case letters of ASCII.
func plain(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return w != ""
}

func upperAt(first, lower bool) Shape {
	switch {
	case first:
		return Capital
	case lower:
		return Mixed
	}
	return 0
}

// appendRune appends one folded rune: nothing for a combining mark.
func appendRune(dst []byte, r rune) []byte {
	if r < rune(len(latin)) {
		return append(dst, latin[r]...)
	}
	switch {
	case r == '’' || r == 'ʼ' || r == '‘':
		return append(dst, '\'')
	case r >= 0x300 && r <= 0x36f, r >= 0x64b && r <= 0x65f, r == 0x670, r == 0x640, r >= 0x591 && r <= 0x5c7:
		return dst
	case r == 'ё' || r == 'Ё':
		return utf8.AppendRune(dst, 'е')
	case r >= 0x400 && r <= 0x52f: // Cyrillic: й and ї are letters of their own
		return utf8.AppendRune(dst, unicode.ToLower(r))
	case r == 'ς':
		return utf8.AppendRune(dst, 'σ')
	}
	return appendDecomposed(dst, unicode.ToLower(r))
}

// appendDecomposed appends r under NFKD without its combining marks.
func appendDecomposed(dst []byte, r rune) []byte {
	var one, long [utf8.UTFMax * 20]byte
	n := utf8.EncodeRune(one[:], r)
	for _, d := range string(norm.NFKD.Append(long[:0], one[:n]...)) {
		if d >= 0x300 && d <= 0x36f {
			continue
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(d))
	}
	return dst
}

// latin holds the folded form of every rune below U+0250.
var latin = func() (t [0x250]string) {
	special := map[rune]string{
		'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l",
		'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'İ': "i", 'ħ': "h", 'Ħ': "h", 'ŋ': "n", 'Ŋ': "n",
	}
	for r := range t {
		if s, ok := special[rune(r)]; ok {
			t[r] = s
			continue
		}
		t[r] = string(appendDecomposed(nil, unicode.ToLower(rune(r))))
	}
	return t
}()

// invisible reports whether r has no shape of its own: zero-width joiners and
// spaces, direction marks, the soft hyphen.
func invisible(r rune) bool {
	return r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff
}

// unspaced reports whether r is of a script that puts no space between words.
func unspaced(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0xe00 && r <= 0xeff
}
