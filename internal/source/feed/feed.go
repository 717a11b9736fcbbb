// Package feed knows how feeds are written: RSS in all its versions, Atom,
// JSON Feed, news sitemaps, and OPML lists of feeds. Many are broken, and a
// reader that refuses them loses news; so one lenient scanner reads them all
// under hard bounds, and gives what it could read together with what was wrong.
// It has never opened a connection, and it judges no news.
package feed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

// Bounds of what is read. Beyond one of them, what was read so far is given
// with an error that wraps [ErrBounds].
const (
	MaxBytes      = 10 << 20
	MaxItems      = 5_000
	maxTokens     = 1_000_000
	maxNodes      = 300_000
	maxDepth      = 64
	maxAttributes = 128
)

var (
	// ErrEmpty: there is nothing but white space.
	ErrEmpty = errors.New("the feed is empty")
	// ErrTruncated: the feed ends in the middle; the items before are given.
	ErrTruncated = errors.New("the feed ends in the middle")
	// ErrBounds: the feed is larger than what is read; the first items are given.
	ErrBounds = errors.New("the feed is too large")
)

// NotFeedError says what a document is that is no feed.
type NotFeedError struct {
	// Is says what it is: "an HTML page", "a sitemap", "a list of feeds (OPML)",
	// "an unknown document".
	Is string
	// Feeds are the feeds that an HTML page announces, absolute.
	Feeds []string
}

func (e *NotFeedError) Error() string {
	if len(e.Feeds) > 0 {
		return fmt.Sprintf("this is %s, not a feed; its feed may be at %s", e.Is, e.Feeds[0])
	}
	return fmt.Sprintf("this is %s, not a feed; give the address of its RSS, Atom or JSON feed", e.Is)
}

// Feed is what a feed says of itself, and its items in their order.
type Feed struct {
	// Kind is rss, rdf, atom, json or sitemap.
	Kind  string
	Title string
	// Home is the page that the feed is of, Self its own address, Next the
	// next page of a paged feed (RFC 5005), Hub its WebSub hub. All absolute,
	// all "" when not given.
	Home, Self, Next, Hub string
	// Lang is a BCP 47 tag, or "".
	Lang string
	// TTL is how long the publisher asks to keep the feed before asking again,
	// by ttl or by sy:updatePeriod; 0 when not given.
	TTL time.Duration
	// SkipHours are hours of the day in UTC, 0 to 23, and SkipDays days of the
	// week, in which the publisher asks not to be polled.
	SkipHours []int
	SkipDays  []time.Weekday
	Items     []Item
	// Notes are oddities that were read over, for the operator: at most
	// maxNotes.
	Notes []string
}

// Item is one entry. Titles and names are plain text; Summary and Content are
// HTML as given.
type Item struct {
	Title string
	// Link is the article's address, absolute; ID the guid or atom:id as given.
	Link, ID         string
	Summary, Content string
	Authors          []string
	// Published and Updated are zero when absent or not readable.
	Published, Updated time.Time
	Categories         []string
	Enclosures         []Enclosure
	Lang               string
	// From is the publication that the item is taken from, where it says so.
	From Origin
}

// Enclosure is a file that belongs to an item. Length is in bytes, 0 unknown.
type Enclosure struct {
	URL, Type string
	Length    int64
}

// Origin names the publication that an aggregator took an item from.
type Origin struct{ Title, URL string }

const maxNotes = 20

// Parse reads a feed of any kind. contentType is the transport's header, base
// the address it was fetched from; both may be "". An error may come with items:
// then the feed is broken or too large, and the items are those before, and
// where possible behind, the break.
func Parse(r io.Reader, contentType, base string) (Feed, error) {
	text, errSize := read(r, contentType)
	if len(text) == 0 {
		return Feed{}, errors.Join(ErrEmpty, errSize)
	}
	f, err := parse(text, base)
	return f, errors.Join(err, errSize)
}

func parse(text []byte, base string) (Feed, error) {
	if text[0] == '{' {
		return parseJSON(text, base)
	}
	doc, err := scan(string(text))
	f := Feed{}
	switch root := doc.root(); {
	case root == nil:
		return f, &NotFeedError{Is: "an unknown document"}
	case root.is("", "html"):
		return f, &NotFeedError{Is: "an HTML page", Feeds: Announced(text, base)}
	case root.local == "urlset", root.local == "sitemapindex":
		return f, &NotFeedError{Is: "a sitemap"}
	case root.is("", "opml"):
		return f, &NotFeedError{Is: "a list of feeds (OPML)"}
	case root.local == "feed", root.local == "entry":
		f = adaptAtom(doc, base)
	case root.local == "rss", root.local == "rdf", root.local == "channel", root.local == "item", doc.items > 0:
		f = adaptRSS(doc, base)
	default:
		return f, &NotFeedError{Is: "an unknown document"}
	}
	return f, err
}

// read takes at most MaxBytes as UTF-8 without leading white space.
func read(r io.Reader, contentType string) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		err = fmt.Errorf("read feed: %w", err)
	}
	if len(raw) > MaxBytes {
		raw = raw[:MaxBytes]
		err = fmt.Errorf("%w: more than %d MiB; the first part was read", ErrBounds, MaxBytes>>20)
	}
	text, _ := source.UTF8(raw, contentType)
	return bytes.TrimLeft(text, " \t\r\n\x00\ufeff"), err
}

func (f *Feed) note(format string, args ...any) {
	if len(f.Notes) < maxNotes {
		f.Notes = append(f.Notes, fmt.Sprintf(format, args...))
	}
}
