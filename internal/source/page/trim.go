package page

import (
	"strings"

	"github.com/tocsin-news/tocsin/internal/source"
)

// trim leaves out the blocks that are not the article's own words: captions and
// credits, which name agencies that did not write the text; lines that are
// links; pointers to other articles; dates and marks of who filed what where;
// the title again; and a last line that announces what did not come.
func trim(all []paragraph, title string) []paragraph {
	var kept []paragraph
	for _, p := range all {
		if p.caption || isLinks(p) || p.main && p.text == title || noise(p) {
			continue
		}
		kept = append(kept, p)
	}
	for len(kept) > 1 && hangs(kept[len(kept)-1]) {
		kept = kept[:len(kept)-1]
	}
	return kept
}

// isLinks reports a short block that is nothing but links.
func isLinks(p paragraph) bool {
	return !p.heading && len(p.text) < 160 && p.linked*10 >= len(p.text)*8
}

// hangs reports whether a last block announces something that did not come.
func hangs(p paragraph) bool {
	return len(p.text) < 80 && strings.HasSuffix(p.text, ":")
}

// maxNoise is how long a line of noise is at most, in bytes.
const maxNoise = 200

func noise(p paragraph) bool {
	if len(p.text) > maxNoise {
		return false
	}
	s := strings.ToLower(p.text)
	if startsWith(s, credits) || startsWith(s, pointers) {
		return true
	}
	if sentence(s) {
		return false
	}
	if startsWith(s, marks) || holds(s, creditSigns) {
		return true
	}
	_, isDate := source.Date(s, "")
	return isDate && len(s) < 60 && len(strings.Fields(s)) <= 6
}

func holds(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func startsWith(s string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}

// sentence reports whether s ends as a sentence does.
func sentence(s string) bool {
	s = strings.TrimRight(s, "\"'”“»«)]’ ")
	for _, end := range []string{".", "!", "?", "…", "。", "！", "？"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
