package page

import (
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Fill completes a thin article, such as a feed's item, from its page: the text
// where the page has more, and else what the article leaves open. The source
// stays, and so does the title that the feed gave; the id is derived anew.
func (p Page) Fill(a *events.Article) {
	if len(p.Text) > len(a.Text) {
		a.Text = p.Text
	}
	if a.Title == "" {
		a.Title = p.Title
	}
	if p.Canonical != "" && (a.URL == "" || source.Domain(p.Canonical) == source.Domain(a.URL)) {
		a.URL = p.Canonical
	}
	if a.Lang == "" {
		a.Lang = p.Lang
	}
	if len(a.Authors) == 0 {
		a.Authors = p.Authors
	}
	if a.PublishedAt.IsZero() {
		a.PublishedAt = p.Published
	}
	a.ID = ""
	source.Clean(a)
}
