package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

// Post is one request of a channel.
type Post struct {
	// Method is POST when empty.
	Method string
	URL    string
	// Header is sent beside Content-Type.
	Header http.Header
	// ContentType is application/json when empty.
	ContentType string
	Body        []byte
	// Secrets are never shown in an error, nor is anything of URL but its host.
	Secrets []string
	// RetryAfter reads a service's own way to name a delay from a reply's
	// body, where it has one besides the header.
	RetryAfter func(body []byte) time.Duration
}

// Reply is what a receiver answered.
type Reply struct {
	Status int
	// Body is the first [MaxReply] bytes.
	Body []byte
}

// Send posts p and judges the answer: 2xx is nil; 408, 409, 425, 429 and 5xx
// are to be tried again, at the time that Retry-After names; anything else,
// redirects included, is a verdict.Permanent error. The reply comes with the
// error where there was one.
func (p Post) Send(ctx context.Context, by Doer) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	req, err := p.request(ctx)
	if err != nil {
		return Reply{}, verdict.Permanent(p.redacted(err))
	}
	res, err := by.Do(req)
	if err != nil {
		clean := fmt.Errorf("post to %s: %w", req.URL.Host, p.redacted(withoutURL(err)))
		var rule interface{ Permanent() bool } // a client that refuses the address by its own rules
		if errors.As(err, &rule) && rule.Permanent() {
			return Reply{}, verdict.Permanent(clean)
		}
		return Reply{}, clean
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxReply))
	reply := Reply{Status: res.StatusCode, Body: body}
	if res.StatusCode/100 == 2 {
		return reply, nil // taken; a reply that breaks off after that says nothing
	}
	if err != nil && len(body) == 0 {
		return reply, fmt.Errorf("post to %s: read the answer to %s: %w", req.URL.Host, res.Status, p.redacted(withoutURL(err)))
	}
	return reply, p.judge(req.URL.Host, res, body)
}

func (p Post) request(ctx context.Context) (*http.Request, error) {
	method := p.Method
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, p.URL, bytes.NewReader(p.Body))
	if err != nil {
		return nil, errors.New("the address cannot be used in a request")
	}
	if p.Header != nil {
		req.Header = p.Header.Clone()
	}
	kind := p.ContentType
	if kind == "" {
		kind = "application/json"
	}
	req.Header.Set("Content-Type", kind)
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "tocsin")
	}
	return req, nil
}

func (p Post) redacted(err error) error {
	secrets := p.Secrets
	if u, perr := url.Parse(p.URL); perr == nil {
		secrets = append(secrets[:len(secrets):len(secrets)], p.URL)
		for _, part := range append(strings.Split(u.EscapedPath(), "/"), u.RawQuery) {
			if len(part) >= 16 { // long enough to be a capability
				secrets = append(secrets, part)
			}
		}
	}
	return Redacted(err, secrets...)
}

// withoutURL is err without the address that net/http puts before it.
func withoutURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// JSON is v as JSON without HTML escapes, so that what is posted reads as it
// is shown. Strings that are not UTF-8 become so.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, verdict.Permanent(fmt.Errorf("write the message: %w", err))
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
