package entity

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/zstd"
)

// The lists that gen made, and the facts that were written by hand.
var (
	//go:embed data/base.tsv.zst
	generated []byte
	//go:embed facts/*.tsv
	facts embed.FS
)

// Builtin returns the base that the program carries. It is unpacked anew at
// each call: ask once, and hand it around.
func Builtin() (*Base, error) {
	z, err := zstd.NewReader(bytes.NewReader(generated), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("unpack the entity base: %w", err)
	}
	defer z.Close()
	data, err := io.ReadAll(z)
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
