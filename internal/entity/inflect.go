package entity

import "strings"

// Languages that names and rules are kept for, in the order of their bits.
var languages = [...]string{"en", "fr", "de", "es", "it", "nl", "pl", "pt", "ru", "uk", "cs", "bg", "tr", "ro", "sv"}

const anyLang = 0xffff

// langBit is the bit of a language: the last for one that we have no room for,
// all for none.
func langBit(lang string) uint16 {
	if lang == "" || lang == "und" {
		return anyLang
	}
	if i := strings.IndexByte(lang, '-'); i > 0 {
		lang = lang[:i]
	}
	for i, l := range languages {
		if l == lang {
			return 1 << i
		}
	}
	return 1 << 15
}

// ownAcronyms are the bits of the languages whose own acronyms the lists have:
// en to uk.
const ownAcronyms = 1<<10 - 1
