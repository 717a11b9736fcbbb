package web

import (
	"errors"
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
var ErrNoLetter = errors.New("there is no such dead letter")

// Operator is what an administrator may do. A nil field is not offered.
type Operator struct {
	// Tokens may use it. Without any, nobody may.
	Tokens []string
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

func (o Operator) routes(mux *http.ServeMux) {
	add := func(pattern string, offered bool, h func(http.ResponseWriter, *http.Request) error) {
		if offered {
			mux.HandleFunc(pattern, o.only(h))
		}
	}
	add("GET /api/v1/dead", o.Dead != nil, func(w http.ResponseWriter, r *http.Request) error {
		from, _ := strconv.ParseUint(r.URL.Query().Get("from"), 10, 64)
		letters, err := o.Dead(r, from, pageMost)
		if err == nil {
			reply(w, map[string]any{"dead": orEmpty(letters)})
		}
		return err
	})
	add("GET /api/v1/dead/{seq}", o.Letter != nil, func(w http.ResponseWriter, r *http.Request) error {
		seq, err := place(r)
		if err != nil {
			return err
		}
		l, err := o.Letter(r, seq)
		if err == nil {
			reply(w, l)
		}
		return err
	})
	add("POST /api/v1/dead/{seq}/retry", o.Retry != nil, func(w http.ResponseWriter, r *http.Request) error {
		seq, err := place(r)
		if err != nil {
			return err
		}
		at, err := o.Retry(r, seq)
		if err == nil {
			reply(w, map[string]uint64{"seq": at})
		}
		return err
	})
	add("GET /api/v1/ledger", o.Ledger != nil, func(w http.ResponseWriter, r *http.Request) error {
		l, err := o.Ledger(r)
		if err == nil {
			reply(w, l)
		}
		return err
	})
	add("POST /-/reload", o.Reload != nil, func(w http.ResponseWriter, _ *http.Request) error {
		if err := o.Reload(); err != nil {
			problem(w, http.StatusUnprocessableEntity, "the new configuration is wrong, the old one runs on", err.Error())
			return nil
		}
		reply(w, map[string]string{"status": "reloaded"})
		return nil
	})
	add("POST /api/v1/channels/{name}/test", o.Test != nil, func(w http.ResponseWriter, r *http.Request) error {
		if err := o.Test(r, r.PathValue("name")); err != nil {
			problem(w, http.StatusBadGateway, "the test notification was not taken", err.Error())
			return nil
		}
		reply(w, map[string]string{"status": "sent"})
		return nil
	})
}

// only lets administrators pass, and tells what went wrong.
func (o Operator) only(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !mayAs(r, o.Tokens) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="Tocsin"`)
			problem(w, http.StatusUnauthorized, "an administrator's token is needed", "send it as Authorization: Bearer TOKEN")
			return
		}
		switch err := h(w, r); {
		case err == nil:
		case errors.Is(err, ErrNoLetter):
			problem(w, http.StatusNotFound, err.Error(), "GET /api/v1/dead lists them")
		default:
			problem(w, http.StatusServiceUnavailable, "it could not be done now", err.Error())
		}
	}
}

func place(r *http.Request) (uint64, error) {
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil || seq == 0 {
		return 0, ErrNoLetter
	}
	return seq, nil
}
