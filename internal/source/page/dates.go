package page

import (
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

// dates are those that the page gives for publication and change.
func dates(h *head, about linked, lines []string, lang, address string) (published, updated time.Time) {
	published = earliest(lang,
		h.meta("article:published_time", "og:published_time", "og:article:published_time"), about.published,
		h.meta("datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date.created",
			"pubdate", "publishdate", "publish-date", "publication_date", "parsely-pub-date", "sailthru.date", "citation_publication_date",
			"citation_date", "article.published", "displaydate", "cxenseparse:recs:publishtime", "article_date_original", "originalpublicationdate"))
	updated = earliest(lang, h.meta("article:modified_time", "og:updated_time", "datemodified", "last-modified"), about.modified)
	if published.IsZero() {
		published = earliest(lang, h.times...)
	}
	if published.IsZero() {
		published = earliest(lang, h.marked...)
	}
	if published.IsZero() {
		published = earliest(lang, dated(lines)...)
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

// dated returns the lines that can hold a whole date: a year alone, as in a
// headline or a footer, is none.
func dated(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return len(line) < len("2.1.2024") })
}
