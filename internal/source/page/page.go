// Package page knows how news pages are built: where on one the article is,
// what its head and its JSON-LD say of it, and which links lead to articles. It
// has never opened a connection; it reads the bytes it is given, under bounds,
// runs no script and follows nothing, not even a meta refresh.
package page

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"golang.org/x/net/html"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of one page.
const (
	// MaxBytes is how much of a page is read; the rest is left.
	MaxBytes = 2 << 20
	// maxTokens bounds tags and texts, maxDepth open elements.
	maxTokens = 200_000
	maxDepth  = 300
)

var (
	// ErrEmpty: there is nothing but white space.
	ErrEmpty = errors.New("the page is empty")
	// ErrNotHTML: the bytes are of a PDF, a picture, an archive or the like.
	ErrNotHTML = errors.New("this is not an HTML page")
	// ErrBounds: the page is built so that reading it would take too long.
	ErrBounds = errors.New("the page is nested too deep")
	// ErrNoArticle: a page, but no text on it that an article could be.
	ErrNoArticle = errors.New("no article found on the page")
)

// Page is what was read from one HTML page. Title, Text and names are plain.
type Page struct {
	Title string
	// Text is the article's body, one line a paragraph.
	Text    string
	Authors []string
	// Published and Updated are zero when the page does not say.
	Published, Updated time.Time
	// Lang is a BCP 47 tag, or "".
	Lang string
	// Canonical is the page's own address, absolute, or "" when it names none.
	Canonical string
	SiteName  string
	// Image is the lead picture's address, absolute, or "".
	Image   string
	Summary string
	// Gated: the page says that the text is for subscribers only, so Text may be
	// no more than its beginning.
	Gated bool
}

// Extract reads the article on a page. contentType is the transport's header,
// address where the page is from; both may be "". With [ErrNoArticle] come the
// title and all else that the page says of itself.
func Extract(raw []byte, contentType, address string) (Page, error) {
	doc, err := parse(raw, contentType)
	if err != nil {
		return Page{}, err
	}
	return extract(doc, address)
}

func extract(doc *html.Node, address string) (Page, error) {
	h := readHead(doc, address)
	about := readLinked(h.linked)
	whole := cut(doc)
	p := Page{
		Title:     title(h, about),
		Lang:      source.Lang(cmp.Or(h.lang, about.lang, h.meta("og:locale"), h.meta("content-language"))),
		Canonical: canonical(h, address),
		SiteName:  source.Line(cmp.Or(h.meta("og:site_name"), about.publisher, h.meta("application-name")), events.MaxTitle),
		Image:     source.Resolve(address, cmp.Or(h.meta("og:image"), about.image, h.meta("twitter:image"))),
		Summary:   source.Paragraphs(cmp.Or(h.meta("og:description"), h.meta("description"), about.description), maxSummary),
		Gated:     about.gated,
	}
	heading := headingOf(whole, p.Title)
	beside := around(whole, heading)
	p.Authors = authors(h, about, beside)
	p.Published, p.Updated = dates(h, about, beside, p.Lang, address)
	b := bodyOf{whole: whole, heading: heading, title: p.Title, linked: about.body}
	p.Text = source.Paragraphs(b.text(doc, mozilla{}, address), events.MaxText)
	if p.Text == "" {
		return p, ErrNoArticle
	}
	return p, nil
}

// maxSummary bounds a page's description of itself, in characters.
const maxSummary = 8 << 10

// Article reads a page as one article, cleaned and with its id. The address
// where it was fetched stands when the page names no canonical one of the same
// site. FetchedAt is the caller's to fill.
func Article(raw []byte, contentType, address string) (events.Article, error) {
	p, err := Extract(raw, contentType, address)
	if err != nil {
		return events.Article{}, fmt.Errorf("extract %s: %w", address, err)
	}
	a := events.Article{
		URL:         cmp.Or(p.Canonical, address),
		Title:       p.Title,
		Text:        p.Text,
		Lang:        p.Lang,
		Authors:     p.Authors,
		PublishedAt: p.Published,
	}
	source.Clean(&a)
	return a, nil
}
