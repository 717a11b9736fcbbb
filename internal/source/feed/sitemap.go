package feed

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

// Sitemap is a sitemap or an index of them (sitemaps.org), and what news
// sitemaps add (Google News).
type Sitemap struct {
	// Items are the pages, newest news and plain ones alike; a plain one has no
	// title.
	Items []Item
	// Index lists further sitemaps, where the document is an index.
	Index []SitemapRef
	Notes []string
}

// SitemapRef is one sitemap of an index. Modified is zero when not given.
type SitemapRef struct {
	URL      string
	Modified time.Time
}

// ParseSitemap reads a sitemap, a news sitemap or a sitemap index. As with
// [Parse], an error may come with what was read. Addresses that are not
// absolute http or https, as the protocol demands, are resolved against base.
func ParseSitemap(r io.Reader, contentType, base string) (Sitemap, error) {
	text, errSize := read(r, contentType)
	if len(text) == 0 {
		return Sitemap{}, errors.Join(ErrEmpty, errSize)
	}
	doc, err := scan(string(text))
	root := doc.root()
	if root == nil || root.local != "urlset" && root.local != "sitemapindex" {
		return Sitemap{}, fmt.Errorf("this is not a sitemap: its root is neither urlset nor sitemapindex")
	}
	f := Feed{Kind: "sitemap"}
	s := Sitemap{}
	for _, n := range root.kids("*", "sitemap") {
		if address := source.Resolve(base, n.one("loc")); address != "" && len(s.Index) < MaxItems {
			s.Index = append(s.Index, SitemapRef{URL: address, Modified: f.date("", n.one("lastmod"))})
		}
	}
	for _, n := range root.kids("*", "url") {
		if len(s.Items) == MaxItems {
			err = errors.Join(err, fmt.Errorf("%w: more than %d pages", ErrBounds, MaxItems))
			break
		}
		if item := sitemapItem(&f, n, base); item.Link != "" {
			s.Items = append(s.Items, item)
		}
	}
	s.Notes = f.Notes
	return s, errors.Join(err, errSize)
}

// Feed returns the news of a sitemap as a feed: its pages that have a title.
func (s Sitemap) Feed() Feed {
	f := Feed{Kind: "sitemap", Notes: s.Notes}
	for _, item := range s.Items {
		if item.Title != "" {
			f.Items = append(f.Items, item)
		}
	}
	return f
}

func sitemapItem(f *Feed, n *node, base string) Item {
	item := Item{Link: source.Resolve(base, n.one("loc")), Updated: f.date("", n.one("lastmod"))}
	item.ID = item.Link
	news := n.kid("news", "news")
	if news == nil {
		return item
	}
	item.Title = line(news.one("title"))
	item.Published = f.date("", news.one("publication_date"))
	publication := news.kid("news", "publication")
	item.Lang = source.Lang(publication.one("language"))
	item.From = Origin{Title: line(publication.one("name"))}
	if words := news.one("keywords"); words != "" {
		item.Categories = listed(words)
	}
	return item
}

// one is the text of the first child of that name in whatever namespace.
func (n *node) one(local string) string {
	for _, k := range n.kidsOf(local) {
		if s := k.words(); s != "" {
			return s
		}
	}
	return ""
}
