package ingest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

// Getter makes requests: egress, which bounds them. As with net/http, the
// answer to a redirected request has the earlier ones behind
// Response.Request.Response.
type Getter interface {
	Do(req *http.Request) (*http.Response, error)
}

// Fetcher fetches politely: robots.txt first, hosts at their pace, and only
// what has changed.
type Fetcher struct {
	Getter Getter
	// Name is what robots.txt may call us; "Tocsin" when it is empty.
	Name string
	// Every keeps requests to one host apart, Burst may come at once; half a
	// second and 8 when they are 0.
	Every time.Duration
	Burst int
	Now   func() time.Time

	once   sync.Once
	pace   *pace
	robots *robots
}

// validators are what a host said of the copy that we have.
type validators struct{ etag, modified string }

// document is a body as it came, whole or in part.
type document struct {
	status int
	// url is where it came from in the end, moved where it is from now on.
	url, moved string
	kind       string // Content-Type
	header     http.Header
	body       []byte
	// cut is why the body ends before its end; nil when it is whole.
	cut error
}

// StatusError is an answer that is not what was asked for.
type StatusError struct {
	Code int
	// Retry is how long the host asks to wait; 0 when it does not.
	Retry time.Duration
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("the answer is %d %s", e.Code, http.StatusText(e.Code))
	if e.Retry > 0 {
		s += fmt.Sprintf(", and asks to wait %s", e.Retry)
	}
	return s
}

func (f *Fetcher) open() {
	if f.Now == nil {
		f.Now = time.Now
	}
	every, burst, name := f.Every, f.Burst, f.Name
	if every <= 0 {
		every = 500 * time.Millisecond
	}
	if burst <= 0 {
		burst = 8
	}
	if name == "" {
		name = "Tocsin"
	}
	f.pace = newPace(every, burst, f.Now)
	f.robots = &robots{name: name, now: f.Now, known: make(map[string]*ruling), get: func(ctx context.Context, url string) (*http.Response, error) {
		return f.get(ctx, url, "text/plain, */*;q=0.1", validators{})
	}}
}

// What is asked for.
const (
	acceptFeed = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
	acceptPage = "text/html, application/xhtml+xml, */*;q=0.5"
)

// fetch fetches address. The status of the document is 200 or 304; any other
// is a [*StatusError]. A body that breaks off gives what came, with the reason.
func (f *Fetcher) fetch(ctx context.Context, address, accept string, have validators, ignoreRobots bool) (*document, error) {
	f.once.Do(f.open)
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	if !ignoreRobots {
		delay, err := f.robots.ask(ctx, u)
		if err != nil {
			return nil, err
		}
		f.pace.slow(u.Host, delay)
	}
	resp, err := f.get(ctx, address, accept, have)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	d := &document{status: resp.StatusCode, url: resp.Request.URL.String(), moved: moved(resp), kind: resp.Header.Get("Content-Type"), header: resp.Header}
	switch {
	case d.status == http.StatusNotModified:
		return d, nil
	case d.status == http.StatusOK, d.status == http.StatusNonAuthoritativeInfo:
	default:
		e := &StatusError{Code: d.status, Retry: retryAfter(resp.Header, f.Now())}
		if e.Code == http.StatusTooManyRequests || e.Code == http.StatusServiceUnavailable && e.Retry > 0 {
			f.pace.rest(u.Host, max(e.Retry, time.Minute))
		}
		return nil, e
	}
	d.body, d.cut = io.ReadAll(resp.Body)
	if d.cut != nil && len(d.body) == 0 {
		return nil, fmt.Errorf("read %s: %w", source.Domain(address), d.cut)
	}
	return d, nil
}

func (f *Fetcher) get(ctx context.Context, address, accept string, have validators) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	req.Header.Set("Accept", accept)
	if have.etag != "" {
		req.Header.Set("If-None-Match", have.etag)
	}
	if have.modified != "" {
		req.Header.Set("If-Modified-Since", have.modified)
	}
	if err := f.pace.wait(ctx, req.URL.Host); err != nil {
		return nil, err
	}
	return f.Getter.Do(req)
}

// retryAfter reads Retry-After in both its forms: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, mostRetry)
	}
	if at, err := http.ParseTime(s); err == nil && at.After(now) {
		return min(at.Sub(now), mostRetry)
	}
	return 0
}

// maxAge is how long the answer may be kept, 0 when it does not say.
func maxAge(h http.Header) time.Duration {
	for _, part := range strings.Split(strings.ToLower(h.Get("Cache-Control")), ",") {
		if s, ok := strings.CutPrefix(strings.TrimSpace(part), "max-age="); ok {
			n, _ := strconv.Atoi(strings.Trim(s, `"`))
			return time.Duration(min(max(n, 0), 86400)) * time.Second
		}
	}
	return 0
}
