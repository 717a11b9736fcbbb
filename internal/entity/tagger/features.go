package tagger

import (
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/entity/ending"
	"github.com/tocsin-news/tocsin/internal/token"
)

// salts are the lexicon's kinds, hashed once.
type salts struct {
	given, family uint64
	common        map[string]uint64
}

func newSalts() salts {
	s := salts{given: salt(Given), family: salt(Family), common: map[string]uint64{}}
	for _, l := range []string{"en", "fr", "de", "es", "it", "nl", "pl", "pt", "ru", "uk"} {
		s.common[l] = salt(Common + l)
	}
	return s
}

// view is a word as the features see it.
type view struct {
	word        uint64
	suf2, suf3  uint64
	pre3        uint64
	shape, gap  uint64
	lex, class  uint64
	hint        uint64
	fine, broad uint64 // clusters
	quoted      uint64 // place in a short quotation: 0 in none, 1 first, 2 inside, 3 last, 4 all of it
	runAt, runN int32  // place in the run of capitals, and its length
	runFrom     int32
	active      bool
	parted      bool // a mark stands before that no name crosses
}

// What lex holds.
const (
	lexGiven = 1 << iota
	lexFamily
	lexCommon
	lexFirst // begins a sentence
)

// reader turns words into features.
type reader struct {
	views []view
	lang  uint64
}

var edge = view{word: 1, shape: 63, gap: 15}

func (r *reader) at(i int) *view {
	if i < 0 || i >= len(r.views) {
		return &edge
	}
	return &r.views[i]
}

// read looks at each word once.
func (r *reader) read(lex *Lexicon, clusters *Clusters, classes map[uint64]uint16, s salts, words []token.Token, hints []Hint, lang string) {
	if cap(r.views) < len(words) {
		r.views = make([]view, len(words)+len(words)/2)
	}
	r.views = r.views[:len(words)]
	r.lang = salt(lang)
	common, known := s.common[lang]
	declines := ending.Declines(lang)
	for i := range words {
		w := &words[i]
		v := &r.views[i]
		*v = view{word: w.Hash, shape: shape(w), gap: gap(w.Before), class: uint64(classes[w.Hash])}
		if declines && w.Shape&token.Letters != 0 {
			v.word = Stem(w.Fold, lang)
			if v.class == 0 {
				v.class = uint64(classes[v.word])
			}
		}
		if hints != nil {
			v.hint = uint64(hints[i])
		}
		v.parted = w.Before&(token.Comma|token.Colon|token.Stop|token.Quote|token.Open|token.Close|token.Dash|token.Line|token.First) != 0 &&
			w.Before != token.Dash // Wisconsin–Madison
		if w.Starts() || w.Before&(token.Quote|token.Colon) != 0 {
			v.lex |= lexFirst
		}
		if known && lex.has(common, w.Hash) {
			v.lex |= lexCommon
		}
		if w.Shape&token.Capital != 0 || lang == "en" {
			v.fine, v.broad = clusters.of(w.Hash)
		}
		if w.Shape&token.Capital == 0 {
			v.active = w.Shape&(token.Number|token.Mixed) != 0 || v.hint&7 != 0 && v.hint&7 < 5
			continue
		}
		v.active = true
		if lex.has(s.given, w.Hash) || declines && lex.has(s.given, v.word) {
			v.lex |= lexGiven
		}
		if lex.has(s.family, w.Hash) || declines && lex.has(s.family, v.word) {
			v.lex |= lexFamily
		}
	}
	r.quote(words)
	r.bridge(words, lang)
	for i := range r.views {
		if v := &r.views[i]; v.active {
			affixes(v, words[i].Fold)
		}
	}
}

// quote marks the words of quotations so short that they may be titles.
func (r *reader) quote(words []token.Token) {
	open := -1
	for i := range words {
		switch {
		case words[i].Before&token.Line != 0:
			open = -1
		case words[i].Before&token.Quote == 0:
		case open < 0:
			open = i
		default:
			r.enclose(open, i)
			open = -1
		}
	}
	if open >= 0 {
		r.enclose(open, len(words))
	}
}

func (r *reader) enclose(from, to int) {
	if to-from > 9 {
		return
	}
	for k := from; k < to; k++ {
		r.views[k].quoted = 2
	}
	r.views[from].quoted, r.views[to-1].quoted = 1, 3
	if to-from == 1 {
		r.views[from].quoted = 4
	}
}

// heads are the classes that a name may begin with in lower case (rivière des
// Perles), or that lower case may follow (Ligue nationale de hockey).
const heads = uint64(classOrg | classLoc | classWork)

// Stem is the hash under which a word of a language that declines is known in
// all its cases.
func Stem(fold, lang string) uint64 { return stemSalt ^ xxhash.Sum64String(ending.Cut(fold, lang)) }

// bridge makes active the particles between capitals (de, of the, и), what a
// hyphen ties to them, the heads before them and the words that heads draw
// after them; and measures the runs of active words.
func (r *reader) bridge(words []token.Token, lang string) {
	last := -10 // the last word with a capital
	for i := range r.views {
		v := &r.views[i]
		if !v.active {
			if i == last+1 && last >= 0 && words[i].Before == token.Hyphen {
				v.active = true
			}
			continue
		}
		if gap := i - last - 1; gap > 0 && gap <= 3 && r.particles(words, last+1, i) {
			for k := last + 1; k < i; k++ {
				r.views[k].active = true
			}
		}
		last = i
	}
	if lang != "en" && lang != "de" && lang != "nl" {
		r.draw(words)
	}
	r.runs(words)
}

// draw makes active what belongs to a capital in languages that write most of a
// name in lower case: heads before it, and up to four words behind a head.
func (r *reader) draw(words []token.Token) {
	for i := len(r.views) - 1; i >= 0; i-- {
		v := &r.views[i]
		if !v.active || i > 0 && r.views[i-1].active || words[i].Shape&token.Capital == 0 {
			continue
		}
		for k := i - 1; k >= 0 && k >= i-3 && words[k+1].Near(); k-- {
			if r.views[k].class&heads != 0 {
				for ; k < i; k++ {
					r.views[k].active = true
				}
				break
			}
			if r.views[k].class&uint64(classParticle|classPlace) == 0 && k < i-2 {
				break
			}
		}
	}
	left := 0
	for i := range r.views {
		v := &r.views[i]
		capital := words[i].Shape&token.Capital != 0
		switch {
		case capital && v.class&heads != 0:
			left = 4
		case capital:
			left = max(left-1, 1)
		case left > 0 && words[i].Near() && words[i].Shape&token.Letters != 0:
			if v.class&heads != 0 || left > 1 {
				v.active = true
			}
			left--
		default:
			left = 0
		}
	}
}

// runs measures the runs of active words.
func (r *reader) runs(words []token.Token) {
	for i := 0; i < len(r.views); {
		if !r.views[i].active {
			i++
			continue
		}
		j := i + 1
		for j < len(r.views) && r.views[j].active && words[j].Near() {
			j++
		}
		for k := i; k < j; k++ {
			r.views[k].runFrom, r.views[k].runAt, r.views[k].runN = int32(i), int32(k-i), int32(j-i)
		}
		i = j
	}
}

func (r *reader) particles(words []token.Token, from, to int) bool {
	for k := from; k <= to; k++ {
		if k < to && words[k].Fold == "s" && words[k].Before == token.Apostrophe && r.views[to].class&heads == 0 {
			return false // Trump's visit, but Saint Isaac's Cathedral
		}
		if !words[k].Near() || k < to && len(words[k].Fold) > 8 && to-from > 1 {
			return false
		}
	}
	return true
}

// stretch returns the next stretch of active words that touch, at or after at.
func (r *reader) stretch(at int) (from, to int) {
	for at < len(r.views) && !r.views[at].active {
		at++
	}
	from = at
	for at < len(r.views) && r.views[at].active && at-from < 512 {
		at++
	}
	return from, at
}

// shape is what the letters look like, in six bits.
func shape(w *token.Token) uint64 {
	s := uint64(0)
	switch {
	case w.Shape&token.Number != 0:
		s = 1
	case w.Shape&token.Dotted != 0:
		s = 2
	case w.Shape&token.Upper != 0:
		s = 3
	case w.Shape&token.Mixed != 0:
		s = 4
	case w.Shape&token.Capital != 0:
		s = 5
	}
	return s<<3 | uint64(min(7, utf8.RuneCountInString(w.Fold)))
}

// gap is what stands before, in four bits: the strongest of the marks.
func gap(g token.Gap) uint64 {
	switch {
	case g&(token.First|token.Line) != 0:
		return 1
	case g&token.Stop != 0:
		return 2
	case g&token.Open != 0:
		return 3
	case g&token.Close != 0:
		return 4
	case g&token.Quote != 0:
		return 5
	case g&token.Colon != 0:
		return 6
	case g&token.Comma != 0:
		return 7
	case g&token.Dash != 0:
		return 8
	case g&token.Other != 0:
		return 9
	case g&token.Hyphen != 0:
		return 10
	case g&token.Apostrophe != 0:
		return 11
	case g&token.Abbrev != 0:
		return 12
	}
	return 0
}

// affixes hashes the ends of a folded word, by runes.
func affixes(v *view, fold string) {
	n := len(fold)
	for k := 1; k <= 3; k++ {
		_, size := utf8.DecodeLastRuneInString(fold[:n])
		n -= size
		if n <= 0 {
			break
		}
		h := text(fold[n:])
		switch k {
		case 2:
			v.suf2 = h
		case 3:
			v.suf3 = h
		}
	}
	n = 0
	for range 3 {
		_, size := utf8.DecodeRuneInString(fold[n:])
		n += size
	}
	v.pre3 = text(fold[:n])
}

func text(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func mix(kind uint64, a ...uint64) uint32 {
	h := kind * 0x9e3779b97f4a7c15
	for _, x := range a {
		h = (h ^ x) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return uint32(h)
}

// features appends the hashed features of word i.
func (r *reader) features(f []uint32, i int) []uint32 {
	v, p, n := r.at(i), r.at(i-1), r.at(i+1)
	pp, nn := r.at(i-2), r.at(i+2)
	first := v.lex & lexFirst
	head, tail := r.at(int(v.runFrom)), r.at(int(v.runFrom+v.runN)-1)
	before, after := r.at(int(v.runFrom)-1), r.at(int(v.runFrom+v.runN))
	pos := uint64(min(3, v.runAt))<<4 | uint64(min(3, v.runN-1-v.runAt))<<2
	known := v.hint & 7
	return append(f,
		mix(1, v.word), mix(52, v.word, r.lang), mix(2, p.word), mix(3, n.word), mix(4, pp.word), mix(5, nn.word),
		mix(10, v.suf2), mix(11, v.suf3), mix(13, v.pre3),
		mix(15, v.shape, first), mix(17, v.shape>>3, n.gap, n.shape>>3),
		mix(19, v.gap, n.gap, v.shape>>3),
		mix(21, v.hint, n.hint), mix(22, p.hint, v.hint), mix(23, v.hint, v.shape>>3, v.lex),
		mix(24, v.hint, p.class),
		mix(26, v.lex, v.shape>>3), mix(27, v.lex, n.lex, n.shape>>3), mix(28, p.lex, p.shape>>3, v.lex),
		mix(30, v.class, v.shape>>3), mix(31, p.class, v.shape>>3), mix(32, n.class, n.shape>>3, v.shape>>3),
		mix(38, r.lang, v.shape>>3, v.lex), mix(39, pos, v.shape>>3, uint64(v.runN)),
		mix(45, head.word, pos), mix(46, tail.word, pos),
		mix(48, head.lex, tail.lex, pos, head.gap), mix(49, head.hint, tail.hint, pos),
		mix(51, head.gap, after.gap, pos, known),
		mix(53, v.fine, v.shape>>3), mix(54, p.fine, p.shape>>3), mix(55, n.fine, n.shape>>3),
		mix(56, p.broad, v.broad, v.shape>>3), mix(57, v.broad, n.broad, v.shape>>3),
		mix(59, head.broad, tail.broad, pos), mix(60, before.fine, pos), mix(61, after.fine, pos), mix(62, tail.fine, pos), mix(63, v.broad, r.lang, pos),
		mix(67, pp.fine, v.shape>>3), mix(68, nn.fine, v.shape>>3), mix(69, pp.word, p.word), mix(70, n.word, nn.word),
		mix(71, r.at(i-3).broad, known), mix(71, r.at(i-4).broad, known), mix(72, r.at(i+3).broad, known), mix(72, r.at(i+4).broad, known),
		mix(64, v.quoted, v.shape>>3), mix(65, v.quoted, pos, r.lang), mix(66, v.quoted, v.hint),
	)
}
