package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// archive finds articles in the stream itself: it keeps nothing of them but the
// alerter's index of where each is. One search looks at so many articles, from
// the latest back, and its cursor goes on from there.
type archive struct {
	x *alerter
	// searches has room for those that run side by side.
	searches chan struct{}
}

// Bounds of a search: articles that one call looks at, how many are read at
// once, and how long it may take.
const (
	searchArticles = 5_000
	searchBlock    = 250
	searchTime     = 10 * time.Second
	searchesAtOnce = 2
)

func newArchive(x *alerter) archive { return archive{x, make(chan struct{}, searchesAtOnce)} }

// Search looks from the latest article back.
func (a archive) Search(ctx context.Context, s web.Search) (web.ArticlePage, error) {
	page := web.ArticlePage{Articles: []web.ArticleLine{}, Bound: searchArticles}
	select {
	case a.searches <- struct{}{}:
		defer func() { <-a.searches }()
	default:
		return page, web.ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	info, err := a.x.app.bus.Stream(ctx, events.StreamEnriched)
	if err != nil || info.Messages == 0 {
		return page, err
	}
	last := info.Last
	if s.Before > 0 {
		last = min(last, s.Before-1)
	}
	for last >= info.First && len(page.Articles) < s.Limit && page.Looked < searchArticles {
		first := info.First
		if last-first >= searchBlock {
			first = last - searchBlock + 1
		}
		block, err := a.block(ctx, first, last)
		if err != nil {
			return page, err
		}
		if last, err = a.choose(s, block, first, &page); err != nil {
			return page, err
		}
		if ctx.Err() != nil {
			break
		}
	}
	if last >= info.First {
		page.Cursor = strconv.FormatUint(last+1, 10)
	}
	return page, nil
}

// stored is a message of the stream as it lies there.
type stored struct {
	seq  uint64
	data json.RawMessage
}

// block reads the messages from first to last. A stream that was cut meanwhile
// has fewer.
func (a archive) block(ctx context.Context, first, last uint64) ([]stored, error) {
	var out []stored
	err := scanRange(ctx, a.x.app.bus, events.StreamEnriched, first, last, func(data json.RawMessage, m bus.Meta) {
		out = append(out, stored{m.Seq, data})
	})
	if errors.Is(err, bus.ErrRegressed) {
		return out, nil
	}
	return out, err
}

// choose adds the articles of the block that are searched for to the page, from
// the latest back, and returns the place before which to go on.
func (a archive) choose(s web.Search, block []stored, first uint64, page *web.ArticlePage) (uint64, error) {
	for _, m := range slices.Backward(block) {
		page.Looked++
		line, ok := a.matches(s, m.data, page)
		if !ok || slices.ContainsFunc(page.Articles, func(l web.ArticleLine) bool { return l.ID == line.ID }) {
			continue // of two judgements of one article, the later one is listed
		}
		if page.Articles = append(page.Articles, line); len(page.Articles) == s.Limit {
			return m.seq - 1, nil
		}
	}
	return first - 1, nil
}

// matches reports whether an article is searched for: what is quick to see
// first.
func (a archive) matches(s web.Search, data json.RawMessage, page *web.ArticlePage) (web.ArticleLine, bool) {
	var head struct {
		Lang    string `json:"lang"`
		Article struct {
			Source    string    `json:"source"`
			FetchedAt time.Time `json:"fetched_at"`
		} `json:"article"`
	}
	if json.Unmarshal(data, &head) != nil {
		return web.ArticleLine{}, false
	}
	at := head.Article.FetchedAt
	if page.Back.IsZero() || at.Before(page.Back) {
		page.Back = at
	}
	switch {
	case !s.From.IsZero() && at.Before(s.From), !s.To.IsZero() && !at.Before(s.To),
		s.Source != "" && !beneath(head.Article.Source, s.Source),
		s.Lang != "" && !strings.EqualFold(head.Lang, s.Lang) && !strings.HasPrefix(strings.ToLower(head.Lang), strings.ToLower(s.Lang)+"-"):
		return web.ArticleLine{}, false
	}
	var e events.Enriched
	if json.Unmarshal(data, &e) != nil {
		return web.ArticleLine{}, false
	}
	if s.Query != nil {
		f := a.x.family(e.Article.Source)
		if !s.Query.Match(query.NewView(&e, f)) {
			return web.ArticleLine{}, false
		}
	}
	return web.ArticleLineOf(e), true
}

// beneath reports whether source is the domain, or one beneath it.
func beneath(source, domain string) bool {
	source, domain = strings.ToLower(source), strings.ToLower(domain)
	return source == domain || strings.HasSuffix(source, "."+domain)
}

// family is what queries ask of a publisher.
func (x *alerter) family(source string) query.Source {
	x.mu.RLock()
	families := x.families
	x.mu.RUnlock()
	f := families.Find(source)
	return query.Source{Country: f.Country, Tier: f.Tier, Family: f.Key}
}

// Article is one article that the index has.
func (a archive) Article(ctx context.Context, id string) (events.Enriched, error) {
	e, _, ok := a.x.enrichedAt(ctx, id)
	if !ok {
		return e, errNotIndexed
	}
	return e, nil
}

var errNotIndexed = fmt.Errorf("article: %w among the articles that are indexed: the last %d since this process started, and %d before", web.ErrAbsent, indexed, lookBack)
