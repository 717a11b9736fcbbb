// Package sample carries a small history to try Tocsin on: 80 short articles
// in French and English over three days of November 2024, from a dozen
// outlets that do not exist, with agency reprints, near misses and unrelated
// news. The texts were written for it; the events are real ones.
package sample

import (
	_ "embed"
	"encoding/json"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

//go:embed sample.jsonl
var lines string

// Lines is the sample as JSONL: Article lines in the order of fetched_at,
// without ids.
func Lines() string { return lines }

// Articles is the sample, in the order of fetched_at.
func Articles() []events.Article {
	var out []events.Article
	for line := range strings.Lines(lines) {
		var a events.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			panic("sample: " + err.Error()) // a test reads every line
		}
		out = append(out, a)
	}
	return out
}
