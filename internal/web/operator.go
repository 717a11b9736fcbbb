package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// DeadLetter is a message that was given up, and its place.
type DeadLetter struct {
	Seq uint64 `json:"seq"`
	events.Dead
}

// ErrNoLetter is the answer for a dead letter that is not there.
var ErrNoLetter = fmt.Errorf("dead letter: %w: GET /api/v1/dead lists them", ErrAbsent)

// Operator is what an administrator may do. A nil field is not offered.
type Operator struct {
	Dead   func(r *http.Request, from uint64, limit int) ([]DeadLetter, error)
	Letter func(r *http.Request, seq uint64) (DeadLetter, error)
	// Retry sends a dead letter back to where it came from, and returns its
	// new place.
	Retry  func(r *http.Request, seq uint64) (uint64, error)
	Reload func() error
	// Ledger reads all streams and says whether anything is lost.
	Ledger func(r *http.Request) (any, error)
	// Test sends a test notification on a channel.
	Test func(r *http.Request, channel string) error
}

// deadList is dead letters, the oldest first.
type deadList struct {
	Dead []DeadLetter `json:"dead"`
}

// done says what was done.
type done struct {
	Status string `json:"status"`
}

func (o Operator) calls() []call {
	return []call{
		{
			method: "GET", path: "/api/v1/dead", role: Admin, tag: "operate", summary: "Messages that could not be handled, with the reason",
			params: []param{{name: "from", about: "begins at this place", example: uint64(0)}}, gives: deadList{}, fails: []int{400}, serve: offered(o.Dead != nil, o.dead),
		},
		{method: "GET", path: "/api/v1/dead/{seq}", role: Admin, tag: "operate", summary: "One dead letter", gives: DeadLetter{}, fails: []int{404}, serve: offered(o.Letter != nil, o.letter)},
		{
			method: "POST", path: "/api/v1/dead/{seq}/retry", role: Admin, tag: "operate", summary: "Send it back to where it came from; gives its new place",
			gives: map[string]uint64{}, fails: []int{404}, serve: offered(o.Retry != nil, o.retry),
		},
		{method: "GET", path: "/api/v1/ledger", role: Admin, tag: "operate", summary: "Count every accepted article through to its decision", gives: map[string]any{}, serve: offered(o.Ledger != nil, o.ledger)},
		{method: "POST", path: "/-/reload", role: Admin, tag: "operate", summary: "Read the configuration again", gives: done{}, fails: []int{422}, serve: offered(o.Reload != nil, o.reload)},
		{
			method: "POST", path: "/api/v1/channels/{name}/test", role: Admin, tag: "operate", summary: "Send a test notification on a channel",
			gives: done{}, fails: []int{404, 502}, serve: offered(o.Test != nil, o.test),
		},
	}
}

func (o Operator) dead(w http.ResponseWriter, r *http.Request) error {
	var from uint64
	if v := r.URL.Query().Get("from"); v != "" {
		var err error
		if from, err = strconv.ParseUint(v, 10, 64); err != nil {
			return trouble(http.StatusBadRequest, fmt.Sprintf("from is %q: a place in the stream of dead letters", v))
		}
	}
	letters, err := o.Dead(r, from, pageMost)
	if err == nil {
		reply(w, deadList{orEmpty(letters)})
	}
	return err
}

func (o Operator) letter(w http.ResponseWriter, r *http.Request) error {
	seq, err := place(r)
	if err != nil {
		return err
	}
	l, err := o.Letter(r, seq)
	if err == nil {
		reply(w, l)
	}
	return err
}

func (o Operator) retry(w http.ResponseWriter, r *http.Request) error {
	seq, err := place(r)
	if err != nil {
		return err
	}
	at, err := o.Retry(r, seq)
	if err == nil {
		reply(w, map[string]uint64{"seq": at})
	}
	return err
}

func (o Operator) ledger(w http.ResponseWriter, r *http.Request) error {
	l, err := o.Ledger(r)
	if err == nil {
		reply(w, l)
	}
	return err
}

func (o Operator) reload(w http.ResponseWriter, _ *http.Request) error {
	if err := o.Reload(); err != nil {
		return trouble(http.StatusUnprocessableEntity, "the new configuration is wrong, the old one runs on: "+err.Error())
	}
	reply(w, done{"reloaded"})
	return nil
}

func (o Operator) test(w http.ResponseWriter, r *http.Request) error {
	if err := o.Test(r, r.PathValue("name")); err != nil {
		var unknown *events.FieldError
		if errors.As(err, &unknown) {
			return trouble(http.StatusNotFound, err.Error())
		}
		return trouble(http.StatusBadGateway, "the test notification was not taken: "+err.Error())
	}
	reply(w, done{"sent"})
	return nil
}

func place(r *http.Request) (uint64, error) {
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil || seq == 0 {
		return 0, ErrNoLetter
	}
	return seq, nil
}
