package query

// guard is up to two words or facts that an article must have if it matches a
// leaf, each as its place + 1 in a bitmap, in 15 bits; 0 asks for none. It
// spares most leaves the look at the article itself.
type guard uint32

// guardBits is the size of the bitmap.
const guardBits = 1 << 14

func guardOf(hash uint64) guard { return guard(hash%guardBits) + 1 }

// guard is that of a leaf.
func (t *Term) guard() guard {
	whole := len(t.Words)
	if t.Prefix {
		whole--
	}
	switch {
	case t.Field == Tier, t.Inflected:
		return 0
	case !t.Field.Worded():
		if t.Prefix {
			return 0
		}
		return guardOf(t.keys[0])
	case whole == 0:
		return 0
	case whole == 1:
		return guardOf(t.keys[0])
	}
	return guardOf(t.keys[0]) | guardOf(t.keys[whole-1])<<15
}

func guarding(leaf Node) guard {
	switch n := leaf.(type) {
	case *Term:
		return n.guard()
	case *Near:
		const one = 1<<15 - 1
		a, b := guarding(n.A)&one, guarding(n.B)&one
		if a == 0 {
			return b
		}
		return a | b<<15
	}
	return 0
}

// guards are the words and facts that an article has, as a bitmap.
type guards [guardBits / 64]uint64

func (g *guards) fill(v *View) {
	clear(g[:])
	for i := range v.tokens {
		g.set(v.tokens[i].Hash)
	}
	for _, f := range v.known {
		g.set(f)
	}
}

func (g *guards) set(hash uint64) { g[hash%guardBits/64] |= 1 << (hash % 64) }

// admit reports whether the article has what o asks for.
func (g *guards) admit(o guard) bool {
	for ; o != 0; o >>= 15 {
		if at := o&(1<<15-1) - 1; g[at/64]&(1<<(at%64)) == 0 {
			return false
		}
	}
	return true
}
