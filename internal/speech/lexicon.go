package speech

import (
	"embed"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/token"
)

//go:embed lexicon/*.txt
var shipped embed.FS

// role is what a word does for speech.
type role uint8

const (
	none    role = iota
	say          // what is said follows "that", or stands before: X a déclaré que …
	tell         // or follows at once: X said it was …
	comma        // or follows a comma: X sagte am Dienstag, die Lage sei ernst
	object       // or is a noun: X denied the report
	by           // introduces the speaker: selon X
	asper        // does so only where the speaker follows at once: secondo X, not "secondo le regole di X"
	behind       // stands behind the speaker: X zufolge
	speaker      // somebody who speaks: ministre, general
	voice        // one who speaks for a body: porte-parole, spokesman
	that         // begins what is said
	pronoun      // he, she
	oblique      // him, her: according to him
	aux          // stands between subject and verb: has, a, also
	prep         // makes the name after it no subject
	det          // makes the word after it a noun: the, une
	not          // not
	passive      // was, before confirmed
	finite       // a verb that may follow what a sentence begins with: Laut X wurden …
	thing        // what is refused rather than denied: entry, access
	joins        // begins another clause than what is said: weil, als
)

var roles = map[string]role{
	"say": say, "tell": tell, "comma": comma, "object": object, "by": by, "asper": asper, "behind": behind, "speaker": speaker, "voice": voice, "that": that, "pronoun": pronoun, "oblique": oblique,
	"aux": aux, "prep": prep, "det": det, "not": not, "passive": passive,
	"finite": finite, "thing": thing, "joins": joins,
}

// entry is a word or phrase of the lexicon.
type entry struct {
	role   role
	stance string
	spell  string   // as written, lower case
	rest   []string // folded words that follow
	// bound says that the form is a participle, which speaks only behind an
	// auxiliary: "a déclaré", not "déclaré coupable".
	bound bool
	// apart is the particle that ends the verb's clause: "teilte … mit".
	apart string
}

// lexicon is the words of one language by the hash of their folded form.
type lexicon struct {
	entries map[uint64][]entry
	// seen has a bit for each hash, by its lowest bits: most words of a text
	// are in no lexicon, and need no look into the map.
	seen [1 << 10]uint64
	// verbSecond says that the language has its verb second: it has finite
	// verbs listed.
	verbSecond bool
	// nouns says that all nouns have capitals, so that capitals make no name.
	nouns bool
	// things are endings of words that are refused or played: "*spiele".
	things []string
}

func (l *lexicon) of(hash uint64) []entry {
	if l.seen[hash>>6&(1<<10-1)]&(1<<(hash&63)) == 0 {
		return nil
	}
	return l.entries[hash]
}

// lexicons are read once, each when the first text of its language comes.
var lexicons = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{}
	files, err := shipped.ReadDir("lexicon")
	if err != nil {
		panic("speech: " + err.Error()) // embedded
	}
	for _, f := range files {
		data, err := shipped.ReadFile("lexicon/" + f.Name())
		if err != nil {
			panic("speech: " + err.Error())
		}
		out[strings.TrimSuffix(f.Name(), ".txt")] = readLexicon(string(data))
	}
	return out
})

var nothing = &lexicon{}

func lexiconOf(lang string) *lexicon {
	lang, _, _ = strings.Cut(lang, "-")
	if l, ok := lexicons()[lang]; ok {
		return l
	}
	return nothing
}

// readLexicon reads lines of "role [stance] [-ending]: word, word". A line
// "-ending: e, ent, é+" names endings; words of a line with one are stems. A
// "+" at the end of a form binds it to an auxiliary; "teilte~mit" is a verb
// whose particle ends its clause; "*spiele" is every thing with this ending.
// "nouns: capital" says that all nouns have capitals.
func readLexicon(text string) *lexicon {
	l := &lexicon{entries: map[uint64][]entry{}}
	endings := map[string][]string{}
	for line := range strings.Lines(text) {
		head, list, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Split(list, ",")
		for i := range words {
			words[i] = strings.TrimSpace(words[i])
		}
		switch {
		case strings.HasPrefix(head, "-"):
			endings[head] = words
			continue
		case head == "nouns":
			l.nouns = true
			continue
		}
		var e entry
		forms := []string{""}
		for _, h := range strings.Fields(head) {
			switch {
			case roles[h] != none:
				e.role = roles[h]
			case strings.HasPrefix(h, "-"):
				forms = endings[h]
			default:
				e.stance = h
			}
		}
		l.verbSecond = l.verbSecond || e.role == finite
		for _, w := range words {
			if end, ok := strings.CutPrefix(w, "*"); ok {
				l.things = append(l.things, token.Fold(end))
				continue
			}
			for _, f := range forms {
				l.add(w+f, e)
			}
		}
	}
	return l
}

func (l *lexicon) add(form string, e entry) {
	form, e.bound = strings.CutSuffix(form, "+")
	form, e.apart, _ = strings.Cut(form, "~")
	words := token.Split(form)
	if len(words) == 0 {
		return
	}
	e.spell = strings.ToLower(words[0].Of(form))
	for _, w := range words[1:] {
		e.rest = append(e.rest, w.Fold)
	}
	h := xxhash.Sum64String(words[0].Fold)
	l.entries[h] = append(l.entries[h], e)
	l.seen[h>>6&(1<<10-1)] |= 1 << (h & 63)
}

// at finds the longest entry at word i, or nil. Where forms differ in nothing
// but accents (déclare, déclaré), the text's own spelling decides.
func (l *lexicon) at(src string, words []token.Token, i int) *entry {
	list := l.of(words[i].Hash)
	var best *entry
	for k := range list {
		e := &list[k]
		if i+len(e.rest) >= len(words) || !follow(words[i+1:], e.rest) {
			continue
		}
		if best == nil || len(e.rest) > len(best.rest) ||
			len(e.rest) == len(best.rest) && best.spell != e.spell && strings.EqualFold(e.spell, words[i].Of(src)) {
			best = e
		}
	}
	return best
}

func follow(words []token.Token, rest []string) bool {
	for k, w := range rest {
		if words[k].Fold != w || !words[k].Near() {
			return false
		}
	}
	return true
}

// is reports whether a word or phrase of a role begins at word i. Here accents
// count: "a" is no "à".
func (r *reading) is(i int, want role) bool { return r.long(i, want) > 0 }

// long is how many words the phrase of a role at word i has, 0 for none.
func (r *reading) long(i int, want role) int {
	if i < 0 || i >= len(r.words) {
		return 0
	}
	n := 0
	list := r.lex.of(r.words[i].Hash)
	for k := range list {
		e := &list[k]
		if e.role != want || len(e.rest) < n || i+len(e.rest) >= len(r.words) || !follow(r.words[i+1:], e.rest) {
			continue
		}
		if r.words[i].Shape&token.Upper != 0 || strings.EqualFold(e.spell, r.words[i].Of(r.src)) {
			n = 1 + len(e.rest)
		}
	}
	return n
}
