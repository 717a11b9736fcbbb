// Package channel is what every channel has in common: its configuration, the
// message it is given, and the one way to post over HTTP.
//
// It knows statuses, limits and secrets. It must not know which alert goes
// where, how often something was tried, or how any one service words things.
package channel

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/render"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Message is one version of an alert on its way to one channel.
type Message struct {
	// Key is the idempotency key, see [events.NotificationKey]. It stays the
	// same however often the message is sent.
	Key   string
	Alert events.Alert
	// Test marks a message that a person asked for to try the channel.
	Test bool
	// Undelivered is set when the message is about a failure: Alert could not
	// be told on another channel.
	Undelivered *Undelivered
}

// Undelivered says which channel failed for good, and why.
type Undelivered struct {
	Channel string `json:"channel"`
	Reason  string `json:"reason"`
}

// Channel tells one receiver. Send returns nil when the receiver has taken the
// message, a verdict.Permanent error when it never will, a verdict.After error
// when it named a time, and any other error to be tried again. It is called
// from one goroutine at a time, must end with ctx, and no error of it shows a
// secret.
type Channel interface {
	Send(ctx context.Context, m Message) error
}

// Doer makes one HTTP request. It must follow no redirect.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Dialer opens one connection, for channels that do not speak HTTP.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Deps is what a channel may use of its surroundings.
type Deps struct {
	// HTTP makes the requests; nil for http.DefaultTransport without redirects.
	HTTP Doer
	// Dial opens connections; nil for a plain net.Dialer.
	Dial Dialer
	// TLS is the base of connections that Dial opens; nil for the system's
	// roots.
	TLS *tls.Config
	// Dir is what relative paths of the configuration are relative to.
	Dir string
	// Console is the base URL of the console, for links; "" for none.
	Console string
	Log     *slog.Logger
}

// Client is d.HTTP, or a plain client that follows no redirects.
func (d Deps) Client() Doer {
	if d.HTTP != nil {
		return d.HTTP
	}
	return &http.Client{
		Timeout:       Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Logger is d.Log, or one that discards.
func (d Deps) Logger() *slog.Logger {
	if d.Log != nil {
		return d.Log
	}
	return slog.New(slog.DiscardHandler)
}

// Bounds of one try.
const (
	// Timeout is how long one request may take, reply and all.
	Timeout = 15 * time.Second
	// MaxReply is how many bytes of a reply are read.
	MaxReply = 64 << 10
	// MaxRetryAfter is the longest Retry-After that is obeyed.
	MaxRetryAfter = time.Hour
)

// Facts is m as a person reads it.
func (m Message) Facts(lang, console string) render.Facts {
	s := render.Subject{Alert: m.Alert, Test: m.Test, Lang: lang, Console: console}
	if m.Undelivered != nil {
		s.Failed, s.Why = m.Undelivered.Channel, m.Undelivered.Reason
	}
	return render.Of(s)
}
