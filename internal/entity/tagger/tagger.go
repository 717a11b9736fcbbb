// Package tagger finds names in a sentence by how they are written and what
// stands around them, so that names nobody listed are found too.
// It knows words, letters and hints; it has never seen who bears a name.
//
// It is a linear model over labels B, I and O of four kinds, its weights
// learned by the averaged structured perceptron (Collins 2002), its features
// hashed into one table (Weinberger et al. 2009), decoded by Viterbi's
// algorithm over stretches of words with capitals only.
package tagger

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/tocsin-news/tocsin/internal/token"
)

// Labels of words: outside, then for each kind the first word and the others.
const (
	outside = iota
	firstPER
	insidePER
	firstORG
	insideORG
	firstLOC
	insideLOC
	firstMISC
	insideMISC
	labels
)

// Kinds, in the order of their labels.
const kinds = "POLM"

// Span is a name: words [From, To), its kind one of 'P' 'O' 'L' 'M'.
type Span struct {
	From, To int
	Kind     byte
	// Score is by how much a word of the name fits its label better than being
	// no name, in the model's units, on average.
	Score float32
}

// Hint is what the knowledge base says of a word.
type Hint uint8

// A hint's parts: the kind in the lowest three bits (0 nothing, 1 PER, 2 ORG,
// 3 LOC, 4 MISC, 5 an adjective, 6 an office), and these.
const (
	Inside Hint = 8 << iota // not the first word of the name
	Weak                    // little known, or ambiguous
	Many                    // the name has several words
	Mixed                   // the name stands for things of several kinds
	Known                   // known to all
)

// Model is the weights, the lexicon and the clusters. It is read only, and may be used by
// many at once.
type Model struct {
	features packed
	moves    [labels][labels]float32
	scale    float32
	lexicon  *Lexicon
	clusters *Clusters
	classes  map[uint64]uint16
	salts    salts
}

// row is the size of a feature's weights.
const row = labels

// Read reads a model as [Trainer.Bytes] wrote it.
func Read(model []byte, lexicon *Lexicon, clusters *Clusters) (*Model, error) {
	const head = 4 + 4*labels*labels + 4
	if len(model) < head {
		return nil, fmt.Errorf("read the tagger's model: %d bytes are not a model", len(model))
	}
	features, err := readCells(model[head:], int(binary.LittleEndian.Uint32(model[head-4:])))
	if err != nil {
		return nil, fmt.Errorf("read the tagger's model: %w", err)
	}
	m := &Model{features: features, lexicon: lexicon, clusters: clusters, classes: readClasses(), salts: newSalts()}
	m.scale = math.Float32frombits(binary.LittleEndian.Uint32(model))
	for i := range labels {
		for j := range labels {
			m.moves[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(model[4+4*(i*labels+j):]))
		}
	}
	return m, nil
}

// Tag appends to dst the names in words, which are of src, in order. hints
// has one hint a word, or is nil. lang is BCP 47.
func (m *Model) Tag(dst []Span, words []token.Token, hints []Hint, lang string, w *Work) []Span {
	w.reader.read(m.lexicon, m.clusters, m.classes, m.salts, words, hints, lang)
	for at := 0; at < len(words); {
		from, to := w.reader.stretch(at)
		if from == to {
			break
		}
		at = to
		dst = m.decode(dst, from, to, w)
	}
	return dst
}

// Work is the memory that tagging uses; keep one a goroutine.
type Work struct {
	reader reader
	scores [][labels]float32
	back   [][labels]uint8
	feats  []uint32
}

// room makes room for n words.
func (w *Work) room(n int) {
	if cap(w.scores) < n {
		w.scores, w.back = make([][labels]float32, n*2), make([][labels]uint8, n*2)
	}
	w.scores, w.back = w.scores[:n], w.back[:n]
}

// decode finds the best labels of a stretch (Viterbi 1967).
func (m *Model) decode(dst []Span, from, to int, w *Work) []Span {
	n := to - from
	w.room(n)
	for i := range n {
		w.feats = w.reader.features(w.feats[:0], from+i)
		for l, s := range m.features.sum(w.feats) {
			w.scores[i][l] = float32(s) * m.scale
		}
		if i > 0 && w.reader.views[from+i].parted {
			part(&w.scores[i])
		}
	}
	path := viterbi(w.scores, w.back, &m.moves)
	return spans(dst, path, w.scores, from)
}

const never = -1e9

// part forbids a name to go on over a comma, quotation mark, bracket and such.
func part(s *[labels]float32) {
	for l := insidePER; l < labels; l += 2 {
		s[l] = never
	}
}

// viterbi returns the best allowed labels, in back[i][0].
func viterbi(scores [][labels]float32, back [][labels]uint8, moves *[labels][labels]float32) [][labels]uint8 {
	var last, now [labels]float32
	for i := range scores {
		for l := range labels {
			best, from := float32(never), 0
			if i == 0 {
				best, from = moves[outside][l], 0
				if !follows(outside, l) {
					best = never
				}
			} else {
				for p := range labels {
					if s := last[p] + moves[p][l]; s > best && follows(p, l) {
						best, from = s, p
					}
				}
			}
			now[l], back[i][l] = best+scores[i][l], uint8(from)
		}
		last = now
	}
	at := 0
	for l := range labels {
		if last[l] > last[at] {
			at = l
		}
	}
	for i := len(scores) - 1; i >= 0; i-- {
		from := back[i][at]
		back[i][0] = uint8(at)
		at = int(from)
	}
	return back
}

// follows reports whether label l may come after p: inside only after the
// first or another of its kind.
func follows(p, l int) bool {
	if l == outside || l%2 == 1 {
		return true
	}
	return p == l || p == l-1
}

// spans reads the names out of a path of labels.
func spans(dst []Span, path [][labels]uint8, scores [][labels]float32, from int) []Span {
	for i := 0; i < len(path); {
		l := int(path[i][0])
		if l == outside {
			i++
			continue
		}
		j := i + 1
		for inside := (l + 1) / 2 * 2; j < len(path) && int(path[j][0]) == inside; {
			j++
		}
		var sum float32
		for k := i; k < j; k++ {
			sum += scores[k][path[k][0]] - scores[k][outside]
		}
		dst = append(dst, Span{From: from + i, To: from + j, Kind: kinds[(l-1)/2], Score: sum / float32(j-i)})
		i = j
	}
	return dst
}
