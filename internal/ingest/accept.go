package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

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
	// Now is the clock; nil is time.Now.
	Now     func() time.Time
	Metrics *Metrics

	locks [256]sync.Mutex
	cache recent
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
	// Replay keeps FetchedAt as it is, for a log that is played again. What
	// comes from outside never sets it.
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

// Accept takes one offer. With a nil error the result is final: what was
// accepted is durable. With an error nothing is known: offer it again, and it
// gets the same id and the same revision.
//
// The order is publish, wait for the log's word, then mark seen. A crash in
// between leaves an article that is published and not marked; offered again,
// it is published again under the same id, which the log or the detector
// takes for the repeat that it is.
func (d *Door) Accept(ctx context.Context, o Offer) (Result, error) {
	start := time.Now()
	if d.Full != nil && d.Full() {
		return Result{}, verdict.After(fullWait, ErrFull)
	}
	a, err := d.prepare(&o)
	if err != nil {
		return d.Metrics.rejected(a, err), nil
	}
	address := addressKey(a, o.GUID)
	lock := &d.locks[xxhash.Sum64String(address)%uint64(len(d.locks))]
	lock.Lock()
	defer lock.Unlock()

	r, err := d.settle(ctx, a, o, address)
	if err != nil {
		return Result{}, fmt.Errorf("accept %s of %s: %w", a.ID, a.Source, err)
	}
	if err := d.alias(ctx, a, o); err != nil {
		return Result{}, fmt.Errorf("accept %s of %s: %w", a.ID, a.Source, err)
	}
	d.Metrics.settled(r, time.Since(start))
	return r, nil
}

// alias remembers the offer under the address that was offered too, where the
// article's own is another.
func (d *Door) alias(ctx context.Context, a events.Article, o Offer) error {
	if o.Link == "" {
		return nil
	}
	link := a
	link.URL = o.Link
	source.Clean(&link)
	if link.URL == a.URL {
		return nil
	}
	address := addressKey(link, "")
	rec, rev, err := d.Seen.Get(ctx, address)
	if err != nil || rec.offered(o.By, o.Mark) {
		return err
	}
	v := Version{ID: a.ID, Publisher: a.Source, By: o.By, Title: digest(a.Title), Text: digest(a.Text), Mark: o.Mark, At: a.FetchedAt.Unix()}
	if _, err = d.Seen.Put(ctx, address, rec.with(v), rev); errors.Is(err, ErrConflict) {
		return nil // whoever was first has said as much
	}
	return err
}

// prepare cleans the article once and for all, and derives its id.
func (d *Door) prepare(o *Offer) (events.Article, error) {
	a := o.Article
	source.Clean(&a)
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

// settle asks what is known, publishes what is new, and marks it.
func (d *Door) settle(ctx context.Context, a events.Article, o Offer, address string) (Result, error) {
	now := a.FetchedAt
	if o.Mark == 0 && d.cache.has(a.ID, now) { // a new mark must be written down
		return Result{Outcome: Duplicate, Article: a}, nil
	}
	domain := source.Domain(a.URL)
	v := Version{ID: a.ID, Publisher: a.Source, By: o.By, Title: digest(a.Title), Text: digest(a.Text), Mark: o.Mark, Revision: a.Revision, At: now.Unix()}
	owner := domain != "" && (domain == a.Source || domain == o.Home)
	if owner {
		v.Publisher = domain
	}
	rec, rev, err := d.Seen.Get(ctx, address)
	if err != nil {
		return Result{}, fmt.Errorf("ask what was seen: %w", err)
	}
	switch decide(rec, &v, owner) {
	case known:
		return d.again(ctx, a, v, address, rec, rev)
	case tooMany:
		return Result{Outcome: Filtered, Article: a, Reason: "revisions"}, nil
	}
	words := wordsKey(a)
	elsewhere, err := d.elsewhere(ctx, words, v.ID)
	if err != nil {
		return Result{}, err
	}
	if elsewhere {
		return d.again(ctx, a, v, address, rec, rev)
	}
	a.Revision = v.Revision
	// Whether the log had the id already does not matter: then it was published
	// by one who died before he could mark it, or count it.
	_, err = d.Publisher.Publish(ctx, a)
	switch {
	case verdict.IsPermanent(err):
		return Result{Outcome: Rejected, Article: a, Reason: "refused", Err: err}, nil
	case err != nil:
		return Result{}, fmt.Errorf("publish: %w", err)
	}
	marked, err := d.mark(ctx, address, words, v)
	if err != nil {
		return Result{}, fmt.Errorf("mark seen: %w", err)
	}
	d.cache.add(a.ID, now)
	if marked {
		return Result{Outcome: Accepted, Article: a}, nil
	}
	return Result{Outcome: Duplicate, Article: a}, nil
}

// again answers for what is known: its record learns a new mark, and is kept
// from being forgotten.
func (d *Door) again(ctx context.Context, a events.Article, v Version, address string, rec Record, rev uint64) (Result, error) {
	now := a.FetchedAt
	switch {
	case v.Mark != 0 && !rec.offered(v.By, v.Mark):
		v.Revision = rec.last(v.Publisher)
		rec = rec.with(v)
	case !rec.old(now):
		d.cache.add(a.ID, now)
		return Result{Outcome: Duplicate, Article: a}, nil
	}
	if _, err := d.Seen.Put(ctx, address, rec.renewed(now), rev); err != nil && !errors.Is(err, ErrConflict) {
		return Result{}, fmt.Errorf("renew what was seen: %w", err)
	}
	d.cache.add(a.ID, now)
	return Result{Outcome: Duplicate, Article: a}, nil
}

// elsewhere reports whether the same source has said the same words at another
// address.
func (d *Door) elsewhere(ctx context.Context, words, id string) (bool, error) {
	if words == "" {
		return false, nil
	}
	r, _, err := d.Seen.Get(ctx, words)
	if err != nil {
		return false, fmt.Errorf("ask for the words: %w", err)
	}
	return len(r.Versions) > 0 && r.Versions[0].ID != id, nil
}

// mark writes what was published, and reports whether it was the first to. A
// conflict means that another ingestor has written in between: what it wrote
// is kept, and v put behind it.
func (d *Door) mark(ctx context.Context, address, words string, v Version) (first bool, err error) {
	if words != "" {
		_, err := d.Seen.Put(ctx, words, Record{Versions: []Version{{ID: v.ID, At: v.At}}}, 0)
		if err != nil && !errors.Is(err, ErrConflict) {
			return false, err
		}
	}
	for {
		rec, rev, err := d.Seen.Get(ctx, address)
		if err != nil {
			return false, err
		}
		if rec.has(v.ID) {
			return false, nil
		}
		if _, err := d.Seen.Put(ctx, address, rec.with(v), rev); !errors.Is(err, ErrConflict) {
			return err == nil, err
		}
	}
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
	d.Metrics.settled(Result{Outcome: Duplicate}, 0)
	return true, nil
}

func (d *Door) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return time.Now()
}
