package main

import (
	"math"

	"github.com/tocsin-news/tocsin/internal/story"
)

const (
	rounds = 60
	ridge  = 1e-3
	// dear is what a wrong yes costs where a wrong no costs one. It is below one
	// because made articles are harder to tell apart than real ones.
	dear = 0.7
)

// lean is added to the bias in the end: made articles of one happening are less
// alike, and those of two more so, than real ones.
const lean = 1.2

// held are weights that made articles cannot teach, and are set: they have no
// pages, live for hours only, and come in small numbers; in a made language
// nothing is hard, made headlines are fuller than real ones, and no crowd of
// other stories lives beside them. The values,
// and lean, were chosen on the earlier half of the development pairs, and
// checked on the later.
var held = map[string]float64{
	"same-url":       2.5,
	"silence":        -0.55,
	"age":            -0.15,
	"size":           -0.3,
	"crowd":          -1,
	"foreign":        -1,
	"foreign×single": -0.5,
	"nameless":       0.2,
	"short":          3,
	"apart":          -1,
	"elsewhere":      -0.7,
}

// fit is a logistic regression by Newton's method, with a small ridge.
func fit(ls []lesson) story.Weights {
	var w story.Weights
	n := len(w)
	for i := range w {
		w[i] = held[story.FeatureName(i)]
	}
	for range rounds {
		gradient := make([]float64, n)
		hessian := make([][]float64, n)
		for i := range hessian {
			hessian[i] = make([]float64, n)
			gradient[i] = -ridge * float64(len(ls)) * w[i] / 10
			hessian[i][i] = ridge * float64(len(ls)) / 10
		}
		for i := range ls {
			p := 1 / (1 + math.Exp(-w.Score(&ls[i].pair)))
			y, cost := 0.0, dear
			if ls[i].same {
				y, cost = 1, 1
			}
			for a, x := range ls[i].pair {
				if x == 0 {
					continue
				}
				gradient[a] += cost * (y - p) * x
				for b, z := range ls[i].pair {
					hessian[a][b] += cost * p * (1 - p) * x * z
				}
			}
		}
		for i := range w {
			if _, ok := held[story.FeatureName(i)]; ok {
				hold(hessian, gradient, i)
			}
		}
		steps := solve(hessian, gradient)
		for i, step := range steps {
			w[i] += step / max(1, longest(steps))
		}
	}
	w[0] += lean
	return w
}

// longest is the size of the largest step: Newton's method may leap too far
// where a held weight makes the beginning a bad one.
func longest(steps []float64) float64 {
	top := 0.0
	for _, s := range steps {
		top = max(top, math.Abs(s))
	}
	return top
}

// hold takes weight i out of the step.
func hold(hessian [][]float64, gradient []float64, i int) {
	for a := range hessian {
		hessian[a][i], hessian[i][a] = 0, 0
	}
	hessian[i][i], gradient[i] = 1, 0
}

// solve solves a·x = b by elimination with pivots. It changes a and b.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		p := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[p][i]) {
				p = r
			}
		}
		a[i], a[p], b[i], b[p] = a[p], a[i], b[p], b[i]
		if a[i][i] == 0 {
			continue
		}
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			for c := i; c < n; c++ {
				a[r][c] -= f * a[i][c]
			}
			b[r] -= f * b[i]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		s := b[i]
		for c := i + 1; c < n; c++ {
			s -= a[i][c] * x[c]
		}
		if a[i][i] != 0 {
			x[i] = s / a[i][i]
		}
	}
	return x
}
