package ingest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// robots keeps what hosts ask of robots (RFC 9309), for a day.
type robots struct {
	name string // what a robots.txt may call us
	now  func() time.Time
	get  func(ctx context.Context, url string) (*http.Response, error)

	mu    sync.Mutex
	known map[string]*ruling
}

type ruling struct {
	once  sync.Once
	data  *robotstxt.RobotsData // nil: everything is allowed
	err   error
	until time.Time
}

const (
	robotsSize  = 500 << 10
	robotsAge   = 24 * time.Hour
	robotsRetry = 10 * time.Minute
)

// Forbidden says that a host's robots.txt does not want a page fetched.
type Forbidden struct{ URL string }

func (f *Forbidden) Error() string {
	return fmt.Sprintf("robots.txt forbids %s (ask the publisher; ignore_robots is for those who agreed)", f.URL)
}

// ask returns nil when u may be fetched, and the delay that its host asks for
// between two requests.
func (r *robots) ask(ctx context.Context, u *url.URL) (delay time.Duration, err error) {
	origin := u.Scheme + "://" + u.Host
	rule := r.of(origin)
	rule.once.Do(func() { r.learn(ctx, rule, origin) })
	if rule.err != nil {
		return 0, rule.err
	}
	if rule.data == nil {
		return 0, nil
	}
	group := rule.data.FindGroup(r.name)
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if !rule.data.TestAgent(path, r.name) {
		return 0, &Forbidden{URL: origin + u.EscapedPath()}
	}
	return group.CrawlDelay, nil
}

// of returns the ruling of an origin, a new one when the old is too old.
func (r *robots) of(origin string) *ruling {
	r.mu.Lock()
	defer r.mu.Unlock()
	rule := r.known[origin]
	if rule != nil && (rule.until.IsZero() || r.now().Before(rule.until)) {
		return rule
	}
	if len(r.known) >= mostHosts {
		clear(r.known)
	}
	rule = &ruling{}
	r.known[origin] = rule
	return rule
}

// learn fetches robots.txt. One that is not there allows everything; one that
// cannot be had now forbids everything for a while.
func (r *robots) learn(ctx context.Context, rule *ruling, origin string) {
	keep := robotsAge
	defer func() {
		r.mu.Lock()
		rule.until = r.now().Add(keep)
		r.mu.Unlock()
	}()
	resp, err := r.get(ctx, origin+"/robots.txt")
	if err != nil {
		keep, rule.err = time.Second, fmt.Errorf("ask robots.txt: %w", err)
		return
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 500, resp.StatusCode == http.StatusTooManyRequests:
		keep, rule.err = robotsRetry, fmt.Errorf("ask robots.txt of %s: %w: nothing is fetched until it can be read", origin, &StatusError{Code: resp.StatusCode})
	case resp.StatusCode >= 300:
		return
	default:
		body, _ := io.ReadAll(io.LimitReader(resp.Body, robotsSize)) // what came counts
		rule.data = rules(body)
	}
}

// rules reads a robots.txt. Where the file is not understood as a whole, it
// allows everything, as an HTML error page under that name does.
func rules(body []byte) *robotstxt.RobotsData {
	text := strings.ToValidUTF8(string(body), "")
	data, err := robotstxt.FromString(text)
	if err != nil {
		return nil
	}
	return data
}
