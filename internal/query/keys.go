package query

import (
	"strings"

	"github.com/cespare/xxhash/v2"
)

// Keys are what leaves are filed under and articles looked up by: hashes whose
// lowest byte is their kind.
const (
	wordKey   = iota
	pairKey   // two words side by side
	factKey   // a field's value
	formKey   // a stem
	prefixKey // and above: the beginning of a word or a source, of so many bytes
)

// kinds counts keys by kind.
type kinds [prefixKey + longest + 1]uint32

func kindOf(key uint64) byte { return byte(key) }

func keyOf(hash uint64, kind int) uint64 { return hash&^0xff | uint64(kind) }

func wordOf(hash uint64) uint64 { return keyOf(hash, wordKey) }

func formOf(hash uint64) uint64 { return keyOf(mix(hash), formKey) }

func pairOf(a, b uint64) uint64 { return keyOf(mix(a*fnvPrime^b), pairKey) }

func tierOf(n int) uint64 { return keyOf(mix(uint64(n)^xxhash.Sum64String(string(Tier))), factKey) }

// factOf is the hash of a fact: a field and its value.
func factOf(f Field, value string) uint64 {
	return mix(xxhash.Sum64String(value) ^ xxhash.Sum64String(string(f)))
}

// prefixOf is the key of what a term begins with, and what that is.
func prefixOf(t *Term) (uint64, string) {
	w, salt := t.Value, sourcePrefix
	if t.Field.Worded() {
		w, salt = t.Words[0], wordPrefix
	}
	w = w[:min(len(w), longest)]
	return keyOf(mix(fnv(w)^salt), prefixKey+len(w)), w
}

const (
	wordPrefix   uint64 = 0xc2b2ae3d27d4eb4f
	sourcePrefix uint64 = 0x9e3779b97f4a7c15
)

func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}

// keys appends the keys that v has, of the kinds that are wanted, some more than
// once.
func (v *View) keys(dst []uint64, want *kinds) []uint64 {
	if want[factKey] > 0 {
		for _, f := range v.known {
			dst = append(dst, keyOf(f, factKey))
		}
		if n := v.Source.Tier; n > 0 {
			dst = append(dst, tierOf(n))
		}
	}
	reach := len(want) - 1
	for reach >= prefixKey && want[reach] == 0 {
		reach--
	}
	reach -= prefixKey
	if want[wordKey] > 0 || reach > 0 {
		for i := range v.tokens {
			dst = append(dst, wordOf(v.tokens[i].Hash))
			dst = prefixes(dst, v.tokens[i].Fold, wordPrefix, reach, want)
		}
	}
	if want[pairKey] > 0 {
		for i := 1; i < len(v.tokens); i++ {
			if !v.tokens[i].Starts() {
				dst = append(dst, pairOf(v.tokens[i-1].Hash, v.tokens[i].Hash))
			}
		}
	}
	if want[formKey] > 0 {
		dst = v.formKeys(dst)
	}
	return prefixes(dst, strings.ToLower(v.Article.Article.Source), sourcePrefix, reach, want)
}

func (v *View) formKeys(dst []uint64) []uint64 {
	v.inflect()
	for _, s := range v.stems {
		dst = append(dst, formOf(s[0]))
		if s[1] != s[0] {
			dst = append(dst, formOf(s[1]))
		}
	}
	return dst
}

// prefixes appends the keys of what w begins with.
func prefixes(dst []uint64, w string, salt uint64, reach int, want *kinds) []uint64 {
	h := fnvStart
	for i := range min(len(w), reach) {
		h = (h ^ uint64(w[i])) * fnvPrime
		if want[prefixKey+i+1] > 0 {
			dst = append(dst, keyOf(mix(h^salt), prefixKey+i+1))
		}
	}
	return dst
}

// FNV-1a, which can be read off at every letter.
const (
	fnvStart uint64 = 14695981039346656037
	fnvPrime uint64 = 1099511628211
)

func fnv(s string) uint64 {
	h := fnvStart
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}
