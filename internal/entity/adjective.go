package entity

import "strings"

// adjectives returns the forms of a demonym: of the masculine singular that a
// file gives, those that its language makes by rule. Slavic endings are not
// here: they are cut when a text is read.
func adjectives(form, lang string) []string {
	out := []string{form}
	add := func(cut string, ends ...string) bool {
		root, ok := strings.CutSuffix(form, cut)
		if !ok {
			return false
		}
		for _, e := range ends {
			out = append(out, root+e)
		}
		return true
	}
	switch lang {
	case "en":
		_ = add("ese") || add("ish") || add("ch") || add("", "s")
	case "fr":
		_ = add("ien", "ienne", "iens", "iennes") || add("éen", "éenne", "éens", "éennes") || add("ais", "aise", "aises") ||
			add("ois", "oise", "oises") || add("e", "es") || add("", "e", "s", "es")
	case "de":
		_ = add("isch", "ische", "ischen", "ischer", "isches", "ischem") || add("sch", "sche", "schen", "scher", "sches", "schem") ||
			add("er", "ern", "ers") || add("e", "en") || add("", "e", "en")
	case "es":
		_ = add("o", "a", "os", "as") || add("és", "esa", "eses", "esas") || add("án", "ana", "anes", "anas") || add("", "s", "es")
	case "pt":
		_ = add("ão", "ã", "ões", "ãs", "ães") || add("o", "a", "os", "as") || add("ês", "esa", "eses", "esas") || add("", "s", "es")
	case "it":
		_ = add("co", "ca", "ci", "che") || add("o", "a", "i", "e") || add("e", "i")
	case "nl":
		_ = add("s", "se", "sen") || add("", "e", "en", "s")
	}
	return out
}
