package topic

import (
	"math"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of what is read of one article. Beyond them a text is long enough to
// be judged by what came before.
const (
	MaxWords = 6000 // of title and text together
	maxHits  = 48   // of one phrase in one article
	maxAll   = 8192 // of all phrases
	maxOpen  = 64   // phrases begun at one word
)

// scratch is the memory of one reading, used again and again.
type scratch struct {
	m        *matcher
	hits     []hit
	head     []int32 // last hit of an atom, or -1
	count    []int32 // hits of an atom
	touched  []int32 // atoms with hits
	open     []path
	next     []path
	entries  []entry
	masks    []mask
	found    []found
	owner    []bool // words that count already for the topic in hand
	sums     []sum
	sentence int32
	titleLen int32
}

type path struct{ node, first int32 }

func (s *scratch) reset() {
	for _, a := range s.touched {
		s.head[a] = -1
		s.count[a] = 0
	}
	s.touched = s.touched[:0]
	s.hits = s.hits[:0]
	s.masks = s.masks[:0]
	s.found = s.found[:0]
	s.sentence = 0
}

func (s *scratch) hit(atom, first, last, sentence int32, title bool) {
	if s.count[atom] >= maxHits || len(s.hits) >= maxAll {
		return
	}
	if s.count[atom] == 0 {
		s.touched = append(s.touched, atom)
	}
	s.count[atom]++
	s.hits = append(s.hits, hit{atom, first, last, sentence, title, s.head[atom]})
	s.head[atom] = int32(len(s.hits) - 1)
}

// scan finds the phrases in words. Positions begin at offset.
func (s *scratch) scan(words []token.Token, offset int32, title bool) {
	m := s.m
	s.open = s.open[:0]
	s.sentence++
	for i := range words {
		w := &words[i]
		if w.Starts() {
			s.sentence++
		}
		if !w.Near() {
			s.open = s.open[:0]
		}
		entries := m.forms[w.Hash]
		if more := m.prefixes.find(w.Fold, s.entries[:0]); len(more) > 0 {
			more = append(more, entries...)
			s.entries, entries = more, more
		}
		if len(entries) == 0 {
			s.open = s.open[:0]
			continue
		}
		s.step(entries, w, offset+int32(i), title)
	}
}

func (s *scratch) step(entries []entry, w *token.Token, at int32, title bool) {
	m := s.m
	s.next = s.next[:0]
	for _, e := range entries {
		if e.caps && w.Shape&token.Upper == 0 {
			continue
		}
		if int(e.symbol) < len(m.starts) {
			if n := m.starts[e.symbol]; n != 0 {
				s.arrive(path{n, at}, at, title)
			}
		}
		for _, p := range s.open {
			if n, ok := m.edges[edge{p.node, e.symbol}]; ok {
				s.arrive(path{n, p.first}, at, title)
			}
		}
	}
	s.open, s.next = s.next, s.open
}

func (s *scratch) arrive(p path, at int32, title bool) {
	for _, atom := range s.m.ends[p.node] {
		s.hit(atom, p.first, at, s.sentence, title)
	}
	if len(s.next) < maxOpen {
		s.next = append(s.next, p)
	}
}

// places adds the entities' mentions as hits.
func (s *scratch) places(doc token.Doc, ents []events.Entity) {
	if len(s.m.entities) == 0 && len(s.m.kinds) == 0 {
		return
	}
	for i := range ents {
		e := &ents[i]
		atoms, kinds := s.m.entities[e.ID], s.m.kinds[e.Kind]
		if len(atoms) == 0 && len(kinds) == 0 {
			continue
		}
		for _, mention := range e.Mentions {
			first, last, sentence, ok := s.locate(doc, mention)
			if !ok {
				continue
			}
			title := mention.Field == events.FieldTitle
			for _, a := range atoms {
				s.hit(a, first, last, sentence, title)
			}
			for _, a := range kinds {
				s.hit(a, first, last, sentence, title)
			}
		}
	}
}

// noSentence marks a hit whose sentence is not known.
const noSentence = math.MinInt32

// locate gives the words of a mention.
func (s *scratch) locate(doc token.Doc, m events.Mention) (first, last, sentence int32, ok bool) {
	words, offset := doc.Text, s.titleLen
	if m.Field == events.FieldTitle {
		words, offset = doc.Title, 0
	}
	i := after(words, int32(m.Start))
	j := after(words, int32(m.End)-1)
	if j >= len(words) || int(words[j].Start) >= m.End {
		j--
	}
	if i >= len(words) || j < i || int(offset)+j >= MaxWords {
		return 0, 0, 0, false
	}
	return offset + int32(i), offset + int32(j), noSentence, true
}

// after is the index of the first word that ends after byte at.
func after(words []token.Token, at int32) int {
	lo, hi := 0, len(words)
	for lo < hi {
		mid := (lo + hi) / 2
		if words[mid].End <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
