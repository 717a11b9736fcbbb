package feed_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

func TestOPMLBothWays(t *testing.T) {
	outlines, err := feed.ParseOPML(strings.NewReader(`<?xml version="1.0"?>
<opml version="1.1"><head><title>Mine</title></head><body>
<outline text="Monde &amp; Défense"><outline text="Un" title="Un" type="rss" xmlUrl="https://example.org/rss" htmlUrl="https://example.org/" language="fr"/>
  <outline text="Deeper"><outline text="Deux" xmlUrl="https://example.com/rss"></outline></outline></outline>
<outline text="Trois" xmlURL="https://example.net/rss"/><outline text="again" xmlUrl="https://example.net/rss"/>
<outline text="bad" xmlUrl="javascript:alert(1)"/></body></opml>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []feed.Outline{
		{Title: "Un", Feed: "https://example.org/rss", Home: "https://example.org/", Kind: "rss", Lang: "fr", Folders: []string{"Monde & Défense"}},
		{Title: "Deux", Feed: "https://example.com/rss", Folders: []string{"Monde & Défense", "Deeper"}},
		{Title: "Trois", Feed: "https://example.net/rss"},
	}
	if diff := cmp.Diff(want, outlines); diff != "" {
		t.Fatal(diff)
	}
	var written bytes.Buffer
	if err := feed.WriteOPML(&written, "Mine", outlines); err != nil {
		t.Fatal(err)
	}
	again, err := feed.ParseOPML(&written)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		want[i].Kind = "rss"
	}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Fatal(diff)
	}
}

func FuzzOPML(f *testing.F) {
	f.Add(`<opml><body><outline text="a"><outline xmlUrl="https://example.org/"/></outline></body></opml>`)
	f.Add(`<outline><outline xmlurl=https://example.org/ text="&amp;`)
	f.Fuzz(func(t *testing.T, s string) {
		outlines, _ := feed.ParseOPML(strings.NewReader(s))
		if len(outlines) == 0 {
			return
		}
		var b bytes.Buffer
		if err := feed.WriteOPML(&b, "x", outlines); err != nil {
			t.Fatal(err)
		}
		again, err := feed.ParseOPML(&b)
		if err != nil || len(again) != len(outlines) {
			t.Fatalf("%d feeds written, %d read again: %v", len(outlines), len(again), err)
		}
	})
}
