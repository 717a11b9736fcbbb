package feed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

func TestNewsSitemap(t *testing.T) {
	s, err := feed.ParseSitemap(strings.NewReader(`<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://example.org/a</loc><lastmod>2024-11-22</lastmod>
 <news:news><news:publication><news:name>Example</news:name><news:language>fr</news:language></news:publication>
 <news:publication_date>2024-11-22T10:00:00+01:00</news:publication_date><news:title>Un &amp; deux</news:title><news:keywords>a, b</news:keywords></news:news></url>
<url><loc>https://example.org/b</loc></url><url><loc>javascript:alert(1)</loc></url></urlset>`), "", "")
	if err != nil || len(s.Items) != 2 {
		t.Fatalf("got %+v, %v", s, err)
	}
	a := s.Items[0]
	if a.Title != "Un & deux" || a.Lang != "fr" || a.Published.Hour() != 9 || a.From.Title != "Example" {
		t.Errorf("got %+v", a)
	}
	if diff := cmp.Diff([]string{"a", "b"}, a.Categories); diff != "" {
		t.Error(diff)
	}
	if f := s.Feed(); len(f.Items) != 1 || f.Kind != "sitemap" {
		t.Errorf("as a feed: %+v", f)
	}
}

func TestSitemapIndex(t *testing.T) {
	s, err := feed.ParseSitemap(strings.NewReader(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://example.org/1.xml</loc><lastmod>2024-11-22T10:00:00Z</lastmod></sitemap><sitemap><loc>/2.xml</loc></sitemap></sitemapindex>`), "", "https://example.org/")
	if err != nil || len(s.Index) != 2 || s.Index[1].URL != "https://example.org/2.xml" || s.Index[0].Modified.IsZero() {
		t.Fatalf("got %+v, %v", s, err)
	}
}

func TestWhatIsNoSitemapIsRefused(t *testing.T) {
	for _, in := range []string{"", "<rss><channel/></rss>", "<html><body>", "text"} {
		if _, err := feed.ParseSitemap(strings.NewReader(in), "", ""); err == nil {
			t.Errorf("%q was read", in)
		}
	}
}
