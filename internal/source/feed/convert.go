package feed

import (
	"cmp"
	"io"
	"strings"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Articles returns the feed's items as bare articles: what the feed says, made
// plain, and no more. from is the source's key or domain; where it is "", an
// item's source is the domain of its address, else of the feed's home. An item
// may have neither title nor text; whether its page is fetched for it, or it is
// left, is the caller's to decide.
func (f Feed) Articles(from string) []events.Article {
	articles := make([]events.Article, 0, len(f.Items))
	for _, item := range f.Items {
		articles = append(articles, f.article(item, from))
	}
	return articles
}

// Articles reads a feed and returns its items as bare articles. An error may
// come with articles, see [Parse].
func Articles(r io.Reader, contentType, base, from string) ([]events.Article, error) {
	f, err := Parse(r, contentType, base)
	return f.Articles(from), err
}

func (f Feed) article(item Item, from string) events.Article {
	a := events.Article{
		Source:      cmp.Or(from, source.Domain(item.Link), source.Domain(f.Home), source.Domain(f.Self)),
		URL:         item.Link,
		Title:       item.Title,
		Text:        item.Text(),
		Lang:        cmp.Or(item.Lang, f.Lang),
		Authors:     item.Authors,
		PublishedAt: item.Published,
	}
	if a.PublishedAt.IsZero() {
		a.PublishedAt = item.Updated
	}
	source.Clean(&a)
	if a.URL == "" && item.ID != "" {
		a.ID = events.ArticleID(a.Source, item.ID, a.Title, a.Text)
	}
	return a
}

// Text is the item's words, plain, in paragraphs: its content, or its summary
// where that says more.
func (i Item) Text() string {
	content := source.Paragraphs(source.PlainText(i.Content), events.MaxText)
	summary := source.Paragraphs(source.PlainText(i.Summary), events.MaxText)
	if len(summary) > len(content) {
		content = summary
	}
	if strings.EqualFold(content, i.Title) {
		return ""
	}
	return content
}
