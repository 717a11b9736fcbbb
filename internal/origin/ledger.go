package origin

import (
	"fmt"
	"slices"

	"github.com/tocsin-news/tocsin/internal/fingerprint"
)

// Item is what the ledger must know of an article.
type Item struct {
	ID     string
	Source string
	Family Family
	// Agency is the key of the agency that the text credits, or "".
	Agency string
	Sketch fingerprint.Sketch
	Lang   string
	// Facts are hashes of the linked entities, Numbers of the distinctive
	// numbers in the article: what a translation keeps. Both ascending.
	Facts, Numbers []uint32
}

// Bounds of one ledger. Beyond them an article still counts by its family and
// agency; only its words are not kept.
const (
	maxTexts   = 4096 // texts kept for comparison
	maxWitness = 4    // sketches kept of one text
	maxWires   = 64   // agency texts compared as possible originals of a translation
)

// Text is one text of a story, whoever prints it. Exported fields are its
// state, to be kept in a snapshot.
type Text struct {
	// Joined is the index of the text that this one turned out to be a copy
	// of, or its own.
	Joined int32
	// First is the id of the first article seen with it.
	First string
	// Family is the family that it counts towards where no agency is named:
	// the most trusted that printed it, the first of those.
	Family string
	Tier   int8
	// Agency is the agency that one of its prints credits.
	Agency string
	Lang   string
	// Witness are sketches of its prints, the first and those unlike it.
	Witness []fingerprint.Sketch
	Facts   []uint32
	Numbers []uint32
}

// Ledger counts the independent origins of one story. The zero value is empty.
// It is no longer safe to use an older copy of it after Add or Merge.
type Ledger struct {
	Texts []Text

	byHash  map[uint32][]int32
	byTitle map[uint32]int32
}

// Entry is where the ledger put an article: its text, and why there.
type Entry struct {
	Text int32
	Why  string
}

// Add enters an article and says which text it carries and why: "own
// reporting", "names afp", "copies 3f2a9c01 (0.83)", "translates 3f2a9c01".
func (l *Ledger) Add(it Item) Entry {
	l.index()
	like, share := l.copies(it.Sketch, none)
	if len(like) > 0 {
		at := l.join(like)
		l.print(at, it)
		if it.Agency != "" {
			return Entry{at, "names " + it.Agency}
		}
		if l.Texts[at].First == it.ID {
			return Entry{at, "own reporting"}
		}
		return Entry{at, fmt.Sprintf("copies %s (%.2f)", short(l.Texts[at].First), share)}
	}
	if at, ok := l.translation(it); ok {
		l.print(at, it)
		return Entry{at, "translates " + short(l.Texts[at].First)}
	}
	at := l.open(it)
	if it.Agency != "" {
		return Entry{at, "names " + it.Agency}
	}
	return Entry{at, "own reporting"}
}

// Origin is the origin that an article with the given text counts towards.
func (l *Ledger) Origin(text int32) string {
	t := &l.Texts[l.root(text)]
	if t.Agency != "" {
		return t.Agency
	}
	return t.Family
}

// Count is the number of independent origins of the whole story.
func (l *Ledger) Count() int {
	seen := map[string]bool{}
	for i := range l.Texts {
		seen[l.Origin(int32(i))] = true
	}
	return len(seen)
}

// Merge takes over the texts of another story's ledger. The entries of that
// one hold here after the returned shift is added to them.
func (l *Ledger) Merge(other *Ledger) (shift int32) {
	l.index()
	shift = int32(len(l.Texts))
	for _, t := range other.Texts {
		t.Joined += shift
		t.Witness = slices.Clone(t.Witness)
		l.Texts = append(l.Texts, t)
	}
	for i := shift; i < int32(len(l.Texts)); i++ {
		like := []int32{l.root(i)}
		for _, w := range l.Texts[i].Witness {
			more, _ := l.copies(w, l.root(i))
			like = append(like, more...)
		}
		l.join(like)
		l.note(i)
	}
	return shift
}

// Adopt takes over the text of one article from another story's ledger and
// returns its index here; done remembers what was taken over before.
func (l *Ledger) Adopt(from *Ledger, text int32, done map[int32]int32) int32 {
	root := from.root(text)
	if at, ok := done[root]; ok {
		return at
	}
	at := int32(len(l.Texts))
	t := from.Texts[root]
	t.Joined, t.Witness = at, slices.Clone(t.Witness)
	l.Texts = append(l.Texts, t)
	l.byHash = nil
	done[root] = at
	return at
}

// root is the text that i turned out to be.
func (l *Ledger) root(i int32) int32 {
	for l.Texts[i].Joined != i {
		i = l.Texts[i].Joined
	}
	return i
}

// open enters a text not seen before.
func (l *Ledger) open(it Item) int32 {
	at := int32(len(l.Texts))
	t := Text{Joined: at, First: it.ID, Family: it.Family.Key, Tier: rank(it.Family), Agency: it.Agency, Lang: it.Lang}
	if at < maxTexts {
		t.Witness = []fingerprint.Sketch{it.Sketch}
		t.keep(it)
	} else if n, ok := l.plain(t); ok {
		return n
	}
	l.Texts = append(l.Texts, t)
	l.note(at)
	return at
}

// keep keeps what a translation would share, of an agency's text.
func (t *Text) keep(it Item) {
	if t.Agency != "" {
		t.Facts, t.Numbers = it.Facts, it.Numbers
	}
}

// plain finds a text without witness that counts towards the same origin, so
// that a story of any size keeps a bounded ledger.
func (l *Ledger) plain(t Text) (int32, bool) {
	for i := maxTexts; i < len(l.Texts); i++ {
		if l.Texts[i].Family == t.Family && l.Texts[i].Agency == t.Agency {
			return int32(i), true
		}
	}
	return 0, false
}

// print enters one more print of a known text.
func (l *Ledger) print(at int32, it Item) {
	t := &l.Texts[at]
	if t.Agency == "" {
		t.Agency = it.Agency
		t.keep(it)
	}
	if r := rank(it.Family); r < t.Tier {
		t.Family, t.Tier = it.Family.Key, r
	}
	if len(t.Witness) < maxWitness && (len(t.Witness) == 0 || unlike(t.Witness, it.Sketch)) {
		t.Witness = append(t.Witness, it.Sketch)
		l.note(at)
	}
}

// unlike reports whether a print is worth keeping beside those seen: no piece of
// the first, which is recognised by that, and none that is nearly another.
func unlike(seen []fingerprint.Sketch, s fingerprint.Sketch) bool {
	if !fingerprint.Shorter(seen[0], s) {
		return false
	}
	for _, w := range seen {
		if fingerprint.Similarity(w, s) > 0.8 {
			return false
		}
	}
	return true
}

// rank orders families: trusted ones first, unknown last.
func rank(f Family) int8 {
	if f.Tier == 0 {
		return 4
	}
	return int8(f.Tier)
}

// join makes several texts one and returns it: the earliest.
func (l *Ledger) join(like []int32) int32 {
	at := slices.Min(like)
	for _, i := range like {
		if i == at {
			continue
		}
		from, to := &l.Texts[i], &l.Texts[at]
		from.Joined = at
		if to.Agency == "" {
			to.Agency = from.Agency
		}
		if from.Tier < to.Tier {
			to.Family, to.Tier = from.Family, from.Tier
		}
	}
	return at
}

// copies finds the texts that s was copied from or for, as roots, ascending:
// the one that it shares most with, and those that are pieces of s and share
// nearly as much. A longer text beside the best is none of them, because a
// piece with a quotation in it is half of every text with that quotation. The
// text except, which s is of, is left out.
func (l *Ledger) copies(s fingerprint.Sketch, except int32) (like []int32, best float64) {
	type match struct {
		root  int32
		share float64
		piece bool
	}
	var found []match
	for _, i := range l.alike(s) {
		for _, w := range l.Texts[i].Witness {
			if x, ok := fingerprint.Copies(w, s); ok && l.root(i) != except {
				found = append(found, match{l.root(i), x, fingerprint.Shorter(w, s)})
			}
		}
	}
	for _, m := range found {
		if m.share > best {
			best, like = m.share, []int32{m.root}
		}
	}
	for _, m := range found {
		if m.piece && m.share >= nearly*best {
			like = append(like, m.root)
		}
	}
	slices.Sort(like)
	return slices.Compact(like), best
}

// none is no text.
const none = -1

// nearly is how much of the best match's share another text must have.
const nearly = 0.7

// alike lists the texts worth comparing: all, or in a large ledger those that
// share a hash or the title.
func (l *Ledger) alike(s fingerprint.Sketch) []int32 {
	var try []int32
	if l.byHash == nil {
		for i := range l.Texts {
			try = append(try, int32(i))
		}
		return try
	}
	for _, h := range s.Hashes {
		if at := l.byHash[h]; len(at) <= common {
			try = append(try, at...)
		}
	}
	if i, ok := l.byTitle[s.Title]; ok && s.Title != 0 {
		try = append(try, i)
	}
	slices.Sort(try)
	return slices.Compact(try)
}

// common is how many texts may share a shingle before it says nothing: it is
// boilerplate then.
const common = 64

// few is how many texts are compared one by one; most stories have no more,
// and are spared the index.
const few = 24

// index builds the indexes that a snapshot does not keep.
func (l *Ledger) index() {
	if l.byHash != nil || len(l.Texts) <= few {
		return
	}
	l.byHash, l.byTitle = map[uint32][]int32{}, map[uint32]int32{}
	for i := range l.Texts {
		l.note(int32(i))
	}
}

// note makes text i findable.
func (l *Ledger) note(i int32) {
	t := &l.Texts[i]
	if l.byHash == nil {
		return
	}
	for _, w := range t.Witness {
		for _, h := range w.Hashes {
			if at := l.byHash[h]; len(at) <= common && !slices.Contains(at, i) {
				l.byHash[h] = append(at, i)
			}
		}
		if was, ok := l.byTitle[w.Title]; w.Title != 0 && (!ok || i < was) {
			l.byTitle[w.Title] = i
		}
	}
}

// short is an id as a person reads it.
func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}
