package entity

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/zstd"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
)

// The lists that gen made, and the facts that were written by hand.
var (
	//go:embed data/base.tsv.zst
	generated []byte
	//go:embed facts/*.tsv
	facts embed.FS
	//go:embed data/lexicon.bin.zst
	lexicon []byte
	//go:embed data/clusters.bin.zst
	clusters []byte
	//go:embed data/tagger.bin.zst
	weights []byte
)

// Builtin returns the base that the program carries. It is unpacked anew at
// each call: ask once, and hand it around.
func Builtin() (*Base, error) {
	data, err := unpack(generated)
	if err != nil {
		return nil, fmt.Errorf("unpack the entity base: %w", err)
	}
	files := []File{{Name: "base.tsv", Data: data, homonyms: true}}
	paths, err := fs.Glob(facts, "facts/*.tsv")
	if err != nil {
		return nil, err
	}
	for _, p := range paths {
		data, err := facts.ReadFile(p)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: p, Data: data})
	}
	return Load(files...)
}

// Lexicon returns the words that the tagger knows.
func Lexicon() (*tagger.Lexicon, error) {
	data, err := unpack(lexicon)
	if err != nil {
		return nil, fmt.Errorf("unpack the lexicon: %w", err)
	}
	return tagger.ReadLexicon(data)
}

// Clusters returns the clusters of words that the tagger knows.
func Clusters() (*tagger.Clusters, error) {
	data, err := unpack(clusters)
	if err != nil {
		return nil, fmt.Errorf("unpack the clusters: %w", err)
	}
	return tagger.ReadClusters(data)
}

// Tagger returns the model that the program carries.
func Tagger() (*tagger.Model, error) {
	l, err := Lexicon()
	if err != nil {
		return nil, err
	}
	c, err := Clusters()
	if err != nil {
		return nil, err
	}
	data, err := unpack(weights)
	if err != nil {
		return nil, fmt.Errorf("unpack the tagger: %w", err)
	}
	return tagger.Read(data, l, c)
}

func unpack(packed []byte) ([]byte, error) {
	z, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return io.ReadAll(z)
}
