// Package ending cuts the endings of words that are declined, so that the cases
// of a name meet. It knows endings; it has never seen a dictionary.
package ending

import "strings"

// Endings of names, longest first, in folded letters. What is left after
// cutting one is compared, so the lists may be generous: a stem matches only
// when the rest of the name does too.
var (
	cyrillicEndings = []string{
		"ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ові", "еві", "єві", "ьою",
		"ой", "ей", "ий", "ый", "ій", "ою", "ею", "єю", "ом", "ем", "ым", "им", "ім", "ам", "ям", "ах", "ях", "ая", "яя", "ое", "ее", "ые", "ие", "ую", "юю", "ых", "их", "ью",
		"а", "я", "у", "ю", "е", "ы", "и", "і", "ї", "о", "ь", "й", "є",
	}
	polishEndings = []string{
		"iego", "iemu", "ymi", "imi", "ego", "emu", "ami", "owi", "iej", "iem", "ach", "ych", "ich",
		"om", "ow", "em", "ej", "ym", "im", "ia", "ie", "iu", "ii", "ij", "io",
		"a", "e", "i", "o", "u", "y",
	}
)

// Cut cuts the ending of a folded word, or returns it as it is. Only the
// script and the language decide which endings are tried.
func Cut(fold, lang string) string {
	if len(fold) < 4 {
		return fold
	}
	if fold[0] >= 0xd0 && fold[0] <= 0xd3 {
		for _, e := range cyrillicEndings {
			if s, ok := strings.CutSuffix(fold, e); ok && len(s) >= 6 {
				return s
			}
		}
		return fold
	}
	switch lang {
	case "pl", "cs":
		for _, e := range polishEndings {
			if s, ok := strings.CutSuffix(fold, e); ok && len(s) >= 3 {
				return s
			}
		}
	case "de", "nl", "sv":
		if s, ok := strings.CutSuffix(fold, "s"); ok && len(s) >= 4 {
			return s
		}
	}
	return fold
}

// Declines reports whether names take case endings in lang.
func Declines(lang string) bool {
	switch lang {
	case "ru", "uk", "bg", "pl":
		return true
	}
	return false
}
