package entity

import (
	"slices"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// openers are words that begin a sentence and are no part of the name behind.
var openers = set("selon pour avec dans contre chez sans sous sur entre vers depuis après avant pendant comme mais puis ainsi alors quand si " +
	"lorsque et ou car donc concernant outre malgré dès c'est est " +
	"according unlike while when where after before since with without from for in on at by to of as but and or if although because despite " +
	"under over during both only even also like among between against through " +
	"nach mit von bei für gegen über unter zwischen seit während als wenn und oder aber auch laut " +
	"según con para por contra entre sobre desde cuando como pero y secondo con per contro tra fra quando come ma e " +
	"volgens met voor tegen tussen sinds toen en maar według z po przed dla przy gdy i ale " +
	"segundo com sem para contra entre quando como mas по от для при после перед когда как и но за на с у од від для після коли як і але за на з")

var articles = set("the a an le la les l un une des du de d der die das den dem des ein eine el los las il lo gli i het een o os as")

// trim cuts from a name that the tagger found what is no part of it: the
// article, the title, the year before it, the opener of the sentence.
func (r *reading) trim(m *tagger.Model, f *field, t tagger.Span) tagger.Span {
	for t.To-t.From > 1 {
		w := &f.words[t.From]
		next := &f.words[t.From+1]
		low := w.Shape&token.Capital == 0
		switch {
		case low && articles[w.Fold],
			len(w.Fold) <= 2 && next.Before == token.Apostrophe && articles[w.Fold],
			w.Starts() && (openers[w.Fold] || articles[w.Fold] && t.Kind != 'O' && t.Kind != 'M'),
			w.Fold == "the" && t.Kind != 'O' && t.Kind != 'M',
			w.Shape&token.Number != 0 && (t.Kind != 'O' || len(w.Fold) == 4 && w.Shape&token.Letters == 0) && t.Kind != 'M',
			t.Kind == 'P' && m.Title(w) && next.Shape&token.Capital != 0:
			t.From++
			continue
		case t.To-t.From == 2 && m.Title(w) && next.Shape&token.Capital != 0 && !m.Head(next): // Baron Dieskau
			t.From, t.Kind = t.From+1, 'P'
			continue
		}
		w = &f.words[t.To-1]
		if w.Shape&(token.Capital|token.Number) == 0 && (articles[w.Fold] || w.Fold == "s") {
			t.To--
			continue
		}
		break
	}
	for t.Kind == 'P' && t.From > 0 && initial(&f.words[t.From-1]) && f.words[t.From].Before&token.Abbrev != 0 {
		t.From--
	}
	return t
}

// initial reports whether w is one capital: the F of F. Husain.
func initial(w *token.Token) bool {
	return w.Shape&token.Capital != 0 && len(w.Fold) <= 2 && w.Fold != "m"
}

// cut parts a name that the tagger found along the names in it that the base
// knows well: "NATO Secretary General Mark Rutte" names two. One head of a
// place's, an organisation's or a work's name keeps it whole, unless a person
// is in it with a title or another name.
func (r *reading) cut(m *tagger.Model, f *field, tagged []tagger.Span) []tagger.Span {
	out := tagged[:0] // what is kept goes where it was read
	h := 0
	for _, t := range tagged {
		if _, known := f.hit(t.From, t.To); !known {
			t = r.trim(m, f, t)
		}
		for h < len(f.hits) && f.hits[h].from < t.From {
			h++
		}
		if r.lang == "de" && r.nouns(m, f, t) {
			continue
		}
		inner := r.inner(f, h, t)
		if len(inner) == 0 || r.whole(m, f, t, inner) {
			out = append(out, t)
		}
	}
	return out
}

// join makes one name of a person's that the tagger saw in parts: around a
// nickname in quotation marks (Emil "Matty" Laird), and before a suffix behind a
// comma (James Renwick, Jr.).
func join(f *field, tagged []tagger.Span) []tagger.Span {
	out := tagged[:0]
	for _, t := range tagged {
		if t.Kind == 'P' {
			if from := nickname(f, t.From); from > 0 {
				n := len(out)
				for n > 0 && out[n-1].From >= from {
					n--
				}
				if n > 0 && out[n-1].To == from && out[n-1].Kind == 'P' {
					out = out[:n]
					t.From, t.Score = out[n-1].From, min(t.Score, out[n-1].Score)
					out = out[:n-1]
				}
			}
			if t.To < len(f.words) && f.words[t.To].Before == token.Comma|token.Space && suffixes[f.words[t.To].Fold] {
				t.To++
			}
		}
		out = append(out, t)
	}
	return out
}

var suffixes = set("jr sr")

// nickname returns where a quotation of up to three capitals begins that ends
// right before word at; 0 if there is none.
func nickname(f *field, at int) int {
	if at >= len(f.words) || f.words[at].Before != token.Quote|token.Space {
		return 0
	}
	for from := at - 1; from > 0 && from >= at-3; from-- {
		switch w := &f.words[from]; {
		case w.Shape&token.Capital == 0:
			return 0
		case w.Before == token.Quote|token.Space:
			return from
		case !w.Near():
			return 0
		}
	}
	return 0
}

// sure is a tagger's score above which a German compound may be a name.
const sure = 3

// nouns reports whether a German name is but common nouns, which have a capital
// too.
func (r *reading) nouns(m *tagger.Model, f *field, t tagger.Span) bool {
	if _, known := f.hit(t.From, t.To); known || f.words[t.From].Before&token.Quote != 0 {
		return false
	}
	for i := t.From; i < t.To; i++ {
		if !m.Common(&f.words[i], "de") && !(t.Score < sure && m.Compound(f.words[i].Fold)) {
			return false
		}
	}
	return true
}

// inner returns the strong hits inside t, when t is not one of them.
func (r *reading) inner(f *field, h int, t tagger.Span) (inner []hit) {
	end := t.From
	for ; h < len(f.hits) && f.hits[h].from < t.To; h++ {
		x := f.hits[h]
		if x.from == t.From && x.to >= t.To {
			return nil
		}
		if x.from >= end && x.to <= t.To && r.strong(f, x) {
			inner = append(inner, x)
			end = x.to
		}
	}
	return inner
}

// whole reports whether t stays one name in spite of the known names in it.
func (r *reading) whole(m *tagger.Model, f *field, t tagger.Span, inner []hit) bool {
	people, titled, head := 0, false, false
	for _, x := range inner {
		if r.kindOf(f, x) == 'P' {
			people++
		}
	}
	covered := 0
	for _, x := range inner {
		covered += x.to - x.from
	}
	for i := t.From; i < t.To; i++ {
		titled = titled || m.Title(&f.words[i])
		head = head || m.Head(&f.words[i])
	}
	switch {
	case !titled && (head && people == 0 || len(inner) == 1), // Ivanka Trump
		!titled && people == 0 && t.Kind == 'P',                              // George Santos
		t.Kind == 'O' && r.adjective(f, inner[0]) && inner[0].from == t.From: // Lebanese Red Cross
		return true
	case titled || people > 0:
		return false
	}
	return covered < t.To-t.From
}

// adjective reports whether a hit is a country's adjective.
func (r *reading) adjective(f *field, x hit) bool {
	for p := x.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&flagAdjective != 0 && r.fits(f, x.from, x.to, q) {
			return true
		}
	}
	return false
}

// kindOf is the kind of the best known thing that a hit may mean.
func (r *reading) kindOf(f *field, x hit) (kind byte) {
	top := int8(-1)
	for p := x.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&(flagOffice|flagAdjective) != 0 || !r.fits(f, x.from, x.to, q) {
			continue
		}
		if m := &r.base.metas[q.Record]; m.prior > top {
			top, kind = m.prior, m.kind
		}
	}
	return kind
}

// hit returns the base's name that is exactly the words [from, to).
func (f *field) hit(from, to int) (hit, bool) {
	i, _ := slices.BinarySearchFunc(f.hits, from, func(h hit, from int) int { return h.from - from })
	if i < len(f.hits) && f.hits[i].from == from && f.hits[i].to == to {
		return f.hits[i], true
	}
	return hit{}, false
}
