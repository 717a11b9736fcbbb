package entity

import (
	"iter"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// Hints appends what the base says of each word, for the tagger.
func (b *Base) Hints(dst []tagger.Hint, words []token.Token, lang string) []tagger.Hint {
	r := reading{base: b, lang: lang, bit: langBit(lang)}
	f := field{words: words}
	r.match(&f)
	return r.hints(dst, &f)
}

// All gives every record, in the order in which they were read.
func (b *Base) All() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for i := range b.metas {
			if !yield(b.record(uint32(i))) {
				return
			}
		}
	}
}

// hints appends a hint for each word of f: of the leftmost longest hits.
func (r *reading) hints(dst []tagger.Hint, f *field) []tagger.Hint {
	from := len(dst)
	for range f.words {
		dst = append(dst, 0)
	}
	end := 0
	for _, h := range f.hits {
		if h.from < end {
			continue
		}
		end = h.to
		x := r.hint(f, h)
		for i := h.from; i < h.to; i++ {
			dst[from+i] = x
			x |= tagger.Inside
		}
	}
	return dst
}

// hint says of a hit of which kind it is, and how far that can be trusted.
func (r *reading) hint(f *field, h hit) tagger.Hint {
	var x, kind tagger.Hint
	top, weak := int8(0), true
	for p := h.post; p != 0; {
		q, next := r.base.set.Post(p)
		p = next
		if !r.fits(f, h.from, h.to, q) {
			continue
		}
		var k tagger.Hint
		switch {
		case q.Flags&flagOffice != 0:
			continue
		case q.Flags&flagAdjective != 0:
			k = 5
		default:
			m := &r.base.metas[q.Record]
			k = kindCode(m.kind)
			weak = weak && (q.Flags&flagWeak != 0 || m.prior < 3)
			if kind != 0 && k != kind {
				x |= tagger.Mixed
			}
			if m.prior > top {
				top, kind = m.prior, k
			}
		}
		if kind == 0 {
			kind = k
		}
	}
	if h.to-h.from > 1 {
		x |= tagger.Many
	}
	switch {
	case weak:
		x |= tagger.Weak
	case top >= 6:
		x |= tagger.Known
	}
	return x | kind
}

func kindCode(k byte) tagger.Hint {
	switch k {
	case 'P':
		return 1
	case 'O':
		return 2
	case 'L':
		return 3
	}
	return 4
}
