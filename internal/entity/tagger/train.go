package tagger

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/internal/token"
)

// Example is a text whose names are known.
type Example struct {
	Words []token.Token
	Hints []Hint
	Lang  string
	Spans []Span
}

// Trainer learns the weights of a linear-chain conditional random field
// (Lafferty et al. 2001) by stochastic gradient, with a rate of its own for
// each weight (AdaGrad, Duchi et al. 2011). Count sees every example once,
// then Learn as often as is useful.
type Trainer struct {
	// Rate is the first step's size; Decay pulls weights to zero.
	Rate, Decay float32

	lexicon  *Lexicon
	clusters *Clusters
	classes  map[uint64]uint16
	salts    salts

	features *table
	counts   []uint32
	rare     uint32

	weights, squares []float32
	mean             []float32
	meanMoves        [labels][labels]float32
	taken            float32
	moves, moved     [labels][labels]float32
	work             Work
	chain            chain
	rows             []uint32
	ends             []int
	gold             []uint8
}

// NewTrainer returns one that learns no feature seen less often than rare.
func NewTrainer(rare int, lexicon *Lexicon, clusters *Clusters) *Trainer {
	t := &Trainer{Rate: 0.05, Decay: 0.04, lexicon: lexicon, clusters: clusters, classes: readClasses(), salts: newSalts(), features: newTable(1 << 16), rare: uint32(rare)}
	return t
}

// Count counts the features of an example.
func (t *Trainer) Count(e Example) {
	r := &t.work.reader
	r.read(t.lexicon, t.clusters, t.classes, t.salts, e.Words, e.Hints, e.Lang)
	for i := range e.Words {
		if !r.views[i].active {
			continue
		}
		t.work.feats = r.features(t.work.feats[:0], i)
		for _, f := range t.work.feats {
			row := t.features.add(f)
			if int(row) == len(t.counts) {
				t.counts = append(t.counts, 0)
			}
			t.counts[row]++
		}
	}
}

// Learn sees one example, and returns how many words it had labelled wrongly.
func (t *Trainer) Learn(e Example) (wrong int) {
	if t.weights == nil {
		n := len(t.counts) * row
		t.weights, t.squares = make([]float32, n), make([]float32, n)
	}
	r := &t.work.reader
	r.read(t.lexicon, t.clusters, t.classes, t.salts, e.Words, e.Hints, e.Lang)
	t.label(e)
	for at := 0; at < len(e.Words); {
		from, to := r.stretch(at)
		if from == to {
			break
		}
		at = to
		wrong += t.stretch(from, to)
	}
	return wrong
}

// label writes the right label of every word.
func (t *Trainer) label(e Example) {
	t.gold = append(t.gold[:0], make([]uint8, len(e.Words))...)
	for _, s := range e.Spans {
		k := 0
		for kinds[k] != s.Kind {
			k++
		}
		for i := s.From; i < s.To; i++ {
			t.gold[i] = uint8(2*k + 2)
			if i == s.From || t.work.reader.views[i].parted {
				t.gold[i] = uint8(2*k + 1)
			}
		}
	}
}

func (t *Trainer) stretch(from, to int) (wrong int) {
	n := to - from
	w := &t.work
	w.room(n)
	t.rows, t.ends = t.rows[:0], t.ends[:0]
	for i := range n {
		w.feats = w.reader.features(w.feats[:0], from+i)
		var sum [labels]float32
		for _, f := range w.feats {
			r, ok := t.features.find(f)
			if !ok || t.counts[r] < t.rare {
				continue
			}
			t.rows = append(t.rows, r)
			for l, x := range t.weights[int(r)*row:][:row] {
				sum[l] += x
			}
		}
		t.ends = append(t.ends, len(t.rows))
		w.scores[i] = sum
		if i > 0 && w.reader.views[from+i].parted {
			part(&w.scores[i])
		}
	}
	t.chain.run(w.scores, &t.moves)
	return t.climb(from, n)
}

// climb takes a step up the gradient: the right labels less the expected ones.
func (t *Trainer) climb(from, n int) (wrong int) {
	at, was := 0, uint8(outside)
	for i := range n {
		want := t.gold[from+i]
		var g [labels]float32
		best := 0
		for l := range labels {
			g[l] = -float32(t.chain.at(i, l))
			if g[l] < g[best] {
				best = l
			}
		}
		if best != int(want) {
			wrong++
		}
		g[want]++
		for _, r := range t.rows[at:t.ends[i]] {
			for l, d := range g {
				if d > 1e-3 || d < -1e-3 {
					t.step(&t.weights[int(r)*row+l], &t.squares[int(r)*row+l], d)
				}
			}
		}
		at = t.ends[i]
		for p := range labels {
			for l := range labels {
				d := -float32(t.chain.pair(i, p, l))
				if p == int(was) && l == int(want) {
					d++
				}
				if d > 1e-3 || d < -1e-3 {
					t.step(&t.moves[p][l], &t.moved[p][l], d)
				}
			}
		}
		was = want
	}
	return wrong
}

// Sample adds the weights as they are now to those that the model will be the
// mean of, which steadies it (Polyak and Juditsky 1992).
func (t *Trainer) Sample() {
	if t.mean == nil {
		t.mean = make([]float32, len(t.weights))
	}
	for i, w := range t.weights {
		t.mean[i] += w
	}
	for i := range labels {
		for j := range labels {
			t.meanMoves[i][j] += t.moves[i][j]
		}
	}
	t.taken++
}

// settle puts the mean of the samples in the weights' place.
func (t *Trainer) settle() {
	if t.taken == 0 {
		return
	}
	for i := range t.weights {
		t.weights[i] = t.mean[i] / t.taken
	}
	for i := range labels {
		for j := range labels {
			t.moves[i][j] = t.meanMoves[i][j] / t.taken
		}
	}
	t.taken = 0
}

func (t *Trainer) step(w, squares *float32, d float32) {
	d -= t.Decay * *w
	*squares += d * d
	*w += t.Rate * d / float32(math.Sqrt(float64(*squares)+1e-6))
}

// Bytes is the model with the most useful features, at most keep of them, each
// weight in eight bits and a shift.
func (t *Trainer) Bytes(keep int) []byte {
	t.settle()
	list := t.best(keep)
	var top float32
	for _, f := range list {
		for _, w := range t.weights[int(f.row)*row:][:row] {
			top = max(top, w, -w)
		}
	}
	scale := max(top, 1e-9) / 32767
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(scale))
	for i := range labels {
		for j := range labels {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(t.moves[i][j]))
		}
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(list)))
	cells := make([]cell, len(list))
	for i, f := range list {
		var w [labels]int16
		for l := range w {
			w[l] = int16(math.Round(float64(t.weights[int(f.row)*row+l] / scale)))
		}
		cells[i] = pack(f.hash, w)
	}
	return appendCells(out, cells)
}

type feature struct{ hash, row uint32 }

// best returns the features that move most labels, in the order of their hash.
func (t *Trainer) best(keep int) []feature {
	worth := make([]float32, len(t.counts))
	for i, w := range t.weights {
		r := i / row
		worth[r] = max(worth[r], float32(math.Abs(float64(w)))*float32(math.Sqrt(float64(t.counts[r]))))
	}
	var list []feature
	for _, s := range t.features.slots {
		if s.key != 0 && worth[s.row] > 0 {
			list = append(list, feature{s.key, s.row})
		}
	}
	slices.SortFunc(list, func(a, b feature) int {
		return cmp.Or(cmp.Compare(worth[b.row], worth[a.row]), cmp.Compare(a.hash, b.hash))
	})
	list = list[:min(keep, len(list))]
	slices.SortFunc(list, func(a, b feature) int { return cmp.Compare(a.hash, b.hash) })
	return list
}
