package lang

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed words.txt
var smallWords string

// small maps a small word to the languages that have it: a bit for each, in
// the order of its group in Groups.
var small = sync.OnceValue(func() map[string]uint32 {
	where := map[string]int{}
	for _, g := range Groups {
		for i, l := range g.Languages {
			where[l] = i
		}
	}
	out := map[string]uint32{}
	for line := range strings.Lines(smallWords) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		for _, w := range words[1:] {
			out[w] |= 1 << where[words[0]]
		}
	}
	return out
})
