package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Problem is an error as the API tells it (RFC 9457).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Errors are the places of what was sent that are wrong.
	Errors []Fault `json:"errors,omitempty"`

	challenge string        // WWW-Authenticate
	retry     time.Duration // Retry-After
}

// Fault is one thing that is wrong with what was sent.
type Fault struct {
	Detail string `json:"detail"`
	// Field names the field, Line and Column the place in the body, from 1.
	Field  string `json:"field,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Hint   string `json:"hint,omitempty"`
	// Caret shows the place in a query, on two lines.
	Caret string `json:"caret,omitempty"`
}

func (p *Problem) Error() string {
	s := p.Detail
	if s == "" || p.Title != http.StatusText(p.Status) {
		s = strings.TrimSuffix(p.Title+": "+s, ": ")
	}
	for _, f := range p.Errors {
		s += "\n" + f.String()
	}
	return s
}

// String is the fault on a line, with its caret beneath.
func (f Fault) String() string {
	s := f.Detail
	if f.Line > 0 {
		s = fmt.Sprintf("%d:%d: %s", f.Line, f.Column, s)
	}
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	if f.Caret != "" {
		s += "\n" + f.Caret
	}
	return s
}

func trouble(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

func (p *Problem) after(d time.Duration) *Problem {
	p.retry = d
	return p
}

// What whoever keeps the things that the API shows answers; each is a status.
var (
	ErrAbsent   = errors.New("there is none")                                        // 404
	ErrReadOnly = errors.New("what is configured is read-only here")                 // 409
	ErrChanged  = errors.New("it has changed meanwhile: read it again")              // 412
	ErrBusy     = errors.New("this is being done for somebody else: try again")      // 429
	ErrInvalid  = errors.New("what was sent is wrong")                               // 422
	ErrConflict = errors.New("that cannot be done to it in the state that it is in") // 409
)

// problemOf is err as the API tells it.
func problemOf(err error) *Problem {
	var p *Problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &large):
		return trouble(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has more than %d bytes", large.Limit))
	case errors.Is(err, ErrAbsent):
		return trouble(http.StatusNotFound, err.Error())
	case errors.Is(err, ErrReadOnly), errors.Is(err, ErrConflict):
		return trouble(http.StatusConflict, err.Error())
	case errors.Is(err, ErrChanged):
		return trouble(http.StatusPreconditionFailed, err.Error())
	case errors.Is(err, ErrBusy):
		return trouble(http.StatusTooManyRequests, err.Error()).after(2 * time.Second)
	}
	if faults := faultsOf(err); len(faults) > 0 || errors.Is(err, ErrInvalid) {
		p = trouble(http.StatusUnprocessableEntity, "nothing was changed")
		if p.Errors = faults; len(faults) == 0 {
			p.Detail = err.Error()
		}
		return p
	}
	return trouble(http.StatusServiceUnavailable, "it could not be done now: "+err.Error()).after(5 * time.Second)
}

// faultsOf finds the errors about what was sent that err is made of.
func faultsOf(err error) []Fault {
	switch e := err.(type) { //nolint:errorlint // the tree is walked here
	case nil:
		return nil
	case *watch.Error:
		return []Fault{{Detail: e.Message, Line: e.Line, Column: e.Column, Hint: e.Hint, Caret: e.Caret}}
	case *query.Error:
		return []Fault{{Detail: e.Message, Line: 1, Column: e.Column, Hint: e.Hint, Caret: e.Caret()}}
	case *events.FieldError:
		return []Fault{{Detail: e.Field + ": " + e.Problem, Field: e.Field, Hint: e.Hint}}
	case watch.Failure:
		return []Fault{{Detail: e.Error(), Field: "tests", Line: e.Test.Line, Column: 1}}
	case interface{ Unwrap() []error }:
		var all []Fault
		for _, one := range e.Unwrap() {
			all = append(all, faultsOf(one)...)
		}
		return all
	case interface{ Unwrap() error }:
		return faultsOf(e.Unwrap())
	}
	return nil
}

func (p *Problem) write(w http.ResponseWriter) {
	h := w.Header()
	if p.challenge != "" {
		h.Set("WWW-Authenticate", p.challenge)
	}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retry+time.Second-1)/time.Second)))
	}
	h.Set("Content-Type", "application/problem+json")
	h.Del("ETag")
	w.WriteHeader(p.Status)
	write(w, p)
}

// Starting answers for all that is not there yet while a process starts or stops.
func Starting(w http.ResponseWriter, why error) {
	trouble(http.StatusServiceUnavailable, why.Error()).after(time.Second).write(w)
}

func reply(w http.ResponseWriter, v any) { replyWith(w, http.StatusOK, v) }

func replyWith(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	write(w, v)
}

// write ignores an error: the reader is gone, and there is nobody to tell.
func write(w http.ResponseWriter, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true)
	_ = e.Encode(v)
}
