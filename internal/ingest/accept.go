package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Publisher states an article to the log. It returns when the log has it;
// duplicate is whether the log had that id already. An error may be called
// again with the same article, unless it is [verdict.Permanent].
type Publisher interface {
	Publish(ctx context.Context, a events.Article) (duplicate bool, err error)
}

// Batcher is a Publisher that states many articles for the price of one, in
// their order. After an error nothing is known of any of them.
type Batcher interface {
	PublishAll(ctx context.Context, all []events.Article) error
}

// Namer finds the agency or publisher that a text names as its origin: a key
// such as "afp", or "".
type Namer interface {
	OriginOf(title, text string) string
}

// Door is where every article comes in, whoever brings it: cleaned, bounded,
// given its id and revision, published once, then marked seen.
type Door struct {
	Publisher Publisher
	// Seen remembers what was published, by address.
	Seen Store[Record]
	// Origin may be nil.
	Origin Namer
	// Full reports that there is no room to accept more; nil is never.
	Full func() bool
	// Now is the clock; nil is the machine's, held so that it never jumps.
	Now     func() time.Time
	Metrics *Metrics

	locks [256]sync.Mutex
	cache recent
	clock clock
}

// Offer is an article as somebody brings it.
type Offer struct {
	Article events.Article
	// By is the id of the source that tells of it, or "push/<token>".
	By string
	// Home is the registrable domain that By speaks for, or "".
	Home string
	// GUID identifies the article where it has no address.
	GUID string
	// Mark is the digest of what was offered, see [Door.Known]; 0 where nothing
	// was filled in since.
	Mark uint64
	// Link is the address that was offered, where the article's own is another.
	Link string
	// Replay keeps FetchedAt and Revision as they are, for a log that is played
	// again. What comes from outside never sets them.
	Replay bool
}

// Outcome is what became of an offer.
type Outcome int

// Outcomes. Every offer whose Accept returned no error has exactly one.
const (
	// Accepted: it is in the log, for the first time.
	Accepted Outcome = iota + 1
	// Duplicate: it was known.
	Duplicate
	// Filtered: a rule leaves it out, see Result.Reason.
	Filtered
	// Rejected: it is no article, see Result.Err.
	Rejected
)

// Result tells what became of an offer. Article is as it was, or would have
// been, published.
type Result struct {
	Outcome Outcome
	Article events.Article
	// Reason is a word of a closed set, for counting.
	Reason string
	// Err says what is wrong with a rejected offer.
	Err error
}

// ErrFull is the error of [Door.Accept] while there is no room.
var ErrFull = errors.New("the disk is nearly full: nothing is accepted until there is room")

// fullWait is when to try again after [ErrFull].
const fullWait = 30 * time.Second

// Accept takes one offer, see [Door.AcceptAll].
func (d *Door) Accept(ctx context.Context, o Offer) (Result, error) {
	r, err := d.AcceptAll(ctx, []Offer{o})
	return r[0], err
}

// AcceptAll takes offers in their order, and returns a result for each. With a
// nil error all of them are final: what was accepted is durable. With an error
// nothing is known of those whose Outcome is 0: offer them again, and, while no
// other version of theirs came in between, they get the same ids and the same
// revisions.
//
// The order is publish, wait for the log's word, then mark seen. A crash in
// between leaves an article that is published and not marked; offered again,
// it is published again under the same id, which the log or the detector
// takes for the repeat that it is.
func (d *Door) AcceptAll(ctx context.Context, offers []Offer) ([]Result, error) {
	start := time.Now()
	results := make([]Result, len(offers))
	if len(offers) == 0 {
		return results, nil
	}
	if d.Full != nil && d.Full() {
		return results, verdict.After(fullWait, ErrFull)
	}
	round := &round{door: d, results: results, keys: make(map[string]*entry)}
	for n := range offers {
		a, err := d.prepare(offers[n])
		if err != nil {
			results[n] = rejected(a, err)
			continue
		}
		round.add(n, a, offers[n])
	}
	defer round.lock()()
	err := round.run(ctx)
	if err != nil {
		err = fmt.Errorf("accept: %w", err)
	}
	d.Metrics.settled(results, time.Since(start))
	return results, err
}

// prepare cleans the article once and for all, and derives its id.
func (d *Door) prepare(o Offer) (events.Article, error) {
	a := o.Article
	source.Clean(&a)
	if !o.Replay {
		a.Revision = 0
	}
	if !o.Replay || a.FetchedAt.IsZero() {
		a.FetchedAt = d.now()
	}
	a.FetchedAt = a.FetchedAt.UTC().Truncate(time.Millisecond)
	if !a.PublishedAt.IsZero() {
		a.PublishedAt = a.PublishedAt.UTC()
	}
	if a.URL == "" && o.GUID != "" {
		a.ID = events.ArticleID(a.Source, o.GUID, a.Title, a.Text)
	}
	if err := a.Validate(); err != nil {
		return a, err
	}
	if a.Origin == "" && d.Origin != nil {
		a.Origin = d.Origin.OriginOf(a.Title, a.Text)
	}
	return a, nil
}

// rejected tells of an offer that is no article.
func rejected(a events.Article, err error) Result {
	reason := "unreadable"
	if f := (*events.FieldError)(nil); errors.As(err, &f) {
		reason = f.Field // of the closed set in events
	}
	return Result{Outcome: Rejected, Article: a, Reason: reason, Err: err}
}

// Mark digests what a source offers, before anything is filled in.
func Mark(title, text string) uint64 { return digest(title + "\n" + text) }

// Known reports whether the same teller has made the same offer before, by its
// address and its mark, so that its page need not be fetched again. It is
// counted as a duplicate then.
func (d *Door) Known(ctx context.Context, o Offer) (bool, error) {
	a := o.Article
	source.Clean(&a)
	rec, _, err := d.Seen.Get(ctx, addressKey(a, o.GUID))
	if err != nil {
		return false, fmt.Errorf("ask what was seen: %w", err)
	}
	if !rec.offered(o.By, o.Mark) {
		return false, nil
	}
	d.Metrics.settled([]Result{{Outcome: Duplicate}}, 0)
	return true, nil
}

func (d *Door) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return d.clock.now()
}
