// Package egress is the one HTTP client: every request that Tocsin makes to
// the outside goes through it.
// It knows addresses, limits and redirects; it does not know what it fetches,
// nor why.
//
// Every address is checked when it is dialled, after DNS and on every hop, so
// neither a spelling, nor a redirect, nor a name that changes its mind reaches
// an address that is not global unless the operator named its range. A refused
// request never leaves the machine, so its error tells nothing about the port.
//
// Bounds: 5 s to connect, 10 s and 64 KiB of headers, a body of 10 MiB (after
// decoding, at no more than 200 to 1), 30 s in all, 1 KiB/s at least; one
// request at a time to a host, 64 in all. There is no cookie jar and no proxy.
package egress

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is the part of the configuration under "egress".
type Config struct {
	// Allow names the private ranges that may be reached, as CIDR or single
	// address, on any port. Nothing private is reached unless named.
	Allow []string `yaml:"allow"`
	// Ports may be reached on global addresses in addition to 80 and 443.
	Ports []int `yaml:"ports"`
	// UserAgent replaces "Tocsin (+https://github.com/tocsin-news/tocsin)".
	UserAgent string `yaml:"user_agent"`
	// Contact is an address that a publisher can write to; it is added to the
	// User-Agent.
	Contact string `yaml:"contact"`
	// Resolver answers names, when it is not nil.
	Resolver *net.Resolver `yaml:"-"`
}

const agent = "Tocsin (+https://github.com/tocsin-news/tocsin)"

// Limits of one request, whatever its policy.
const (
	connectTime = 5 * time.Second
	headerTime  = 10 * time.Second
	headerBytes = 64 << 10
	idleTime    = 60 * time.Second
)

// Client makes requests. It is safe for concurrent use; make it with [New].
type Client struct {
	policy    Policy
	transport http.RoundTripper
	agent     string
	slots     *slots
	metrics   *metrics
	mail      *net.Dialer
}

// New returns a client under the policy [Fetch]. Its metrics are registered
// with reg, which may be nil. The error names the setting that is wrong.
func New(cfg Config, reg prometheus.Registerer) (*Client, error) {
	g, err := newGuard(cfg.Allow, cfg.Ports)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: connectTime, Resolver: cfg.Resolver, Control: g.control}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectTime,
		ResponseHeaderTimeout:  headerTime,
		MaxResponseHeaderBytes: headerBytes,
		ExpectContinueTimeout:  time.Second,
		DisableCompression:     true, // decoded here, within bounds
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        1,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           total,
		IdleConnTimeout:        idleTime,
	}
	mail := &net.Dialer{Timeout: connectTime, Resolver: cfg.Resolver, Control: g.alsoOn(mailPorts...).control}
	return &Client{policy: Fetch, transport: t, agent: cfg.agent(), slots: newSlots(), metrics: newMetrics(reg), mail: mail}, nil
}

func (c Config) agent() string {
	a := c.UserAgent
	if a == "" {
		a = agent
	}
	if c.Contact != "" {
		a += " " + c.Contact
	}
	return a
}

// With returns the same client under another policy: it shares connections,
// limits and metrics.
func (c *Client) With(p Policy) *Client {
	d := *c
	d.policy = p
	return &d
}

// UserAgent is what the client calls itself, and robots.txt may name.
func (c *Client) UserAgent() string { return c.agent }

// Close closes the connections that are idle.
func (c *Client) Close() {
	if t, ok := c.transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// Do sends req under its context and returns the answer, whatever its status. The body is
// decoded and bounded: reading it may fail with [*Refused]. It must be closed,
// and until then, or for [Policy.Total] at most, its host is taken. The answer
// to a redirected request has the earlier answers behind
// Response.Request.Response, as net/http does it.
//
// The error is a [*Refused] when a bound or a rule said no, else what the
// network said.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.follow(req.Context(), req)
	c.metrics.count(resp, err)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", req.Method, Redact(req.URL), err)
	}
	return resp, nil
}

// once makes one hop, in the time that is left; it returns what it leaves.
// Waiting for the host's turn takes no time.
func (c *Client) once(ctx context.Context, req *http.Request, left time.Duration) (*http.Response, time.Duration, error) {
	if err := checkURL(req.URL); err != nil {
		return nil, left, err
	}
	release, err := c.slots.take(ctx, req.URL.Host)
	if err != nil {
		return nil, left, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	b := &body{most: c.policy.maxBody(), metrics: c.metrics, slots: c.slots, host: req.URL.Host, ctx: ctx, cancel: cancel, done: release}
	b.total = time.AfterFunc(left, func() { b.stop(refuse(ReasonTimeout, "it took longer than %s", c.policy.total())) })

	start := time.Now()
	resp, err := c.transport.RoundTrip(c.dress(ctx, req))
	if err == nil {
		err = b.attach(resp)
	}
	if err != nil {
		err = cause(ctx, err)
		b.stop(err)
		return nil, left, err
	}
	resp.Request = req
	return resp, left - time.Since(start), nil
}

// dress returns a copy of req with the headers that are the client's own.
func (c *Client) dress(ctx context.Context, req *http.Request) *http.Request {
	r := req.Clone(ctx)
	r.Header.Set("User-Agent", c.agent)
	r.Header.Set("Accept-Encoding", "gzip, deflate, zstd")
	r.Header.Del("Cookie")
	return r
}

// cause prefers the reason why the request was given up over what the
// transport made of it.
func cause(ctx context.Context, err error) error {
	var r *Refused
	if errors.As(err, &r) {
		return r
	}
	if errors.As(context.Cause(ctx), &r) {
		return r
	}
	if e := tooLong(err); e != nil {
		return e
	}
	return err
}
