package topic

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"

	"github.com/tocsin-news/tocsin/internal/token"
)

// A word marked "~" stands for its forms. They are made once, when a taxonomy
// is compiled: the word's base with every ending of the language, of which the
// Snowball stemmer (Porter 2001) keeps those of the same stem. Matching is then
// one look-up a word, and no text is ever stemmed. Where there is no stemmer
// (Polish, Ukrainian) the forms are those that begin with the base and have
// four letters more at most.

// grammar is what a language adds to a base.
type grammar struct {
	stem    func(*snowballstem.Env) bool
	endings []string
}

func grammarOf(lang string) (grammar, bool) {
	switch lang {
	case "en":
		return grammar{english.Stem, strings.Fields("s es ed d ing er ers ies ied y e")}, true
	case "fr":
		return grammar{french.Stem, strings.Fields("s e es é ée és ées er ez ent ant ants ante antes ait aient a ai ons " +
			"èrent era eront erait eraient ir i is it ie ies issent issait irent ira iront ement ements eur eurs euse euses " +
			"rice rices if ifs ive ives al aux ale ales ux nt x re t ts nt ra ront ue ues us u ation ations age ages")}, true
	case "de":
		return grammar{german.Stem, strings.Fields("e en er es em n s t te ten et ern st end ende enden est nen innen")}, true
	case "es":
		return grammar{spanish.Stem, strings.Fields("s es a as o os ar er ir ado ada ados adas ido ida idos idas an en ó aron " +
			"ieron ando iendo aba aban ía ían ará arán e é ción ciones ones amiento amientos ador adores")}, true
	case "it":
		return grammar{italian.Stem, strings.Fields("i e o a are ere ire ato ata ati ate uto uta uti ute ito ita iti ite ano ono " +
			"ando endo ava avano erà eranno ò arono irono zione zioni amento amenti hi he")}, true
	case "nl":
		return grammar{dutch.Stem, strings.Fields("en e s n t te ten de den d er ers 's end ende")}, true
	case "pt":
		return grammar{portuguese.Stem, strings.Fields("s es a as o os ar er ir ado ada ados adas ido ida idos idas am em ou aram " +
			"eram iram ando endo indo ava avam ará arão ção ções ões ão amento amentos")}, true
	case "ru":
		return grammar{russian.Stem, strings.Fields("а у е ы и о я ю ой ою ом ем ам ами ах ям ями ях ов ев ей ёй ь ью ия ии ию " +
			"ием ий иям иями иях ый ая ое ые ого ому ым ых ыми ую ого его им их ими юю ет ют ит ят ал ала али ил " +
			"ила или ать ить ован ована ованы ует уют овал овали ся")}, true
	}
	return grammar{}, false
}

// base is the word without a vowel at its end, for languages without stemmer.
func base(fold string) string {
	const vowels = "aeiouyаеиоуыяюєіїь"
	r := []rune(fold)
	if len(r) > 3 && strings.ContainsRune(vowels, r[len(r)-1]) {
		r = r[:len(r)-1]
	}
	return string(r)
}

// tail is how many letters may follow a base where there is no stemmer.
const tail = 4

// forms calls add for every folded form of the word.
func (g grammar) forms(word string, add func(fold string)) {
	env := snowballstem.NewEnv("")
	stem := func(w string) string {
		env.SetCurrent(w)
		g.stem(env)
		return env.Current()
	}
	want := stem(word)
	add(token.Fold(word))
	tried := map[string]bool{word: true}
	kept := ""
	if len(word)-len(want) >= suffix {
		kept = cut(word, 1)
	}
	try := func(form string) {
		if tried[form] || !strings.HasPrefix(form, kept) {
			return
		}
		tried[form] = true
		if stem(form) == want {
			add(token.Fold(form))
		}
	}
	from := bases(word, want)
	if kept != "" {
		from = []string{word, kept}
	}
	for _, b := range from {
		try(b)
		for _, e := range g.endings {
			try(b + e)
		}
	}
}

// suffix is how many bytes a stemmer must take off before it has cut away the
// suffix that made the word, not its inflection: réserviste and réservation
// both come down to "réserv". Of such a word only the plural and the feminine
// are its forms.
const suffix = 3

// cut takes n letters off the end.
func cut(word string, n int) string {
	r := []rune(word)
	return string(r[:max(0, len(r)-n)])
}

// bases are what endings are put to: the word, the word without its last
// letter, its stem's length of it, and the word with its last letter doubled
// (plot, plotted).
func bases(word, stem string) []string {
	r := []rune(word)
	out := []string{word, cut(word, 1), word + string(r[len(r)-1:])}
	if n := len([]rune(stem)); n < len(r)-1 {
		out = append(out, string(r[:n]))
	}
	return out
}
