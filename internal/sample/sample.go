// Package sample carries a small history to try Tocsin on: 80 short articles
// in French and English over three days of November 2024, from a dozen
// outlets that do not exist, with agency reprints, near misses and unrelated
// news. The texts were written for it; the events are real ones.
package sample

import (
	_ "embed"
	"encoding/json"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/origin"
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

// Until is the sample as if its last article had been published at end.
func Until(end time.Time) []events.Article {
	all := Articles()
	shift := end.UTC().Truncate(time.Second).Sub(all[len(all)-1].PublishedAt)
	for i := range all {
		all[i].PublishedAt = all[i].PublishedAt.Add(shift)
		all[i].FetchedAt = all[i].FetchedAt.Add(shift)
	}
	return all
}

// Sources tells of the outlets what a configuration tells of real ones: owner,
// country and how far each is trusted. They have no address that could be
// polled.
func Sources() []origin.Publisher {
	return []origin.Publisher{
		{Source: "courier.example", Family: "courier", Tier: 1, Country: "GB"},
		{Source: "sundaycourier.example", Family: "courier", Tier: 2, Country: "GB"},
		{Source: "atlanticreview.example", Family: "atlanticreview", Tier: 1, Country: "US"},
		{Source: "harbourpost.example", Family: "harbourpost", Tier: 2, Country: "US"},
		{Source: "defencedesk.example", Family: "defencedesk", Tier: 2, Country: "GB"},
		{Source: "polarpost.example", Family: "polarpost", Tier: 2, Country: "NO"},
		{Source: "brusselsnote.example", Family: "brusselsnote", Tier: 2, Country: "BE"},
		{Source: "lequotidien.example", Family: "quotidien", Tier: 1, Country: "FR"},
		{Source: "lematinal.example", Family: "quotidien", Tier: 2, Country: "FR"},
		{Source: "ondes.example", Family: "ondes", Tier: 1, Country: "FR"},
		{Source: "lemidi.example", Family: "midi", Tier: 2, Country: "FR"},
		{Source: "lavoixdelouest.example", Family: "voixdelouest", Tier: 3, Country: "FR"},
	}
}
