package ingest

import (
	"regexp"
	"time"

	"github.com/cespare/xxhash/v2"
)

// State is what is known of a source beside its configuration. It is kept in a
// [Store] that all ingestors share, and is also the lease by which one of them
// polls while the others do not.
type State struct {
	Source string `json:"source"`
	// Address is the digest of the configured address: when that changes, what
	// was learnt of the old one is forgotten.
	Address uint64 `json:"address"`

	// Owner polls until Until, unless it renews or gives back.
	Owner string    `json:"owner,omitempty"`
	Until time.Time `json:"until,omitzero"`

	// URL is where the source has moved for good, within its domain.
	URL          string `json:"url,omitempty"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Body is the digest of the last body: one that is the same is not read.
	Body uint64 `json:"body,omitempty"`

	Next   time.Time `json:"next,omitzero"`
	Rhythm Rhythm    `json:"rhythm"`
	// Hint is how long the publisher asks to wait between polls, Quiet when it
	// asks not to be polled at all.
	Hint  time.Duration `json:"hint,omitempty"`
	Quiet Quiet         `json:"quiet,omitzero"`

	Tried     time.Time `json:"tried,omitzero"`
	Succeeded time.Time `json:"succeeded,omitzero"`
	// News is when it last had a new article, Since when it was first polled.
	News  time.Time `json:"news,omitzero"`
	Since time.Time `json:"since,omitzero"`
	// Failures in a row, and the last one's words.
	Failures int    `json:"failures,omitempty"`
	Error    string `json:"error,omitempty"`
	// Note is what was read over in a poll that went well.
	Note string `json:"note,omitempty"`
	// Gone is when the source said that it is gone for good (410).
	Gone time.Time `json:"gone,omitzero"`
	// Moved is an address in another domain that the source has moved to: it
	// waits for the operator to confirm it, by configuring it.
	Moved    string `json:"moved,omitempty"`
	Accepted int64  `json:"accepted,omitempty"`
}

var plainKey = regexp.MustCompile(`^[a-z0-9][a-z0-9_/.-]*[a-z0-9]$`)

// key is the source's key in the store: its id, or a hash of one that a store
// would not take.
func (s Source) key() string {
	if plainKey.MatchString(s.ID) {
		return s.ID
	}
	return key("source", s.ID)
}

// suited returns st as it fits s: what was learnt of another address is
// forgotten.
func (s Source) suited(st State) State {
	address := xxhash.Sum64String(s.URL())
	if st.Address != address {
		st = State{Owner: st.Owner, Until: st.Until, Accepted: st.Accepted}
	}
	st.Source, st.Address = s.ID, address
	return st
}

// address is where to poll.
func (s Source) address(st State) string {
	if st.URL != "" {
		return st.URL
	}
	return s.URL()
}

// polled takes in the result of a poll that began at start, and says when the
// next is due.
func (st *State) polled(s Source, r result, start, now time.Time) {
	st.Tried = now
	if st.Since.IsZero() {
		st.Since = start
	}
	first := st.Succeeded.IsZero()
	switch r.outcome {
	case pollNew, pollSame:
		if !first {
			st.Rhythm.Observe(r.fresh, start.Sub(st.Succeeded))
		} else {
			st.Rhythm = r.history
		}
		if r.fresh > 0 {
			st.News = now
		}
		st.Succeeded, st.Failures, st.Error, st.Note, st.Moved = now, 0, "", r.note, ""
		st.Hint = r.hint
		if r.outcome == pollNew {
			st.Quiet = r.quiet
		}
	case pollGone:
		st.Gone, st.Error = now, r.err.Error()
	case pollLater:
		st.Note = clip(r.err.Error(), 500)
	default:
		st.Failures++
		st.Error = clip(r.err.Error(), 500)
	}
	st.Accepted += int64(r.fresh)
	st.Next = now.Add(st.wait(s, r))
	if s.Every == 0 {
		st.Next = st.Quiet.after(st.Next)
	}
}

// wait is the time until the next poll.
func (st *State) wait(s Source, r result) time.Duration {
	usual := s.Every
	if usual == 0 {
		usual = max(st.Rhythm.Every(), min(st.Hint, mostHint))
	}
	if r.again {
		usual = min(usual, againAfter)
	}
	if st.Failures > 0 {
		usual = backoff(usual, st.Failures)
		if r.unreached {
			usual = min(usual, backoff(unreachedAfter, st.Failures))
		}
	}
	return max(usual, min(r.retry, mostRetry))
}

const (
	// mostHint bounds what a publisher's ttl or max-age may ask for.
	mostHint = time.Hour
	// mostRetry bounds what a Retry-After may ask for.
	mostRetry = 24 * time.Hour
	// againAfter is the wait when a poll had more to take than it may at once.
	againAfter = 30 * time.Second
	// unreachedAfter is the wait when no answer came: most often a name service
	// or a line that is away for a moment. It doubles, up to the usual wait.
	unreachedAfter = 30 * time.Second
	// mostBackoff is the longest wait after failures, unless the usual one is
	// longer.
	mostBackoff = time.Hour
)

// backoff doubles the usual wait with each failure behind the first.
func backoff(usual time.Duration, failures int) time.Duration {
	most := max(usual, mostBackoff)
	for range min(failures-1, 20) {
		if usual *= 2; usual >= most {
			return most
		}
	}
	return min(usual, most)
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
