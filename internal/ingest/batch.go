package ingest

import (
	"cmp"
	"context"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of one poll.
const (
	// maxPages are fetched to fill items, within pagesTime; the rest waits for
	// the next poll.
	maxPages  = 30
	pagesTime = 2 * time.Minute
	// firstPages is how many pages a sitemap or a front page gives at first
	// sight.
	firstPages = 20
	// roundSize is how many offers go through the door together.
	roundSize = 64
)

// batch takes what one poll found through the door.
type batch struct {
	in           *Ingestor
	source       Source
	left         int // pages that may still be fetched; less than 0 when more were wanted
	until        time.Time
	items, fresh int
	offers       []Offer
	// oldest is the date before which an item is none of ours: it was old when
	// the source was first seen.
	oldest time.Time
}

// oldAge is how old an item may be when its source is first seen. What is
// older is history: told now, it would pass for news.
const oldAge = 48 * time.Hour

// begin is a batch of what s has, known since the time in st.
func (i *Ingestor) begin(s Source, st *State) batch {
	since := st.Since
	if since.IsZero() {
		since = i.now()
	}
	return batch{in: i, source: s, left: maxPages, oldest: since.Add(-oldAge)}
}

// take lets one article through the door, filled from its page where it is
// wanted and the same was not offered before.
func (b *batch) take(ctx context.Context, a events.Article, guid string, mark uint64, fill bool) error {
	if !a.PublishedAt.IsZero() && a.PublishedAt.Before(b.oldest) {
		b.in.Door.Metrics.filtered("old")
		return nil
	}
	b.items++
	a.Lang = cmp.Or(a.Lang, b.source.Lang)
	o := Offer{Article: a, By: b.source.ID, Home: b.source.Home(), GUID: guid}
	if fill && a.URL != "" {
		o.Mark = mark
		known, err := b.in.Door.Known(ctx, o)
		if err != nil || known {
			return err
		}
		if b.until.IsZero() {
			b.until = b.in.now().Add(pagesTime)
		}
		if b.left--; b.left < 0 || b.in.now().After(b.until) {
			b.left = -1
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
