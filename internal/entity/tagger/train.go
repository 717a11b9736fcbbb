package tagger

import (
	"encoding/binary"
	"math"

	"github.com/tocsin-news/tocsin/internal/token"
)

// Example is a text whose names are known.
type Example struct {
	Words []token.Token
	Hints []Hint
	Lang  string
	Spans []Span
}

// Trainer learns weights from examples, by the averaged perceptron.
type Trainer struct {
	lexicon *Lexicon
	classes map[uint64]uint16
	salts   salts
	mask    uint32

	weights []float32
	total   []float64
	stamp   []int32
	moves   [labels][labels]float32
	sum     [labels][labels]float64
	steps   int32
	work    Work
	gold    []uint8
}

// NewTrainer returns one with 2^bits rows of weights.
func NewTrainer(bits int, lexicon *Lexicon) *Trainer {
	n := 1 << bits
	return &Trainer{
		lexicon: lexicon, classes: readClasses(), salts: newSalts(), mask: uint32(n - 1),
		weights: make([]float32, n*row), total: make([]float64, n*row), stamp: make([]int32, n*row),
	}
}

// Learn sees one example, and returns how many words it had labelled wrongly.
func (t *Trainer) Learn(e Example) (wrong int) {
	r := &t.work.reader
	r.read(t.lexicon, t.classes, t.salts, e.Words, e.Hints, e.Lang)
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
		}
		t.gold[s.From] = uint8(2*k + 1)
	}
}

func (t *Trainer) stretch(from, to int) (wrong int) {
	n := to - from
	t.steps++
	w := &t.work
	if cap(w.scores) < n {
		w.scores, w.back = make([][labels]float32, n*2), make([][labels]uint8, n*2)
	}
	w.scores, w.back = w.scores[:n], w.back[:n]
	w.feats = w.feats[:0]
	per := 0
	for i := range n {
		w.feats = w.reader.features(w.feats, from+i)
		per = len(w.feats) / (i + 1)
		var sum [labels]float32
		for _, f := range w.feats[i*per:] {
			r := t.weights[int(f&t.mask)*row:][:row]
			for l := range labels {
				sum[l] += r[l]
			}
		}
		w.scores[i] = sum
	}
	path := viterbi(w.scores, w.back, &t.moves)
	for i := range n {
		if path[i][0] != t.gold[from+i] {
			wrong++
		}
	}
	if wrong == 0 {
		return 0
	}
	was, is := uint8(0), uint8(0)
	for i := range n {
		want, got := t.gold[from+i], path[i][0]
		if want != got {
			for _, f := range w.feats[i*per : (i+1)*per] {
				t.add(int(f&t.mask)*row+int(want), 1)
				t.add(int(f&t.mask)*row+int(got), -1)
			}
		}
		if want != got || was != is {
			t.moves[was][want]++
			t.moves[is][got]--
			t.sum[was][want] += float64(t.steps)
			t.sum[is][got] -= float64(t.steps)
		}
		was, is = want, got
	}
	return wrong
}

// add changes a weight, and keeps its sum over all steps.
func (t *Trainer) add(i int, by float32) {
	t.total[i] += float64(t.steps-t.stamp[i]) * float64(t.weights[i])
	t.stamp[i] = t.steps
	t.weights[i] += by
}

// least is the size of a weight that is kept; smaller ones are noise.
const least = 0.03

// Bytes is the averaged model, each weight in sixteen bits.
func (t *Trainer) Bytes() []byte {
	mean := make([]float32, len(t.weights))
	var top float32
	for i, w := range t.weights {
		mean[i] = float32((t.total[i] + float64(t.steps-t.stamp[i])*float64(w)) / float64(t.steps))
		top = max(top, mean[i], -mean[i])
	}
	scale := top / 32767
	out := make([]byte, 0, 2*len(mean)+4*labels*labels+4)
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(scale))
	for i := range labels {
		for j := range labels {
			m := t.moves[i][j] - float32(t.sum[i][j]/float64(t.steps))
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(m))
		}
	}
	for _, w := range mean {
		if w > -least && w < least {
			w = 0
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(math.Round(float64(w/scale)))))
	}
	return out
}
