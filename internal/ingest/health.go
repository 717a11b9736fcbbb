package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Health is how one source does, as GET /api/v1/sources shows it.
type Health struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	URL  string `json:"url"`
	// State is new, ok, failing, silent, moved or gone.
	State       string    `json:"state"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	// LastNew is when it last had a new article.
	LastNew  time.Time `json:"last_new_article,omitzero"`
	NextPoll time.Time `json:"next_poll,omitzero"`
	Failures int       `json:"failures"`
	Error    string    `json:"error,omitempty"`
	Note     string    `json:"note,omitempty"`
	// SilentSince is set when it has been silent for far longer than its own
	// rhythm.
	SilentSince time.Time `json:"silent_since,omitzero"`
	// Every is the present interval of its polls, in seconds.
	Every    float64 `json:"every_seconds"`
	Accepted int64   `json:"accepted"`
	// MovedTo is where it says it is now: in its own domain it is followed, in
	// another it waits to be confirmed.
	MovedTo string `json:"moved_to,omitempty"`
	Family  string `json:"family,omitempty"`
	Country string `json:"country,omitempty"`
	Tier    int    `json:"tier,omitempty"`
}

// Health returns how every source does, by id.
func (i *Ingestor) Health(ctx context.Context) ([]Health, error) {
	var all []Health
	var failed error
	for _, s := range i.list() {
		st, _, err := i.States.Get(ctx, s.key())
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("read the state of %s: %w", s.ID, err))
			continue
		}
		all = append(all, s.health(s.suited(st), i.now()))
	}
	slices.SortFunc(all, func(a, b Health) int { return cmp.Compare(a.ID, b.ID) })
	return all, failed
}

func (s Source) health(st State, now time.Time) Health {
	return Health{
		ID: s.ID, Kind: s.Kind(), URL: s.URL(), Family: s.Family, Country: s.Country, Tier: s.Tier,
		State:       s.state(st, now),
		LastSuccess: st.Succeeded, LastNew: st.News, NextPoll: st.Next,
		Failures: st.Failures, Error: st.Error, Note: st.Note,
		SilentSince: st.silentSince(now),
		Every:       st.wait(s, result{}).Seconds(),
		Accepted:    st.Accepted,
		MovedTo:     cmp.Or(st.Moved, st.URL),
	}
}

func (s Source) state(st State, now time.Time) string {
	switch {
	case !st.Gone.IsZero():
		return "gone"
	case st.Moved != "":
		return "moved"
	case st.Failures > 0:
		return "failing"
	case st.Succeeded.IsZero():
		return "new"
	case !st.silentSince(now).IsZero():
		return "silent"
	}
	return "ok"
}

// silentSince is when the source had its last news, if that is far longer ago
// than its rhythm lets expect; else zero.
func (st State) silentSince(now time.Time) time.Time {
	last := st.News
	if last.IsZero() {
		last = st.Since
	}
	if last.IsZero() || now.Sub(last) < st.Rhythm.silentFor() {
		return time.Time{}
	}
	return last
}
