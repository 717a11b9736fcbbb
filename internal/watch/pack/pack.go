// Package pack carries the watches that Tocsin ships: for a desk that follows
// NATO and security, in French and English.
// It knows their files; what they mean is package watch's.
//
// A watch names topics by id, countries by code, NATO by its QID, and words in
// both languages beside them, so that it still works where a tag is missed.
//
// Thresholds follow what a watch proved on history. One whose matches mostly
// tell of a happening (the war, the alliance) asks for little: two origins in two
// days, and a surprise near 1, since in a war nothing of it is surprising. One
// whose words are common (unrest, disasters, crime) asks for many articles at
// once, and for great surprise.
package pack

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/tocsin-news/tocsin/internal/watch"
)

// group makes one situation one living alert, whichever of the shipped watches
// it concerns.
const group = "pack"

//go:embed *.yaml
var files embed.FS

// Watches gives the shipped watches, in the order of their files.
func Watches() ([]watch.Watch, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the shipped watches: %w", err)
	}
	var out []watch.Watch
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read the shipped watches: %w", err)
		}
		ws, err := watch.Load(f, "pack/"+name)
		f.Close()
		if err != nil {
			return nil, err
		}
		for i := range ws {
			ws[i].Group = group
		}
		out = append(out, ws...)
	}
	return out, nil
}
