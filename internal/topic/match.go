package topic

import (
	"math"
	"strings"
	"sync"
	"unicode/utf8"

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

// matcher finds the phrases of one language. Words are looked up by the hash
// of their folded form; phrases are paths in a trie of word classes.
type matcher struct {
	forms    map[uint64][]entry
	prefixes prefixes
	edges    map[edge]int32
	starts   []int32   // the node that a symbol leads to from the root, or 0
	ends     [][]int32 // atoms that end at a node
	byAtom   [][]int32 // uses whose left side is the atom
	uses     []use
	entities map[string][]int32 // atoms by entity id
	kinds    map[string][]int32 // atoms by entity kind
	scratch  sync.Pool
}

type entry struct {
	symbol int32
	caps   bool
}

type edge struct{ node, symbol int32 }

// use is what a phrase says of a topic.
type use struct {
	rule, topic int32
	weight      float32
	ignore      bool
	others      []other // what must stand near
}

// other is a further side of a term: its atom, and how far off it may stand.
type other struct{ atom, near int32 }

// everyTopic stands for all topics in a use that is ignored.
const everyTopic = -1

// hit is a phrase found: words [first, last] of a field.
type hit struct {
	atom        int32
	first, last int32
	sentence    int32
	title       bool
	next        int32 // the hit of the same atom before it, or -1
}

func newMatcher() *matcher {
	return &matcher{
		forms: map[uint64][]entry{}, edges: map[edge]int32{}, ends: [][]int32{nil},
		entities: map[string][]int32{}, kinds: map[string][]int32{}, prefixes: prefixes{by: map[uint32][]prefixEntry{}},
	}
}

func (m *matcher) put(h uint64, e entry) {
	for _, x := range m.forms[h] {
		if x == e {
			return
		}
	}
	m.forms[h] = append(m.forms[h], e)
}

func (m *matcher) seal() {
	for e, node := range m.edges {
		if e.node == 0 {
			for int(e.symbol) >= len(m.starts) {
				m.starts = append(m.starts, 0)
			}
			m.starts[e.symbol] = node
		}
	}
	m.scratch.New = func() any {
		s := &scratch{m: m, head: make([]int32, len(m.byAtom)), count: make([]int32, len(m.byAtom))}
		for i := range s.head {
			s.head[i] = -1
		}
		return s
	}
}

// prefixes finds the patterns that begin a word, by its first three bytes.
type prefixes struct {
	by   map[uint32][]prefixEntry
	seen [1 << 12]bool // a filter before the map
}

type prefixEntry struct {
	text string
	more int // letters that may follow; -1 for any number
	entry
}

func head3(s string) uint32 { return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 }

func slot(k uint32) uint32 { return (k * 2654435761) >> 20 }

func (p *prefixes) add(text string, more int, e entry) {
	k := head3(text)
	p.by[k] = append(p.by[k], prefixEntry{text, more, e})
	p.seen[slot(k)] = true
}

func (p *prefixes) find(fold string, out []entry) []entry {
	if len(fold) < 3 {
		return out
	}
	k := head3(fold)
	if !p.seen[slot(k)] {
		return out
	}
	for _, e := range p.by[k] {
		if !strings.HasPrefix(fold, e.text) {
			continue
		}
		if e.more >= 0 && utf8.RuneCountInString(fold[len(e.text):]) > e.more {
			continue
		}
		out = append(out, e.entry)
	}
	return out
}

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
			s.entries = append(more, entries...)
			entries = s.entries
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
