package ingest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

func TestSourcesAsTheConfigurationHasThem(t *testing.T) {
	const text = `
- {id: lemonde.fr, feed: "https://www.lemonde.fr/rss/une.xml", family: lemonde, country: FR, tier: 1, every: 5m}
- {id: example.org, sitemap: "https://example.org/news.xml"}
- {id: example.net, page: "https://example.net/news", links: "article a", full_text: true}
- {id: wire.example, family: wire, tier: 1}
`
	var list []Source
	if err := yaml.UnmarshalWithOptions([]byte(text), &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if err := Check(list); err != nil {
		t.Error(err)
	}
	if list[0].Every != 5*time.Minute || list[0].Home() != "lemonde.fr" || list[1].Kind() != "sitemap" || !list[2].FullText || list[3].Fetched() || list[3].Kind() != "push" {
		t.Errorf("%+v", list)
	}
}

func TestCheckNamesWhatIsWrongAndWhere(t *testing.T) {
	good := Source{ID: "a.example", Feed: "https://a.example/feed"}
	with := func(change func(*Source)) Source { s := good; s.ID = "b.example"; change(&s); return s }
	for _, c := range []struct {
		name, want, path string
		source           Source
	}{
		{"no id", `sources[1]: id: "" is not a key`, "$.sources[1].id", with(func(s *Source) { s.ID = "" })},
		{"an id in capitals", `id: "LeMonde" is not a key`, "$.sources[1].id", with(func(s *Source) { s.ID = "LeMonde" })},
		{"the same id again", `sources[1] (a.example): id: sources[0] has the same`, "$.sources[1].id", good},
		{"nowhere, and nothing said of the publisher", "feed: give one of feed, sitemap and page; or", "$.sources[1].feed", with(func(s *Source) { s.Feed = "" })},
		{"pushed, and a rhythm", "every: there is nothing to fetch", "$.sources[1].every", Source{ID: "b.example", Tier: 1, Every: time.Minute}},
		{"two places", "not 2", "$.sources[1].feed", with(func(s *Source) { s.Page = "https://b.example/" })},
		{"a path for an address", `feed: "/feed" is not an absolute http or https address`, "$.sources[1].feed", with(func(s *Source) { s.Feed = "/feed" })},
		{"a file", "is not an absolute http or https address", "$.sources[1].feed", with(func(s *Source) { s.Feed = "file:///etc/passwd" })},
		{"a password", "password in the address is not allowed", "$.sources[1].feed", with(func(s *Source) { s.Feed = "https://a:b@b.example/" })},
		{"too often", "every: 200ms is less than 1s", "$.sources[1].every", with(func(s *Source) { s.Every = 200 * time.Millisecond })},
		{"a tier beyond", "tier: 9 is not 1 (most trusted) to 4", "$.sources[1].tier", with(func(s *Source) { s.Tier = 9 })},
		{"a country in words", `country: "France"`, "$.sources[1].country", with(func(s *Source) { s.Country = "France" })},
		{"a language in words", `lang: "français"`, "$.sources[1].lang", with(func(s *Source) { s.Lang = "français" })},
		{"a selector without a page", "links: it selects the links of a page", "$.sources[1].links", with(func(s *Source) { s.Links = "a" })},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Check([]Source{good, c.source})
			var wrong *ConfigError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) || wrong.Path() != c.path {
				t.Errorf("%v at %v, want %s", err, wrong, c.want)
			}
		})
	}
}
