package tagger_test

import (
	"bytes"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
)

func TestClustersAreReadAsTheyWereWritten(t *testing.T) {
	words := map[uint64]uint16{}
	for i := range uint64(5000) {
		words[(i+1)*0x9e3779b97f4a7c15] = uint16(i % 700)
	}
	b := tagger.NewClusters(words, make([]uint8, 700)).Bytes()
	c, err := tagger.ReadClusters(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(c.Bytes(), b) {
		t.Error("what was read is not what was written")
	}
}

func FuzzReadClusters(f *testing.F) {
	f.Add(tagger.NewClusters(map[uint64]uint16{1 << 40: 1, 1 << 50: 0}, []uint8{0, 1}).Bytes())
	f.Add([]byte{1, 0, 0, 0, 255, 255, 255, 255, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := tagger.ReadClusters(b); err == nil && len(c.Bytes()) > 2*len(b)+8 {
			t.Errorf("%d bytes became %d", len(b), len(c.Bytes()))
		}
	})
}

func FuzzReadModel(f *testing.F) {
	tr := tagger.NewTrainer(1, tagger.NewLexicon(1), nil)
	f.Add(tr.Bytes(10))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = tagger.Read(b, tagger.NewLexicon(1), nil)
	})
}
