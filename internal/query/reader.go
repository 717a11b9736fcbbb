package query

import (
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/token"
)

// Reader makes views of articles. It remembers the stems of words and the forms
// of names that it met, so that one long-lived Reader is faster than many. The
// zero Reader is ready; it may be used from many goroutines.
type Reader struct {
	mu    sync.RWMutex
	known stemTable
	names map[string]name
}

// name is a name as queries write it: folded once, and until folding it again
// changes nothing.
type name struct{ folded, settled string }

// remembered bounds the names that a Reader keeps; beyond it forgets all.
const remembered = 1 << 16

// stems gives those of one word in lower case, and its folded form.
func (r *Reader) stems(lang, spelt, folded string) stems {
	h := wordIn(lang, xxhash.Sum64String(spelt))
	r.mu.RLock()
	s, ok := r.known.get(h)
	r.mu.RUnlock()
	if !ok {
		s = r.learn(h, stemsOf(lang, spelt, folded))
	}
	return s
}

// all gives the stems of every word of v.
func (r *Reader) all(v *View) []stems {
	out := make([]stems, len(v.tokens))
	var fresh []int
	r.mu.RLock()
	for i := range v.tokens {
		s, ok := r.known.get(v.inLang(i))
		if out[i] = s; !ok {
			fresh = append(fresh, i)
		}
	}
	r.mu.RUnlock()
	for _, i := range fresh {
		out[i] = r.learn(v.inLang(i), stemsOf(v.lang, v.spell(i), v.tokens[i].Fold))
	}
	return out
}

// inLang is the hash under which the stems of token i are remembered.
func (v *View) inLang(i int) uint64 {
	t := &v.tokens[i]
	if spelt := v.spell(i); spelt != t.Fold {
		return wordIn(v.lang, xxhash.Sum64String(spelt))
	}
	return wordIn(v.lang, t.Hash)
}

func wordIn(lang string, word uint64) uint64 { return mix(word*fnvPrime^fnv(lang)) | 1<<63 }

func (r *Reader) learn(h uint64, s stems) stems {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known.put(h, s)
	return s
}

// stemTable remembers stems, each in the one place that its hash gives it, where
// it makes room for the next: of words that are used as unevenly as they are in
// news, little is lost, and one look at memory is enough.
type stemTable struct {
	slots []stemSlot
	used  int
}

type stemSlot struct {
	hash  uint64 // 0: nothing
	stems stems
}

const maxStems = 1 << 17

func (t *stemTable) get(h uint64) (stems, bool) {
	if len(t.slots) == 0 {
		return stems{}, false
	}
	s := &t.slots[h%uint64(len(t.slots))]
	return s.stems, s.hash == h
}

func (t *stemTable) put(h uint64, of stems) {
	if 2*t.used >= len(t.slots) && len(t.slots) < maxStems {
		before := t.slots
		*t = stemTable{slots: make([]stemSlot, max(256, 4*len(before)))}
		for _, s := range before {
			if s.hash != 0 {
				t.put(s.hash, s.stems)
			}
		}
	}
	s := &t.slots[h%uint64(len(t.slots))]
	if s.hash == 0 {
		t.used++
	}
	*s = stemSlot{h, of}
}

// name gives the forms of a name.
func (r *Reader) name(s string) name {
	r.mu.RLock()
	n, ok := r.names[s]
	r.mu.RUnlock()
	if ok {
		return n
	}
	n = name{token.Fold(s), strings.Join(settled(s), " ")}
	if len(s) > longest {
		return n
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil || len(r.names) >= remembered {
		r.names = make(map[string]name)
	}
	r.names[strings.Clone(s)] = n
	return n
}
