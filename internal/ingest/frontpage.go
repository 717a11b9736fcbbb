package ingest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/source/page"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// readPage takes the articles that a front page links to.
func (i *Ingestor) readPage(ctx context.Context, s Source, st *State, d *document) (result, error) {
	links, err := page.Links(d.body, d.kind, d.url, cmp.Or(s.Links, "a[href]"))
	if err != nil {
		return result{outcome: pollFailed, err: err}, nil
	}
	if len(links) == 0 {
		return result{outcome: pollFailed, err: fmt.Errorf("no links on the page: look at the selector %q", cmp.Or(s.Links, "a[href]"))}, nil
	}
	b := i.begin(s, st)
	if st.Succeeded.IsZero() {
		links = links[:min(len(links), firstPages)]
	}
	for _, link := range slices.Backward(links) { // the top of a page is its newest
		if source.Domain(link.URL) != source.Domain(d.url) {
			continue
		}
		if err := b.link(ctx, link); err != nil {
			return result{}, err
		}
	}
	if err := b.flush(ctx); err != nil {
		return result{}, err
	}
	return result{outcome: pollNew, items: b.items, fresh: b.fresh, again: b.left < 0}, nil
}

// link takes one link of a front page. Its words are the title where the page
// has none.
func (b *batch) link(ctx context.Context, link page.Link) error {
	a := events.Article{Source: b.source.ID, URL: link.URL}
	if b.source.Links != "" {
		a.Title = link.Title
	}
	return b.take(ctx, a, "", xxhash.Sum64String(link.URL), true)
}
