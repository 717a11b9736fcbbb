package topic

import (
	"strings"
	"unicode/utf8"
)

// prefixes finds the patterns that begin a word, by its first three bytes.
type prefixes struct {
	by   map[uint32][]prefixEntry
	seen [1 << 12]bool // a filter before the map
}

type prefixEntry struct {
	text string
	more int // letters that may follow; -1 for any number
	entry
}

func head3(s string) uint32 { return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 }

func slot(k uint32) uint32 { return (k * 2654435761) >> 20 }

func (p *prefixes) add(text string, more int, e entry) {
	k := head3(text)
	p.by[k] = append(p.by[k], prefixEntry{text, more, e})
	p.seen[slot(k)] = true
}

func (p *prefixes) find(fold string, out []entry) []entry {
	if len(fold) < 3 {
		return out
	}
	k := head3(fold)
	if !p.seen[slot(k)] {
		return out
	}
	for _, e := range p.by[k] {
		if !strings.HasPrefix(fold, e.text) {
			continue
		}
		if e.more >= 0 && utf8.RuneCountInString(fold[len(e.text):]) > e.more {
			continue
		}
		out = append(out, e.entry)
	}
	return out
}
