// Package lang tells the language of a text.
// It knows letters and how often they follow one another; it has never heard
// of an article.
//
// The script decides first; where several languages share one, a naive Bayes
// model over the letters of each word does (n-grams of up to four letters with
// back-off, as in Cavnar & Trenkle 1994 and lingua, whose statistics it
// carries). A text that does not speak clearly for one is "und": it is kinder
// to say so than to guess.
package lang

import (
	"unicode"
	"unicode/utf8"
)

// Und is the answer for a text whose language is not sure.
const Und = "und"

// most is how much of a text is read, in bytes: three times what a sure answer
// needs.
const most = 480

// Identify tells the language of an article, as a BCP 47 primary tag, or Und.
func Identify(title, text string) string {
	var j judge
	j.read(title)
	j.read(sample(text))
	return j.verdict()
}

// sample is the start of a text, and where it is long, a piece of its middle
// too, so that a foreign preamble does not speak for the whole.
func sample(s string) string {
	if len(s) <= 2*most {
		return cut(s, most)
	}
	middle := s[runeAt(s, len(s)/2):]
	return cut(s, most/2) + " " + cut(middle, most/2)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:runeAt(s, n)]
}

func runeAt(s string, i int) int {
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// judge gathers the evidence of a text's letters and small words.
type judge struct {
	letters [scripts]int
	costs   [3][maxWidth]uint32 // by group and language
	scored  [3]int              // letters that the costs are of
	small   [3]int              // small words seen
	word    []byte              // the word that is being read, lower case
}

const maxWidth = 32

// read takes the words of s, one by one; a word that is said over again, once.
func (j *judge) read(s string) {
	start, capital, last := -1, false, ""
	take := func(word string) {
		if word != last {
			j.take(word, capital)
			last = word
		}
	}
	for i, r := range s {
		if scriptOf(r) != none || start >= 0 && joins(r) {
			if start < 0 {
				start, capital = i, unicode.IsUpper(r)
			}
			continue
		}
		if start >= 0 {
			take(s[start:i])
			start = -1
		}
	}
	if start >= 0 {
		take(s[start:])
	}
}

// joins reports whether r stands inside a word without being a letter.
func joins(r rune) bool {
	return r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x300 && r <= 0x36f
}

// longestWord is how many letters a word may have, where words stand apart:
// what is longer is no word.
const longestWord = 40

// take scores one word. A word with a capital is likely a name, which says
// little of the language around it.
func (j *judge) take(word string, capital bool) {
	if first, _ := utf8.DecodeRuneInString(word); scriptOf(first) <= arabic && utf8.RuneCountInString(word) > longestWord {
		return
	}
	weight := uint32(4)
	if capital {
		weight = 2
	}
	j.word = j.word[:0]
	var key uint64
	group := -1
	tables := models()
	for _, r := range word {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		} else if r >= utf8.RuneSelf {
			r = unicode.ToLower(r)
		}
		sc := scriptOf(r)
		if sc == none {
			continue
		}
		j.letters[sc]++
		if sc > arabic {
			key, group = 0, -1
			continue
		}
		if group != int(sc) {
			key, group = 0, int(sc)
		}
		key = push(key, r)
		j.word = utf8.AppendRune(j.word, r)
		costs := &j.costs[group]
		for i, c := range tables[group].row(key) {
			costs[i&(maxWidth-1)] += uint32(c) * weight
		}
		j.scored[group]++
	}
	if group < 0 || len(j.word) > 16 {
		return
	}
	if known := small()[string(j.word)]; known != 0 {
		j.small[group]++
		for i := range Groups[group].Languages {
			if known&(1<<i) == 0 {
				j.costs[group][i] += smallWord
			}
		}
	}
}

// verdict names the script with the most letters, then its best language.
func (j *judge) verdict() string {
	best, all := none, 0
	for sc, n := range j.letters {
		// An ideograph says as much as two letters.
		if script(sc) >= han {
			n *= 2
		}
		all += n
		if best == none || n > j.letters[best] {
			best = script(sc)
		}
	}
	if all == 0 {
		return Und
	}
	switch best {
	case latin, cyrillic, arabic:
		return j.nearest(int(best))
	case han:
		if j.letters[kana]*10 > j.letters[han] {
			return "ja"
		}
		return "zh"
	}
	return alone[best]
}

// nearest is the language of a group with the least cost, where it is clearly
// the least.
func (j *judge) nearest(group int) string {
	g := Groups[group]
	n := j.scored[group]
	if n < 3 {
		return Und
	}
	first, second := -1, -1
	cost := func(i int) uint32 {
		c := j.costs[group][i]
		if g.Rare[g.Languages[i]] {
			c += rarity
		}
		return c
	}
	for i := range g.Languages {
		switch {
		case first < 0 || cost(i) < cost(first):
			first, second = i, first
		case second < 0 || cost(i) < cost(second):
			second = i
		}
	}
	if cost(second)-cost(first) < clear && n < 200 {
		return Und
	}
	return g.Languages[first]
}

// In units of the model's costs: four times 1/Scale nats.
const (
	smallWord = 4 * Scale * 3 / 2
	rarity    = 4 * Scale * 4
	clear     = 4 * Scale / 2
)
