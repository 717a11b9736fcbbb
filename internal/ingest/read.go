package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/source/feed"
	"github.com/tocsin-news/tocsin/internal/source/page"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of one poll.
const (
	// maxPages are fetched to fill items; the rest waits for the next poll.
	maxPages = 30
	// maxNext further pages of a feed are read, and only while all on them is
	// new.
	maxNext = 4
	// maxIndex sitemaps of an index are read, the latest.
	maxIndex = 3
	// firstPages is how many pages a sitemap or a front page gives at first
	// sight.
	firstPages = 20
	// mapAge is how far behind its first poll a sitemap is read.
	mapAge = 48 * time.Hour
	// mapHead is how many undated entries of a sitemap are looked at.
	mapHead = 100
)

// readFeed takes the items of a feed, oldest first. A broken feed gives what
// could be read, with a note.
func (i *Ingestor) readFeed(ctx context.Context, s Source, st *State, d *document) (result, error) {
	f, err := feed.Parse(bytes.NewReader(d.body), d.kind, d.url)
	if trouble := errors.Join(err, d.cut); trouble != nil && len(f.Items) == 0 {
		return result{outcome: pollFailed, err: trouble}, nil
	} else if trouble != nil {
		err = trouble
	}
	if d.cut != nil && inItem(d.body) && len(f.Items) > 0 {
		f.Items = f.Items[:len(f.Items)-1] // it ends in the middle, and will come again
	}
	r := result{outcome: pollNew, note: note(err), hint: f.TTL, quiet: quiet(f.SkipHours, f.SkipDays), history: history(f.Items, i.now())}
	b := batch{in: i, source: s, left: maxPages}
	if err := b.feed(ctx, f); err != nil {
		return result{}, err
	}
	for n := 0; n < maxNext && f.Next != "" && !st.Succeeded.IsZero() && b.items > 0 && b.fresh == b.items; n++ {
		if source.Domain(f.Next) != source.Domain(d.url) {
			break
		}
		more, err := i.Fetcher.fetch(ctx, f.Next, acceptFeed, validators{}, s.IgnoreRobots)
		if err != nil {
			break // what is missed there is old news
		}
		if f, err = feed.Parse(bytes.NewReader(more.body), more.kind, more.url); err != nil && len(f.Items) == 0 {
			break
		}
		if err := b.feed(ctx, f); err != nil {
			return result{}, err
		}
	}
	r.items, r.fresh, r.again = b.items, b.fresh, b.left < 0
	return r, nil
}

// inItem reports whether a feed that was cut off ends within an item.
func inItem(body []byte) bool {
	opened := max(bytes.LastIndex(body, []byte("<item")), bytes.LastIndex(body, []byte("<entry")))
	closed := max(bytes.LastIndex(body, []byte("</item")), bytes.LastIndex(body, []byte("</entry")))
	return opened > closed
}

func note(err error) string {
	if err == nil {
		return ""
	}
	return clip(err.Error(), 300)
}

// history is the rhythm that the dates of items tell: those of the last day.
func history(items []feed.Item, now time.Time) Rhythm {
	var r Rhythm
	oldest := now
	for _, item := range items {
		at := dated(item)
		if at.Before(now.Add(-24*time.Hour)) || at.After(now) {
			continue
		}
		r.Count++
		if at.Before(oldest) {
			oldest = at
		}
	}
	r.Span = now.Sub(oldest).Seconds()
	return r
}

// dated is when an item was published, or changed where it does not say.
func dated(item feed.Item) time.Time {
	if item.Published.IsZero() {
		return item.Updated
	}
	return item.Published
}

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
	b := batch{in: i, source: s, left: maxPages}
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

// readPage takes the articles that a front page links to.
func (i *Ingestor) readPage(ctx context.Context, s Source, st *State, d *document) (result, error) {
	links, err := page.Links(d.body, d.kind, d.url, cmp.Or(s.Links, "a[href]"))
	if err != nil {
		return result{outcome: pollFailed, err: err}, nil
	}
	if len(links) == 0 {
		return result{outcome: pollFailed, err: fmt.Errorf("no links on the page: look at the selector %q", cmp.Or(s.Links, "a[href]"))}, nil
	}
	b := batch{in: i, source: s, left: maxPages}
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

// batch takes what one poll found through the door.
type batch struct {
	in           *Ingestor
	source       Source
	left         int // pages that may still be fetched
	items, fresh int
	offers       []Offer
}

// roundSize is how many offers go through the door together.
const roundSize = 64

// feed takes a feed's items, oldest first where they are dated, else from the
// last to the first.
func (b *batch) feed(ctx context.Context, f feed.Feed) error {
	articles := f.Articles(b.source.ID)
	order := make([]int, len(articles))
	for n := range order {
		order[n] = len(order) - 1 - n
	}
	if !slices.ContainsFunc(articles, func(a events.Article) bool { return a.PublishedAt.IsZero() }) {
		slices.SortStableFunc(order, func(x, y int) int { return articles[x].PublishedAt.Compare(articles[y].PublishedAt) })
	}
	for _, n := range order {
		a, item := articles[n], f.Items[n]
		if item.Title == "" && a.Text == "" {
			a.Title = "" // the adapter put the address there
		}
		if err := b.take(ctx, a, item.ID, Mark(a.Title, a.Text), b.source.FullText && thin(a)); err != nil {
			return err
		}
	}
	return b.flush(ctx)
}

// entry takes one entry of a sitemap. One without a title needs its page.
func (b *batch) entry(ctx context.Context, item feed.Item) error {
	a := events.Article{Source: b.source.ID, URL: item.Link, Title: item.Title, Lang: item.Lang, PublishedAt: item.Published}
	mark := Mark(item.Title, item.Updated.UTC().Format(time.RFC3339))
	return b.take(ctx, a, "", mark, item.Title == "" || b.source.FullText)
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

// take lets one article through the door, filled from its page where it is
// wanted and the same was not offered before.
func (b *batch) take(ctx context.Context, a events.Article, guid string, mark uint64, fill bool) error {
	b.items++
	a.Lang = cmp.Or(a.Lang, b.source.Lang)
	o := Offer{Article: a, By: b.source.ID, Home: b.source.Home(), GUID: guid}
	if fill && a.URL != "" {
		o.Mark = mark
		known, err := b.in.Door.Known(ctx, o)
		if err != nil || known {
			return err
		}
		if b.left--; b.left < 0 {
			return nil // the next poll takes it
		}
		o = b.in.fill(ctx, b.source, o)
	}
	if b.offers = append(b.offers, o); len(b.offers) < roundSize {
		return nil
	}
	return b.flush(ctx)
}

// flush lets what was collected through the door.
func (b *batch) flush(ctx context.Context) error {
	results, err := b.in.Door.AcceptAll(ctx, b.offers)
	b.offers = b.offers[:0]
	for _, r := range results {
		if r.Outcome == Accepted {
			b.fresh++
		}
	}
	return err
}
