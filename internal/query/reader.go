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
	known map[uint64]stems // by the hash of a word and its language
	names map[string]name
}

// name is a name as queries write it: folded once, and until folding it again
// changes nothing.
type name struct{ folded, settled string }

// remembered bounds the words, and the names, that a Reader keeps; beyond it
// forgets all.
const remembered = 1 << 17

// stems gives those of one word in lower case, and its folded form.
func (r *Reader) stems(lang, spelt, folded string) stems {
	h := wordIn(lang, xxhash.Sum64String(spelt))
	r.mu.RLock()
	s, ok := r.known[h]
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
		s, ok := r.known[v.inLang(i)]
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

func wordIn(lang string, word uint64) uint64 { return mix(word*fnvPrime ^ fnv(lang)) }

func (r *Reader) learn(h uint64, s stems) stems {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) >= remembered {
		r.known = make(map[uint64]stems)
	}
	r.known[h] = s
	return s
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
