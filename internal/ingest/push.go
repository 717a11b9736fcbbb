package ingest

import (
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

// Authorizer knows the tokens that may push. It returns the token's name.
type Authorizer interface {
	Authorize(bearer string) (name string, ok bool)
}

// Push is the handler of POST /api/v1/articles: one article, or JSONL.
// It answers 202 with a [Receipt] once every line that it accepted is durable.
// Sending the same again is harmless: what was accepted is a duplicate then.
type Push struct {
	Door *Door
	Auth Authorizer
	// PerSecond is how many articles a token may push, in bursts of ten
	// seconds' worth; 500 when it is 0.
	PerSecond float64
	// InFlight is how many requests are served at once; 16 when it is 0.
	InFlight int
	// MaxBody is the most bytes of a body, before and after decoding;
	// 64 MiB when it is 0.
	MaxBody int64
	// Patience is how long a sender may take before it must send at least
	// 1 KiB/s; 30 s when it is 0.
	Patience time.Duration

	once   sync.Once
	slots  chan struct{}
	mu     sync.Mutex
	limits map[string]*rate.Limiter // by token name: as many as there are tokens
}

// Receipt says what became of a push.
type Receipt struct {
	Accepted   int `json:"accepted"`
	Duplicates int `json:"duplicates"`
	// Filtered are those that a rule leaves out.
	Filtered int `json:"filtered,omitempty"`
	// Rejected are the lines that are no article, the first maxRejected of them.
	Rejected []Rejection `json:"rejected"`
	// More is how many more were rejected.
	More int `json:"rejected_more,omitempty"`
}

// Rejection is one line that was not taken, counted from 1.
type Rejection struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

const maxRejected = 1000

// reject tells of a bad line, in the order of lines: one that could not be read
// is told before those that still wait for the door.
func (r *Receipt) reject(line int, err error) {
	if len(r.Rejected) == maxRejected {
		r.More++
		return
	}
	at, _ := slices.BinarySearchFunc(r.Rejected, line, func(x Rejection, n int) int { return cmp.Compare(x.Line, n) })
	r.Rejected = slices.Insert(r.Rejected, at, Rejection{Line: line, Error: err.Error()})
}

func (p *Push) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	receipt, trouble := p.serve(w, r)
	code := http.StatusAccepted
	if trouble != nil {
		code = trouble.Status
		trouble.write(w)
	} else {
		answer(w, "application/json", code, receipt)
	}
	if m := p.Door.Metrics; m != nil {
		m.Push.WithLabelValues(strconv.Itoa(code)).Inc()
	}
}

func (p *Push) serve(w http.ResponseWriter, r *http.Request) (*Receipt, *problem) {
	p.once.Do(p.open)
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, trouble(http.StatusMethodNotAllowed, "send articles with POST")
	}
	name, ok := p.who(r)
	if !ok {
		return nil, trouble(http.StatusUnauthorized, "give a token of the role ingest as Authorization: Bearer …")
	}
	many, ok := manyLines(r.Header.Get("Content-Type"))
	if !ok {
		return nil, trouble(http.StatusUnsupportedMediaType, "send one article as application/json, or one a line as application/x-ndjson")
	}
	if r.ContentLength > p.maxBody() {
		return nil, p.tooLarge()
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	default:
		return nil, trouble(http.StatusTooManyRequests, "too many requests at once").after(time.Second)
	}
	limit := p.limit(name)
	if now := limit.ReserveN(time.Now(), 1); now.Delay() > 0 {
		wait := now.Delay()
		now.Cancel()
		return nil, trouble(http.StatusTooManyRequests, "this token pushes faster than it may").after(wait)
	}
	if p.Door.Full != nil && p.Door.Full() {
		return nil, trouble(http.StatusServiceUnavailable, ErrFull.Error()).after(fullWait)
	}
	body, bad := p.body(w, r)
	if bad != nil {
		return nil, bad
	}
	in := &intake{door: p.Door, by: "push/" + name, limit: limit, receipt: &Receipt{Rejected: []Rejection{}}}
	if many {
		return in.receipt, p.told(in.lines(r.Context(), body), in.receipt)
	}
	return in.receipt, p.told(in.one(r.Context(), body), in.receipt)
}

func (p *Push) open() {
	n := p.InFlight
	if n <= 0 {
		n = 16
	}
	p.slots, p.limits = make(chan struct{}, n), make(map[string]*rate.Limiter)
}

func (p *Push) maxBody() int64 {
	if p.MaxBody > 0 {
		return p.MaxBody
	}
	return 64 << 20
}

func (p *Push) tooLarge() *problem {
	return trouble(http.StatusRequestEntityTooLarge, "the body is larger than "+strconv.FormatInt(p.maxBody()>>10, 10)+" KiB: send it in parts")
}

// who names the token. The scheme's name is not case-sensitive (RFC 9110).
func (p *Push) who(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", false
	}
	return p.Auth.Authorize(token)
}

func (p *Push) limit(name string) *rate.Limiter {
	per := p.PerSecond
	if per <= 0 {
		per = 500
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.limits[name]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(per), max(1, int(10*per)))
		p.limits[name] = l
	}
	return l
}

// manyLines reports whether a body of this type is JSONL.
func manyLines(contentType string) (many, ok bool) {
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case contentType == "":
		return true, true // one article on one line is JSONL too
	case err != nil:
		return false, false
	}
	switch kind {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json-lines":
		return true, true
	case "application/json":
		return false, true
	}
	return false, false
}

// body is the request's body, decoded and bounded.
func (p *Push) body(w http.ResponseWriter, r *http.Request) (io.Reader, *problem) {
	slow := &upload{body: r.Body, conn: http.NewResponseController(w), start: time.Now(), patience: cmp.Or(p.Patience, uploadPatience)}
	raw := http.MaxBytesReader(w, io.NopCloser(slow), p.maxBody())
	switch r.Header.Get("Content-Encoding") {
	case "", "identity":
		return raw, nil
	case "gzip":
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, trouble(http.StatusBadRequest, "the body is not gzip, as its encoding says: "+err.Error())
		}
		return http.MaxBytesReader(w, z, p.maxBody()), nil
	}
	w.Header().Set("Accept-Encoding", "gzip")
	return nil, trouble(http.StatusUnsupportedMediaType, "the only encoding of a body is gzip")
}

// told makes an answer of what stopped an intake; nil when nothing did.
func (p *Push) told(err error, r *Receipt) *problem {
	var large *http.MaxBytesError
	var line *LineError
	wait, later := verdict.Delay(err)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return p.tooLarge().with(r)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return trouble(http.StatusRequestTimeout, "the body comes at less than 1 KiB/s").with(r)
	case errors.Is(err, errRefused):
		return trouble(http.StatusUnprocessableEntity, r.Rejected[0].Error).with(r)
	case errors.Is(err, errLong):
		return trouble(http.StatusRequestEntityTooLarge, err.Error()).with(r)
	case errors.As(err, &line):
		return trouble(http.StatusBadRequest, line.Err.Error()).with(r)
	case errors.Is(err, context.Canceled), errors.Is(err, io.ErrUnexpectedEOF), isBroken(err):
		return trouble(http.StatusBadRequest, "the body ended early: "+err.Error()).with(r)
	case later:
		return trouble(http.StatusServiceUnavailable, err.Error()).after(wait).with(r)
	}
	return trouble(http.StatusServiceUnavailable, "the articles could not be stored: send them again").after(5 * time.Second).with(r)
}
