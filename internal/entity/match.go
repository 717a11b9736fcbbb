package entity

import (
	"strings"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/entity/ending"
	"github.com/tocsin-news/tocsin/internal/entity/names"
	"github.com/tocsin-news/tocsin/internal/token"
)

// longest is how many words a name may have.
const longest = 14

// hit is a name of the base that stands in the text.
type hit struct {
	from, to int
	post     uint32
	stem     bool
}

// match finds, for every word, the longest name of the base that begins there,
// and the longest office: names inside an office are found too.
func (r *reading) match(f *field) {
	slavic, tongue := stemmed, ""
	inflected := false
	switch r.lang {
	case "ru", "uk", "bg", "und", "":
		inflected = true
	case "pl":
		slavic, tongue, inflected = polish, "pl", true
	}
	for i := range f.words {
		w := &f.words[i]
		low := w.Shape&(token.Capital|token.Number) == 0 && !f.shouts
		if !low || r.base.low.has(w.Hash) {
			if r.walk(f, i, exact, false, "") {
				continue
			}
			if r.lang == "de" && !low && r.genitive(f, i) {
				continue
			}
		}
		if !inflected || len(w.Fold) < 4 {
			continue
		}
		if low && !r.base.low.has(xxhash.Sum64String(ending.Cut(w.Fold, tongue))) {
			continue
		}
		r.walk(f, i, slavic, true, tongue)
	}
}

// genitive finds a name of one word behind a German genitive's s: Louisianas.
func (r *reading) genitive(f *field, i int) bool {
	word, ok := strings.CutSuffix(f.words[i].Fold, "s")
	if !ok || len(word) < 4 {
		return false
	}
	_, post, _ := r.base.set.Step(exact, xxhash.Sum64String(word))
	for p := post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if q.Flags&(flagWeak|flagOffice|flagAdjective|flagAcronym) == 0 && r.base.metas[q.Record].prior >= 4 && r.fits(f, i, i+1, q) {
			f.hits = append(f.hits, hit{i, i + 1, post, true})
			return true
		}
	}
	return false
}

// walk follows the names that begin at word i, and keeps the longest name and
// the longest office that the text's capitals allow.
func (r *reading) walk(f *field, i int, n names.Node, stems bool, tongue string) bool {
	var name, office hit
	for k := i; k < len(f.words) && k < i+longest; k++ {
		w := &f.words[k]
		if k > i && !w.Near() {
			break
		}
		word := w.Hash
		if stems {
			word = xxhash.Sum64String(ending.Cut(w.Fold, tongue))
		}
		var post uint32
		var longer bool
		n, post, longer = r.base.set.Step(n, word)
		for p := post; p != 0; {
			q, next := r.base.set.Post(p)
			p = next
			if !r.fits(f, i, k+1, q) {
				continue
			}
			if q.Flags&flagOffice != 0 {
				office = hit{i, k + 1, post, stems}
			} else {
				name = hit{i, k + 1, post, stems}
			}
		}
		if !longer {
			break
		}
	}
	if name.to > 0 {
		f.hits = append(f.hits, name)
	}
	if office.to > 0 {
		f.offices = append(f.offices, office)
	}
	return name.to > 0 || office.to > 0
}

// foreign reports whether p's form is none of the article's language: Orano is
// Oran in Italian alone.
func (r *reading) foreign(p names.Post) bool { return r.bit&ownAcronyms != 0 && p.Langs&r.bit == 0 }

// divisions end a region's name in English, with a capital or without one.
var divisions = set("province state region oblast governorate prefecture county district")

// fits reports whether the words [i, j) are written as p's name is.
func (r *reading) fits(f *field, i, j int, p names.Post) bool {
	if p.Flags&(flagAdjective|flagOffice|flagWeak) != 0 && p.Langs&r.bit == 0 {
		return false
	}
	if f.shouts {
		return p.Flags&flagAdjective == 0 && (p.Flags&flagAcronym == 0 || utf8.RuneCountInString(f.words[i].Fold) > 3)
	}
	first := &f.words[i]
	short := utf8.RuneCountInString(first.Fold) <= 3
	if p.Flags&flagAcronym != 0 {
		if short && p.Langs&r.bit == 0 && r.bit&ownAcronyms != 0 && first.Fold[0] < utf8.RuneSelf {
			return false // BCE is a bank in French only
		}
		return first.Shape&token.Upper != 0 || first.Shape&token.Capital != 0 && !short
	}
	if short && j == i+1 && first.Shape&token.Upper != 0 && p.Flags&(1<<flagCapitals) != 0 {
		return false // RAM and ROM are neither a person nor Rome
	}
	for k := i; k < j && k < i+8; k++ {
		if p.Flags>>(flagCapitals+k-i)&1 != 0 && f.words[k].Shape&token.Capital == 0 && (k == i || k < j-1 || !divisions[f.words[k].Fold]) {
			return false // but Niger state is Niger State
		}
	}
	return true
}
