package ingest

import (
	"context"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/source/page"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// thinText is the length, in characters, below which a text is a summary and
// not a body.
const thinText = 600

func thin(a events.Article) bool { return utf8.RuneCountInString(a.Text) < thinText }

// fill fetches the article's page and fills in what the offer lacks. When the
// page cannot be had or read, the offer stays as it is: a summary is news too.
func (i *Ingestor) fill(ctx context.Context, s Source, o Offer) Offer {
	d, err := i.Fetcher.fetch(ctx, o.Article.URL, acceptPage, validators{}, s.IgnoreRobots)
	if err != nil {
		i.Metrics.filled("unreachable")
		return o
	}
	p, err := page.Extract(d.body, d.kind, d.url)
	if err != nil && p.Title == "" {
		i.Metrics.filled("unreadable")
		return o
	}
	i.Metrics.filled("filled")
	a := &o.Article
	if len(p.Text) > len(a.Text) {
		a.Text = p.Text
	}
	if a.Text == "" {
		a.Text = p.Summary
	}
	if a.Title == "" {
		a.Title = p.Title
	}
	if a.Lang == "" || a.Lang == s.Lang && p.Lang != "" {
		a.Lang = p.Lang
	}
	if len(a.Authors) == 0 {
		a.Authors = p.Authors
	}
	if a.PublishedAt.IsZero() {
		a.PublishedAt = p.Published
	}
	if own := p.Canonical; sameStory(own, a.URL) || sameStory(own, d.url) && source.Domain(own) == source.Domain(a.URL) {
		o.Link, a.URL = a.URL, own
	}
	return o
}

// sameStory reports whether canonical is another address of the page at link:
// of the same domain, and with the same last part. Some sites name their front
// page as canonical for all of their pages, and must not be believed.
func sameStory(canonical, link string) bool {
	c, err1 := url.Parse(canonical)
	l, err2 := url.Parse(link)
	if err1 != nil || err2 != nil || c.Host == "" || source.Domain(canonical) != source.Domain(link) {
		return false
	}
	slug := lastPart(c.Path)
	return slug != "" && slug == lastPart(l.Path) && c.RawQuery == l.RawQuery && canonical != link
}

// lastPart is the last part of a path, without "amp" and an extension.
func lastPart(p string) string {
	p = strings.TrimSuffix(strings.Trim(p, "/"), "/amp")
	p = path.Base("/" + p)
	return strings.Trim(strings.TrimSuffix(strings.TrimSuffix(p, path.Ext(p)), ".amp"), "/")
}
