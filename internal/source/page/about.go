package page

import (
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// title is the article's headline without the site's name.
func title(h *head, about linked) string {
	given := first(h.meta("og:title"), about.headline, h.meta("twitter:title", "dc.title", "parsely-title", "title"))
	if given == "" && len(h.headings) > 0 && (len(h.headings) == 1 || strings.Contains(h.title, h.headings[0])) {
		given = h.headings[0]
	}
	given = source.Line(source.PlainText(first(given, h.title)), events.MaxTitle)
	return withoutSite(given, h)
}

var separators = []string{" | ", " - ", " – ", " — ", " » ", " « ", " :: ", " · ", " • "}

// withoutSite cuts the site's name off a headline: what stands behind the last
// separator, when it is that name or the rest is a heading of the page.
func withoutSite(given string, h *head) string {
	site := strings.ToLower(source.Line(h.meta("og:site_name", "application-name"), events.MaxTitle))
	for _, separator := range separators {
		cut := strings.LastIndex(given, separator)
		if cut <= 0 {
			continue
		}
		rest, tail := strings.TrimSpace(given[:cut]), strings.ToLower(given[cut+len(separator):])
		if tail == site || slices.Contains(h.headings, rest) {
			return rest
		}
	}
	return given
}

// authors are the names of those who wrote the article.
func authors(h *head, about linked) []string {
	given := about.authors
	if len(given) == 0 {
		given = slices.Concat(h.metas["author"], h.metas["article:author"], h.metas["dc.creator"], h.metas["parsely-author"], h.metas["sailthru.author"], h.metas["byl"])
	}
	found := bylines(given, h)
	if len(found) == 0 {
		found = bylines(h.bylines[:min(len(h.bylines), 3)], h)
	}
	return found
}

func bylines(given []string, h *head) []string {
	site := h.meta("og:site_name")
	var found []string
	for _, name := range given {
		name = byline(name)
		if name == "" || strings.EqualFold(name, site) || strings.Contains(name, "://") || strings.Contains(name, "@") {
			continue
		}
		if !slices.Contains(found, name) && len(found) < events.MaxAuthors {
			found = append(found, name)
		}
	}
	return found
}

// by are the words that stand before a name, in lower case.
var by = []string{"written by ", "posted by ", "published by ", "by ", "von ", "par ", "por ", "da ", "di ", "door ", "autor: ", "author: ", "text: ", "av "}

func byline(s string) string {
	s = source.Line(source.PlainText(s), maxByline)
	lower := strings.ToLower(s)
	for _, word := range by {
		if strings.HasPrefix(lower, word) {
			s = s[len(word):]
			break
		}
	}
	for _, end := range []string{" | ", " • ", " · ", " - ", " – "} {
		s, _, _ = strings.Cut(s, end)
	}
	return strings.Trim(s, " ,;:|")
}

// dates are those that the page gives for publication and change.
func dates(h *head, about linked, lang, address string) (published, updated time.Time) {
	published = earliest(lang,
		h.meta("article:published_time", "og:published_time", "og:article:published_time"), about.published,
		h.meta("datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date.created",
			"pubdate", "publishdate", "publish-date", "publication_date", "parsely-pub-date", "sailthru.date", "citation_publication_date",
			"citation_date", "article.published", "displaydate", "cxenseparse:recs:publishtime", "last-modified", "created", "article_date_original", "originalpublicationdate"))
	updated = earliest(lang, h.meta("article:modified_time", "og:updated_time", "datemodified", "last-modified"), about.modified)
	if published.IsZero() {
		published = earliest(lang, h.times...)
	}
	if published.IsZero() {
		published = earliest(lang, h.marked...)
	}
	if published.IsZero() {
		published = addressDate(address)
	}
	if published.IsZero() {
		published = updated
	}
	return published, updated
}

// earliest reads the first of the given dates that can be read.
func earliest(lang string, given ...string) time.Time {
	for _, s := range given {
		if at, ok := source.Date(s, lang); ok {
			return at
		}
	}
	return time.Time{}
}
