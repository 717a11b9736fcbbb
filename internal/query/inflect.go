package query

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/token"
)

// Inflection. Two words are forms of one another in a language when their
// stems are the same: those of the words with their accents, or those of the
// words without. Both are asked, because stemmers want accents ("attaquée",
// "attaquer") and headlines and queries often have none.
//
// Stemmers are Snowball's (Porter 2001). Languages without one drop the longest
// ending of a list; in a text of no known language an s or x at the end counts
// for nothing.

// stemmers are Snowball's, by language.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"da": danish.Stem, "nl": dutch.Stem, "en": english.Stem, "fi": finnish.Stem, "fr": french.Stem, "de": german.Stem,
	"hu": hungarian.Stem, "it": italian.Stem, "no": norwegian.Stem, "nb": norwegian.Stem, "nn": norwegian.Stem,
	"pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem, "es": spanish.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

// endings are dropped in languages without a stemmer, the longest that fits.
var endings = map[string][]string{
	"pl": strings.Fields("owskiego owskich owaniem owania owanie iejszy iego iemu ami ach iach iami ego emu owie owi ów om iom em iem ie ej iej ych ich ymi imi ą ę y i a e u o"),
	"uk": strings.Fields("ського ському ських ськими ання анням ями ами ах ях ого ому ові еві ою ею ів їв ам ям ем ом им ій ої их а я у ю і ї и е о ь"),
	"bg": strings.Fields("ията ият ето ите ата ият ия ът та то те а я о е и"),
	"cs": strings.Fields("ského skému ových ovými ami emi ách ích ech ovi ého ému ých ými ou em ům ím ým ů y i í a á e é ě u o"),
	"sk": strings.Fields("ského skému ových ovými ami ách iach och ovi ého ému ých ými ou em om ím ým y i í a á e é u o"),
	"lt": strings.Fields("iuose uose ams oms ais ių iai ius ose yje oje us as is ys os ai ą ę į ų o a e i u"),
	"lv": strings.Fields("iem ām ēm ās ēs us os as is es ie am ai ei ā ē ī ū u a e i s"),
	"et": strings.Fields("dega dele dest des test tele ga le st ks id de te t d s a e i u"),
	"el": strings.Fields("ους ων ου ος ης ας ες οι αι η α ο ε ι υ"),
	"hr": strings.Fields("ovima evima ima ama oga omu ih im om em og a e i o u"),
	"sr": strings.Fields("овима ама има ога ому их им ом ем ог а е и о у"),
	"":   {"s", "x"},
}

// stemmed are the languages whose forms are known, and "" for all others.
var stemmed = func() []string {
	return append([]string{""}, strings.Fields("en fr de es it nl pt ru pl uk da fi hu no ro sv tr bg cs sk lt lv et el hr sr")...)
}()

// Inflects reports whether the forms of words are known in lang, a BCP 47 tag.
func Inflects(lang string) bool { return stemLang(lang) != "" }

// stemLang is the language under which words of lang are stemmed.
func stemLang(lang string) string {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if _, ok := stemmers[base]; ok {
		return base
	}
	if _, ok := endings[base]; ok {
		return base
	}
	return ""
}

// stems are the hashes of a word's stem with its accents and without; often
// they are the same.
type stems [2]uint64

func (s stems) meet(o stems) bool {
	return s[0] == o[0] || s[0] == o[1] || s[1] == o[0] || s[1] == o[1]
}

// stemsOf stems a word in lower case, and its folded form.
func stemsOf(lang, spelt, folded string) stems {
	plain := xxhash.Sum64String(stem(lang, folded))
	if spelt == folded {
		return stems{plain, plain}
	}
	return stems{xxhash.Sum64String(foldWord(stem(lang, spelt))), plain}
}

func foldWord(s string) string { return strings.ReplaceAll(token.Fold(s), " ", "") }

// longest is the length of a word in bytes beyond which it has no forms.
const longest = 48

func stem(lang, w string) string {
	if len(w) > longest || len(w) < 3 {
		return w
	}
	if f, ok := stemmers[lang]; ok {
		env := snowballstem.NewEnv(w)
		f(env)
		return env.Current()
	}
	return strip(lang, w)
}

// strip drops the longest ending that leaves three letters.
func strip(lang, w string) string {
	cut := 0
	for _, e := range endings[lang] {
		if len(e) > cut && strings.HasSuffix(w, e) && utf8.RuneCountInString(w[:len(w)-len(e)]) >= 3 {
			cut = len(e)
		}
	}
	return w[:len(w)-cut]
}
