package egress

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Policy is what differs from one use of the client to another.
type Policy struct {
	// Redirects is how many are followed; with none, a redirect is an answer
	// like any other. Only GET and HEAD are ever redirected.
	Redirects int
	// MaxBody is the most that a decoded body may have, in bytes; 10 MiB when
	// it is 0.
	MaxBody int64
	// Total is the time for the whole request with its redirects, to the last
	// byte read; 30 s when it is 0. Waiting for the host's turn is not in it.
	Total time.Duration
}

// Policies for the two uses of the client.
var (
	// Fetch is for feeds and pages.
	Fetch = Policy{Redirects: 5}
	// Deliver is for webhooks and chat channels: it follows nothing, and reads
	// little.
	Deliver = Policy{MaxBody: 64 << 10, Total: 15 * time.Second}
)

func (p Policy) total() time.Duration {
	if p.Total > 0 {
		return p.Total
	}
	return 30 * time.Second
}

func (p Policy) maxBody() int64 {
	if p.MaxBody > 0 {
		return p.MaxBody
	}
	return 10 << 20
}

// follow makes hops until an answer is no redirect. Each hop is checked like
// the first.
func (c *Client) follow(ctx context.Context, req *http.Request) (*http.Response, error) {
	left := c.policy.total()
	for hops := 0; ; hops++ {
		var resp *http.Response
		var err error
		resp, left, err = c.once(ctx, req, left)
		if err != nil || !redirects(req, resp) || c.policy.Redirects == 0 {
			return resp, err
		}
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
		_ = resp.Body.Close()
		if hops == c.policy.Redirects {
			return nil, refuse(ReasonRedirects, "more than %d redirects", c.policy.Redirects)
		}
		if req, err = next(req, resp); err != nil {
			return nil, err
		}
	}
}

func redirects(req *http.Request, resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return req.Method == http.MethodGet || req.Method == http.MethodHead
	}
	return false
}

// next is the request that resp asks for instead of req.
func next(req *http.Request, resp *http.Response) (*http.Request, error) {
	to, err := req.URL.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" {
		return nil, refuse(ReasonRedirects, "a redirect to nowhere")
	}
	if err := checkURL(to); err != nil {
		return nil, err
	}
	if req.URL.Scheme == "https" && to.Scheme == "http" {
		return nil, refuse(ReasonDowngrade, "a redirect from https to http")
	}
	if to.Fragment == "" {
		to.Fragment = req.URL.Fragment
	}
	r := req.Clone(req.Context())
	r.URL, r.Host, r.Response = to, "", resp
	if !sameOrigin(req.URL, to) {
		for _, h := range []string{"Authorization", "Proxy-Authorization", "Cookie"} {
			r.Header.Del(h)
		}
	}
	return r, nil
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }
