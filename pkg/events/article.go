package events

import "time"

// Article is one version of one published text, as the ingestor states it.
// Its Title and Text are plain text and never change after ingest, so that
// the offsets of every later judgement hold.
type Article struct {
	// ID is derived from Source, URL and the content of this revision, see
	// [ArticleID]. It is the same whoever fetches the text, and however often.
	ID string `json:"id"`
	// Source is the publisher's registrable domain (lemonde.fr) or a key of
	// the source registry.
	Source string `json:"source"`
	// URL is canonical: no tracking parameters, no fragment.
	URL   string `json:"url"`
	Title string `json:"title"`
	// Text is the body, or the feed's summary when there is no body.
	Text string `json:"text"`
	// Lang is the BCP 47 tag that the source declares; it may be absent or wrong.
	Lang    string   `json:"lang,omitempty"`
	Authors []string `json:"authors,omitempty"`
	// PublishedAt is what the source says. It never moves a window.
	PublishedAt time.Time `json:"published_at,omitzero"`
	// FetchedAt is when Tocsin first saw the text: the stream's time.
	FetchedAt time.Time `json:"fetched_at,omitzero"`
	// Revision is 0 for the first version seen of this URL, then 1, 2, …
	Revision int `json:"revision"`
	// Origin is the agency or publisher that the text itself names as its
	// origin ("afp"), when found.
	Origin string `json:"origin,omitempty"`
}

// StreamTime is the time that moves windows: FetchedAt, else PublishedAt.
func (a Article) StreamTime() time.Time {
	if !a.FetchedAt.IsZero() {
		return a.FetchedAt
	}
	return a.PublishedAt
}

// Clamp bounds for a publisher's own date, around the time of fetching. An
// attacker or a broken clock moves a date no further than this.
const (
	ClampPast   = 7 * 24 * time.Hour
	ClampFuture = 10 * time.Minute
)

// EventTime is the publisher's date held within [StreamTime-ClampPast,
// StreamTime+ClampFuture]; without a date it is the stream time. It is for
// ordering evidence and showing it, never for opening or closing a window.
func (a Article) EventTime() time.Time {
	at := a.StreamTime()
	switch {
	case a.PublishedAt.IsZero():
		return at
	case a.PublishedAt.Before(at.Add(-ClampPast)):
		return at.Add(-ClampPast)
	case a.PublishedAt.After(at.Add(ClampFuture)):
		return at.Add(ClampFuture)
	}
	return a.PublishedAt
}
