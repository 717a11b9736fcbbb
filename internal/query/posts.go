package query

import "slices"

// posts find the leaves that are filed under a key. Most keys of an article
// have none, which a small bitmap tells.
type posts struct {
	lists map[uint64][]link
	sieve []uint64
	kinds kinds
}

// link is one leaf under a key.
type link struct {
	leaf  uint32
	guard guard
}

// sieveBits are the bits of the sieve for a key.
const sieveBits = 12

func (p *posts) under(key uint64) []link {
	at := key >> 8 & uint64(64*len(p.sieve)-1)
	if len(p.sieve) == 0 || p.sieve[at/64]&(1<<(at%64)) == 0 {
		return nil
	}
	return p.lists[key]
}

func (p *posts) add(keys []uint64, l link) {
	if p.lists == nil {
		p.lists = make(map[uint64][]link)
	}
	for _, k := range keys {
		p.kinds[kindOf(k)]++
		p.lists[k] = append(p.lists[k], l)
		p.mark(k)
	}
	if len(p.lists)*sieveBits > 64*len(p.sieve) {
		p.widen()
	}
}

func (p *posts) mark(key uint64) {
	if len(p.sieve) > 0 {
		at := key >> 8 & uint64(64*len(p.sieve)-1)
		p.sieve[at/64] |= 1 << (at % 64)
	}
}

// widen makes the sieve anew for twice the keys that there are.
func (p *posts) widen() {
	n := 16
	for 64*n < 2*sieveBits*len(p.lists) {
		n *= 2
	}
	p.sieve = make([]uint64, n)
	for k := range p.lists {
		p.mark(k)
	}
}

// remove leaves the marks in the sieve: they cost time, never an answer.
func (p *posts) remove(keys []uint64, l link) {
	for _, k := range keys {
		p.kinds[kindOf(k)]--
		list := p.lists[k]
		list[slices.Index(list, l)] = list[len(list)-1]
		if list = list[:len(list)-1]; len(list) == 0 {
			delete(p.lists, k)
			continue
		}
		p.lists[k] = list
	}
}
