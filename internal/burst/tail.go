package burst

import "math"

// PValue is the probability of observed articles or more under e: the upper
// tail of a negative binomial with e's mean and shape.
func (e Expectation) PValue(observed int) float64 {
	if observed <= 0 {
		return 1
	}
	mean, r := math.Max(e.Mean, 1e-9), math.Max(e.Shape, 1e-3)
	// P(X = k) = Γ(k+r)/(k! Γ(r)) · (r/(r+m))^r · (m/(r+m))^k
	logQ := math.Log(mean) - math.Log(r+mean)
	logP := r * (math.Log(r) - math.Log(r+mean))
	if float64(observed) <= mean {
		below, term := 0.0, logP
		for k := 0; k < observed; k++ {
			below += math.Exp(term)
			term += logQ + math.Log(float64(k)+r) - math.Log(float64(k)+1)
		}
		return math.Max(0, math.Min(1, 1-below))
	}
	n := float64(observed)
	a, _ := math.Lgamma(n + r)
	b, _ := math.Lgamma(n + 1)
	c, _ := math.Lgamma(r)
	term := a - b - c + logP + n*logQ
	sum, first := 0.0, term
	for k := n; k < n+10000; k++ {
		sum += math.Exp(term - first)
		step := logQ + math.Log(k+r) - math.Log(k+1)
		if term += step; term-first < -40 {
			break
		}
	}
	return math.Max(0, math.Min(1, math.Exp(first)*sum))
}
