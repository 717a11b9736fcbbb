package channel

import (
	"context"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Hook is an incoming webhook of a chat: one address, which is the secret, that
// takes JSON. Each chat says what is in the JSON.
type Hook struct {
	to            Address
	http          Doer
	console, lang string
	// RetryAfter reads the chat's own way to name a delay from a reply's body,
	// where it has one besides the header.
	RetryAfter func(body []byte) time.Duration
}

// OpenHook makes the hook of c's url or url_file.
func OpenHook(c Config, d Deps) (Hook, error) {
	to, err := c.Address(d.Dir)
	if err != nil {
		return Hook{}, err
	}
	return Hook{to: to, http: d.Client(), console: d.Console, lang: c.Lang}, nil
}

// Facts is m as a person reads it, in the hook's language.
func (h Hook) Facts(m Message) render.Facts { return m.Facts(h.lang, h.console) }

// Post sends v as JSON, and judges the answer as [Post.Send] does.
func (h Hook) Post(ctx context.Context, v any) (Reply, error) {
	body, err := JSON(v)
	if err != nil {
		return Reply{}, err
	}
	return Post{URL: h.to.URL.String(), Body: body, RetryAfter: h.RetryAfter}.Send(ctx, h.http)
}
