package entity

import "github.com/tocsin-news/tocsin/internal/token"

// mostEchoes bounds how many names of the text are looked for in the title.
const mostEchoes = 256

// headline finds in a title whose capitals tell nothing the names that the
// text has in small letters' company: A Headline With Farah Dakhlallah.
func (r *reading) headline() {
	title := &r.fields[0]
	if !title.shouts && !title.titled {
		return
	}
	r.take()
	begins := map[uint64]int{} // first word's hash → span, plus one: the longest there is
	for i, looked := 0, 0; i < len(r.spans) && looked < mostEchoes; i++ {
		s := &r.spans[i]
		if s.field == 0 || s.kind == 0 || s.entity != 0 {
			continue
		}
		looked++
		first := r.fields[1].words[s.from]
		if first.Shape&token.Capital == 0 || s.to-s.from == 1 && len(first.Fold) < 4 {
			continue
		}
		if j := begins[first.Hash]; j == 0 || s.to-s.from > r.spans[j-1].to-r.spans[j-1].from {
			begins[first.Hash] = i + 1
		}
	}
	for i := 0; i < len(title.words); i++ {
		j := begins[title.words[i].Hash]
		if j == 0 || !r.echoes(i, &r.spans[j-1]) {
			continue
		}
		s := r.spans[j-1]
		n := s.to - s.from
		r.spans = append(r.spans, span{field: 0, from: i, to: i + n, kind: s.kind, record: s.record, entity: int32(j), reason: "as the text names " + s.text(r)})
		i += n - 1
	}
}

// echoes reports whether the title's words from i on are those of s, and no
// name has them yet.
func (r *reading) echoes(i int, s *span) bool {
	title, words := &r.fields[0], r.fields[1].words[s.from:s.to]
	if i+len(words) > len(title.words) {
		return false
	}
	for k, w := range words {
		if title.taken[i+k] || title.words[i+k].Hash != w.Hash || k > 0 && !title.words[i+k].Near() {
			return false
		}
	}
	return true
}
