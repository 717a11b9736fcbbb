package ingest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/source/feed"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// maxNext further pages of a feed are read, and only while all on them is new
// (RFC 5005, next_url of a JSON Feed).
const maxNext = 4

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
	b := i.begin(s, st)
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
