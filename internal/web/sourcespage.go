package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Source is how one source does.
type Source struct {
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
	// MovedTo is where it says it is now.
	MovedTo string `json:"moved_to,omitempty"`
	Family  string `json:"family,omitempty"`
	Country string `json:"country,omitempty"`
	Tier    int    `json:"tier,omitempty"`
}

// worst orders the states of a source by how much they need somebody.
var worst = map[string]int{"gone": 1, "failing": 2, "moved": 3, "silent": 4, "new": 5, "ok": 6}

// sourcesPage lists the sources, those that need somebody first.
func (s *Server) sourcesPage(w http.ResponseWriter, _ *http.Request) {
	all := slices.Clone(s.Sources())
	slices.SortStableFunc(all, func(a, b Source) int { return cmp.Compare(worst[a.State], worst[b.State]) })
	var by []tally
	for _, x := range all {
		if n := len(by); n > 0 && by[n-1].Level == x.State {
			by[n-1].N++
		} else {
			by = append(by, tally{x.State, 1})
		}
	}
	render(w, http.StatusOK, "sources.html", struct {
		frame
		Sources []Source
		Tally   []tally
	}{s.frame("Sources", "/sources"), all, by})
}
