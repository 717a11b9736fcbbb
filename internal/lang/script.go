package lang

import "unicode"

// script is a writing system, those with a model first, in the order of Groups.
type script int

const (
	latin script = iota
	cyrillic
	arabic
	greek
	hebrew
	hangul
	georgian
	armenian
	thai
	devanagari
	bengali
	kana
	han
	scripts
	none script = -1
)

// alone is the language of a script that news writes one language in.
var alone = map[script]string{
	greek: "el", hebrew: "he", hangul: "ko", georgian: "ka", armenian: "hy", thai: "th", devanagari: "hi", bengali: "bn", kana: "ja",
}

var ranges = [...]struct {
	lo, hi rune
	script script
}{
	{0x41, 0x5a, latin},
	{0x61, 0x7a, latin},
	{0xaa, 0xaa, latin},
	{0xba, 0xba, latin},
	{0xc0, 0x24f, latin},
	{0x370, 0x3ff, greek},
	{0x400, 0x52f, cyrillic},
	{0x531, 0x587, armenian},
	{0x5d0, 0x5f4, hebrew},
	{0x620, 0x6ff, arabic},
	{0x750, 0x77f, arabic},
	{0x900, 0x97f, devanagari},
	{0x980, 0x9ff, bengali},
	{0xe01, 0xe4f, thai},
	{0x10a0, 0x10ff, georgian},
	{0x1100, 0x11ff, hangul},
	{0x1e00, 0x1eff, latin},
	{0x1f00, 0x1fff, greek},
	{0x3040, 0x30ff, kana},
	{0x3400, 0x9fff, han},
	{0xac00, 0xd7af, hangul},
	{0xf900, 0xfaff, han},
	{0xfb50, 0xfdff, arabic},
	{0xfe70, 0xfeff, arabic},
	{0x20000, 0x2fa1f, han},
}

// scriptOf is the script of a letter, none for any other rune.
func scriptOf(r rune) script {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return latin
	}
	if r < 0xaa {
		return none
	}
	for _, x := range ranges[2:] {
		if r < x.lo {
			return none
		}
		if r <= x.hi {
			if !unicode.IsLetter(r) {
				return none
			}
			return x.script
		}
	}
	return none
}
