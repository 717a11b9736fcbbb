package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/source/feed"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of a sitemap.
const (
	// maxIndex sitemaps of an index are read, the latest.
	maxIndex = 3
	// mapAge is how far behind its first poll a sitemap is read.
	mapAge = 48 * time.Hour
	// mapHead is how many undated entries of a sitemap are looked at.
	mapHead = 100
)

// readSitemap takes the newest pages of a sitemap.
func (i *Ingestor) readSitemap(ctx context.Context, s Source, st *State, d *document) (result, error) {
	m, err := feed.ParseSitemap(bytes.NewReader(d.body), d.kind, d.url)
	if trouble := errors.Join(err, d.cut); trouble != nil && len(m.Items)+len(m.Index) == 0 {
		return result{outcome: pollFailed, err: trouble}, nil
	}
	for _, ref := range latest(m.Index) {
		inner, err := i.Fetcher.fetch(ctx, ref.URL, acceptFeed, validators{}, s.IgnoreRobots)
		if err != nil {
			return result{outcome: pollFailed, err: fmt.Errorf("a sitemap of the index: %w", err)}, nil
		}
		part, _ := feed.ParseSitemap(bytes.NewReader(inner.body), inner.kind, inner.url)
		m.Items = append(m.Items, part.Items...)
	}
	since := st.Since
	if since.IsZero() {
		since = i.now()
	}
	items := recentItems(m.Items, since.Add(-mapAge), st.Succeeded.IsZero())
	b := i.begin(s, st)
	for _, item := range items {
		if err := b.entry(ctx, item); err != nil {
			return result{}, err
		}
	}
	if err := b.flush(ctx); err != nil {
		return result{}, err
	}
	r := result{outcome: pollNew, note: note(err), items: b.items, fresh: b.fresh, again: b.left < 0, history: history(m.Items, i.now())}
	return r, nil
}

// latest are the sitemaps of an index that changed last, or that stand last
// where it does not say.
func latest(refs []feed.SitemapRef) []feed.SitemapRef {
	refs = slices.Clone(refs)
	slices.SortStableFunc(refs, func(a, b feed.SitemapRef) int { return a.Modified.Compare(b.Modified) })
	return refs[max(0, len(refs)-maxIndex):]
}

// recentItems are the entries to look at, oldest first: those dated after
// since, and the head of the undated.
func recentItems(items []feed.Item, since time.Time, first bool) []feed.Item {
	var kept []feed.Item
	undated := 0
	for _, item := range items {
		at := dated(item)
		if at.IsZero() {
			undated++
		}
		if at.IsZero() && undated <= mapHead || at.After(since) {
			item.Published = at
			kept = append(kept, item)
		}
	}
	slices.SortStableFunc(kept, func(a, b feed.Item) int { return a.Published.Compare(b.Published) })
	if first && len(kept) > firstPages {
		kept = kept[len(kept)-firstPages:]
	}
	return kept
}

// entry takes one entry of a sitemap. One without a title needs its page.
func (b *batch) entry(ctx context.Context, item feed.Item) error {
	a := events.Article{Source: b.source.ID, URL: item.Link, Title: item.Title, Lang: item.Lang, PublishedAt: item.Published}
	mark := Mark(item.Title, item.Updated.UTC().Format(time.RFC3339))
	return b.take(ctx, a, "", mark, item.Title == "" || b.source.FullText)
}
