package topic

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// builder makes the matcher of one language, or of all.
type builder struct {
	d       *draft
	m       *matcher
	symbols map[string]int32    // of a class of patterns
	atoms   map[string]int32    // of a side, as written
	expand  map[string][]uint64 // hashes of a word's forms; shared by all builders
	nodes   int32
}

func newBuilder(d *draft, expand map[string][]uint64) *builder {
	return &builder{d: d, m: newMatcher(), symbols: map[string]int32{}, atoms: map[string]int32{}, expand: expand}
}

// line adds a line's terms, its words being of language lang.
func (b *builder) line(l line, lang string, rule, topic int32) error {
	for _, t := range l.terms {
		u := use{rule: rule, topic: topic, weight: float32(l.weight), ignore: l.ignore}
		left, err := b.atom(t.sides[0], t.text, lang, l.where)
		if err != nil {
			return err
		}
		for i, n := range t.near {
			right, err := b.atom(t.sides[i+1], t.text, lang, l.where)
			if err != nil {
				return err
			}
			u.others = append(u.others, other{right, int32(n)})
		}
		id := int32(len(b.m.uses))
		b.m.uses = append(b.m.uses, u)
		b.m.byAtom[left] = append(b.m.byAtom[left], id)
	}
	return nil
}

// atom is the number under which a side's matches are kept.
func (b *builder) atom(s side, text, lang, where string) (int32, error) {
	key := lang + "\x00" + s.key()
	if id, ok := b.atoms[key]; ok {
		return id, nil
	}
	id := int32(len(b.m.byAtom))
	b.atoms[key] = id
	b.m.byAtom = append(b.m.byAtom, nil)
	switch {
	case s.entity != "":
		b.m.entities[s.entity] = append(b.m.entities[s.entity], id)
		return id, nil
	case s.kind != "":
		b.m.kinds[s.kind] = append(b.m.kinds[s.kind], id)
		return id, nil
	}
	return id, b.phrases(s.elements, id, text, lang, where)
}

func (s side) key() string {
	var k strings.Builder
	k.WriteString(s.entity + "\x01" + s.kind)
	for _, e := range s.elements {
		k.WriteString("\x02@" + e.set)
		for _, a := range e.alt {
			k.WriteString("\x03")
			for _, p := range a {
				k.WriteString(p.key())
			}
		}
	}
	return k.String()
}

func (p pattern) key() string {
	k := "\x04" + p.word + string("=~*"[p.form])
	if p.caps {
		k += "!"
	}
	return k
}

// phrases adds every way through the elements. Alternatives of one word are
// one class of words and do not multiply.
func (b *builder) phrases(elements []element, atom int32, text, lang, where string) error {
	ways := [][]int32{nil}
	for _, e := range elements {
		alts := e.alt
		if e.set != "" {
			if alts = b.set(e.set, lang); alts == nil {
				return &Problem{where, strconv.Quote(text) + ": there is no set @" + e.set + " in language " + lang, "write: set " + e.set + ", and a line of its words for " + lang}
			}
		}
		var next [][]int32
		for _, step := range b.steps(alts, lang) {
			for _, w := range ways {
				next = append(next, append(slices.Clone(w), step...))
			}
		}
		ways = next
		if len(ways) > 2000 {
			return &Problem{where, strconv.Quote(text) + ": its alternatives come to more than 2,000 phrases", "write fewer alternatives of several words, or use NEAR"}
		}
	}
	for _, w := range ways {
		if len(w) == 0 {
			return &Problem{where, strconv.Quote(text) + ": may be empty", "at least one word must not be optional"}
		}
		b.phrase(w, atom)
	}
	if int(b.nodes) > MaxTerms {
		return &Problem{where, "the taxonomy comes to more than 500,000 phrases", "write fewer alternatives"}
	}
	return nil
}

func (b *builder) set(name, lang string) []alternative {
	alts := slices.Clone(b.d.sets[setKey{name, lang}])
	if lang != "*" {
		alts = append(alts, b.d.sets[setKey{name, "*"}]...)
	}
	return alts
}

// steps are the symbol sequences of alternatives: one class for all of one
// word, and one sequence for each of more or none.
func (b *builder) steps(alts []alternative, lang string) [][]int32 {
	var single []pattern
	var out [][]int32
	for _, a := range alts {
		if len(a) == 1 {
			single = append(single, a[0])
			continue
		}
		var way []int32
		for _, p := range a {
			way = append(way, b.symbol([]pattern{p}, lang))
		}
		out = append(out, way)
	}
	if len(single) > 0 {
		out = append(out, []int32{b.symbol(single, lang)})
	}
	return out
}

// symbol is the number of a class of words.
func (b *builder) symbol(class []pattern, lang string) int32 {
	keys := make([]string, 0, len(class))
	for _, p := range class {
		keys = append(keys, p.key())
	}
	slices.Sort(keys)
	key := lang + strings.Join(slices.Compact(keys), "")
	if s, ok := b.symbols[key]; ok {
		return s
	}
	s := int32(len(b.symbols))
	b.symbols[key] = s
	for _, p := range class {
		b.pattern(p, s, lang)
	}
	return s
}

func (b *builder) pattern(p pattern, s int32, lang string) {
	switch p.form {
	case prefix:
		b.m.prefixes.add(p.fold, -1, entry{s, p.caps})
	case inflect:
		g, ok := grammarOf(lang)
		if !ok && len(base(p.fold)) < 3 {
			b.m.put(xxhash.Sum64String(p.fold), entry{s, p.caps})
			return
		}
		if !ok {
			b.m.prefixes.add(base(p.fold), tail, entry{s, p.caps})
			return
		}
		key := lang + "\x00" + p.word
		hashes, done := b.expand[key]
		if !done {
			g.forms(p.word, func(fold string) { hashes = append(hashes, xxhash.Sum64String(fold)) })
			slices.Sort(hashes)
			hashes = slices.Compact(hashes)
			b.expand[key] = hashes
		}
		for _, h := range hashes {
			b.m.put(h, entry{s, p.caps})
		}
	default:
		b.m.put(xxhash.Sum64String(p.fold), entry{s, p.caps})
	}
}

// phrase adds a path of symbols that ends in atom.
func (b *builder) phrase(way []int32, atom int32) {
	at := int32(0)
	for _, s := range way {
		k := edge{at, s}
		next, ok := b.m.edges[k]
		if !ok {
			b.nodes++
			next = b.nodes
			b.m.edges[k] = next
			b.m.ends = append(b.m.ends, nil)
		}
		at = next
	}
	if !slices.Contains(b.m.ends[at], atom) {
		b.m.ends[at] = append(b.m.ends[at], atom)
	}
}

func (b *builder) matcher() *matcher {
	b.m.seal()
	return b.m
}
