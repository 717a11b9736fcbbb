package tagger

import "math"

// chain computes how likely each label of each word is (forward–backward).
type chain struct {
	forward, backward [][labels]float64
	scores            [][labels]float32
	moves             *[labels][labels]float32
	total             float64
}

// run fills the chain. Scores and sums are logarithms.
func (c *chain) run(scores [][labels]float32, moves *[labels][labels]float32) {
	n := len(scores)
	if cap(c.forward) < n {
		c.forward, c.backward = make([][labels]float64, 2*n), make([][labels]float64, 2*n)
	}
	c.forward, c.backward, c.scores, c.moves = c.forward[:n], c.backward[:n], scores, moves
	for i := range n {
		for l := range labels {
			var in [labels]float64
			for p := range labels {
				in[p] = c.into(i, p, l)
			}
			c.forward[i][l] = logSum(&in) + float64(scores[i][l])
		}
	}
	c.backward[n-1] = [labels]float64{}
	for i := n - 2; i >= 0; i-- {
		for p := range labels {
			var out [labels]float64
			for l := range labels {
				out[l] = never
				if follows(p, l) {
					out[l] = float64(moves[p][l]) + float64(scores[i+1][l]) + c.backward[i+1][l]
				}
			}
			c.backward[i][p] = logSum(&out)
		}
	}
	c.total = logSum(&c.forward[n-1])
}

// into is the sum of all ways to word i by label p before it, and the move to l.
func (c *chain) into(i, p, l int) float64 {
	switch {
	case !follows(p, l):
		return never
	case i > 0:
		return c.forward[i-1][p] + float64(c.moves[p][l])
	case p == outside:
		return float64(c.moves[p][l])
	}
	return never
}

// at is the probability that word i has label l.
func (c *chain) at(i, l int) float64 {
	return math.Exp(c.forward[i][l] + c.backward[i][l] - c.total)
}

// pair is the probability that word i has label l after one with label p.
func (c *chain) pair(i, p, l int) float64 {
	return math.Exp(c.into(i, p, l) + float64(c.scores[i][l]) + c.backward[i][l] - c.total)
}

func logSum(a *[labels]float64) float64 {
	top := a[0]
	for _, x := range a[1:] {
		top = max(top, x)
	}
	if top <= never/2 {
		return never
	}
	var sum float64
	for _, x := range a {
		if x > top-30 {
			sum += math.Exp(x - top)
		}
	}
	return top + math.Log(sum)
}
