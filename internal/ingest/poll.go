package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/verdict"
)

// outcome is how a poll ended; it is a metric's label.
type outcome string

const (
	pollNew    outcome = "new"    // it went well, and there was something to read
	pollSame   outcome = "same"   // nothing has changed
	pollFailed outcome = "failed" // no answer, or not the one that was asked for
	pollLater  outcome = "later"  // the host wants to be left alone for now
	pollRobots outcome = "robots" // robots.txt forbids it
	pollMoved  outcome = "moved"  // to another domain: the operator must confirm
	pollGone   outcome = "gone"   // for good (410)
)

// result is what a poll learnt.
type result struct {
	outcome outcome
	// items were offered by the source, fresh of them were accepted.
	items, fresh int
	// hint and retry are how long the publisher asks to wait, always or once.
	hint, retry time.Duration
	quiet       Quiet
	// unreached is whether no answer came at all: no name, no connection, or a
	// silence.
	unreached bool
	// again is whether there was more than one poll may take.
	again bool
	// history is the rhythm that the items' own dates tell.
	history Rhythm
	// note is what was read over, err why it failed.
	note string
	err  error
}

// robotsWait is how long a source that robots.txt forbids is left.
const robotsWait = 6 * time.Hour

// poll polls s once, and takes what is new through the door. st is changed
// where the source's answer changes it. An error is the door's or the store's,
// never the source's: that is in the result.
func (i *Ingestor) poll(ctx context.Context, s Source, st *State) (result, error) {
	accept := acceptFeed
	if s.Page != "" {
		accept = acceptPage
	}
	d, err := i.Fetcher.fetch(ctx, s.address(*st), accept, validators{st.ETag, st.LastModified}, s.IgnoreRobots)
	if err != nil {
		if ctx.Err() != nil {
			return result{}, context.Cause(ctx)
		}
		return failed(s, st, err), nil
	}
	if d.moved != "" && source.Domain(d.moved) != s.Home() {
		st.Moved = d.moved
		return result{outcome: pollMoved, err: fmt.Errorf("it has moved for good to %s, in another domain: if that is right, configure the new address", d.moved)}, nil
	}
	body := xxhash.Sum64(d.body)
	r := result{outcome: pollSame}
	if d.status != http.StatusNotModified && (body != st.Body || d.cut != nil) {
		if r, err = i.read(ctx, s, st, d); err != nil {
			return r, err
		}
	}
	if d.moved != "" && r.err == nil {
		st.URL = d.moved
	}
	r.hint = max(r.hint, maxAge(d.header))
	switch {
	case d.cut != nil || r.again: // ask for it whole the next time
		st.ETag, st.LastModified, st.Body = "", "", 0
	case r.err == nil && d.status != http.StatusNotModified:
		st.ETag, st.LastModified, st.Body = clipHeader(d.header.Get("ETag")), clipHeader(d.header.Get("Last-Modified")), body
	}
	return r, nil
}

// clipHeader leaves out a validator that is no validator.
func clipHeader(s string) string {
	if len(s) > 512 {
		return ""
	}
	return s
}

// read reads a changed document by the source's kind.
func (i *Ingestor) read(ctx context.Context, s Source, st *State, d *document) (result, error) {
	switch {
	case s.Feed != "":
		return i.readFeed(ctx, s, st, d)
	case s.Sitemap != "":
		return i.readSitemap(ctx, s, st, d)
	}
	return i.readPage(ctx, s, st, d)
}

// failed sorts the ways in which a poll may fail.
func failed(s Source, st *State, err error) result {
	var status *StatusError
	var forbidden *Forbidden
	if errors.As(err, &status) {
		elsewhere := st.URL != ""
		if status.Code == http.StatusNotFound || status.Code == http.StatusGone {
			st.URL = "" // perhaps the configured address has moved on
		}
		if status.Code == http.StatusGone && !elsewhere {
			return result{outcome: pollGone, err: fmt.Errorf("it is gone for good (410): %s is not polled any more; remove it, or give its new address", s.ID)}
		}
		return result{outcome: pollFailed, retry: status.Retry, err: err}
	}
	if errors.As(err, &forbidden) {
		return result{outcome: pollRobots, retry: robotsWait, err: err}
	}
	if wait, later := verdict.Delay(err); later {
		return result{outcome: pollLater, retry: wait, err: err}
	}
	return result{outcome: pollFailed, err: err, unreached: !refused(err)}
}

// refused reports whether a request was not made because a rule forbids it.
func refused(err error) bool {
	var rule interface{ Permanent() bool }
	return errors.As(err, &rule) && rule.Permanent()
}
