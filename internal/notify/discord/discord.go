// Package discord posts alerts to a webhook of Discord, as an embed
// (https://discord.com/developers/docs/resources/webhook#execute-webhook).
//
// Every ASCII punctuation mark of the content is escaped, and mentions are
// switched off. Discord knows no idempotency key for webhooks.
package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Channel is one webhook.
type Channel struct{ hook channel.Hook }

// Open makes the channel of its url or url_file: the address is the secret.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	hook, err := channel.OpenHook(c, d)
	if err != nil {
		return nil, err
	}
	hook.RetryAfter = retryAfter
	return &Channel{hook}, nil
}

// Send posts m; where Discord does not like the embed, as text alone.
func (c *Channel) Send(ctx context.Context, m channel.Message) error {
	f := c.hook.Facts(m)
	reply, err := c.post(ctx, message{Embeds: []embed{build(f, m.Alert.At)}})
	if err != nil && reply.Status == http.StatusBadRequest {
		text := f.Fit(func(f render.Facts) bool { return length(Escape(f.Subject+"\n"+f.Text())) <= maxContent })
		_, err = c.post(ctx, message{Content: Escape(text.Subject + "\n" + text.Text())})
	}
	return err
}

func (c *Channel) post(ctx context.Context, m message) (channel.Reply, error) {
	m.AllowedMentions.Parse = []string{}
	return c.hook.Post(ctx, m)
}

type message struct {
	Content         string  `json:"content,omitempty"`
	Embeds          []embed `json:"embeds,omitempty"`
	AllowedMentions struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
}

type embed struct {
	Title       string `json:"title"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Color       int    `json:"color"`
	Timestamp   string `json:"timestamp"`
}

// Discord's limits, in characters.
const (
	maxContent     = 2000
	maxTitle       = 256
	maxDescription = 4096
)

func build(f render.Facts, at time.Time) embed {
	title := f.Fit(func(f render.Facts) bool { return length(Escape(f.Subject)) <= maxTitle })
	f = f.Fit(func(f render.Facts) bool { return length(describe(f)) <= maxDescription })
	return embed{
		Title: Escape(title.Subject), URL: f.Link, Description: describe(f),
		Color: f.Colour(), Timestamp: at.UTC().Format(time.RFC3339),
	}
}

func describe(f render.Facts) string {
	var b strings.Builder
	for _, line := range f.Lines() {
		b.WriteString(Escape(line) + "\n")
	}
	for _, e := range f.Evidence {
		title := Escape(e.Title)
		if e.URL != "" {
			title = "[" + title + "](" + e.URL + ")"
		}
		b.WriteString("\n• " + title + "\n" + Escape(e.By()) + "\n")
	}
	if f.More != "" {
		b.WriteString("\n" + Escape(f.More))
	}
	return b.String()
}

// Escape is s with a backslash before each ASCII punctuation mark: Discord
// takes any of them literally then, and finds no address to link.
func Escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// length counts as Discord does, in UTF-16 units, to be on the safe side.
func length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// retryAfter reads {"retry_after": seconds}.
func retryAfter(body []byte) time.Duration {
	var r struct {
		RetryAfter float64 `json:"retry_after"`
	}
	if json.Unmarshal(body, &r) != nil {
		return 0
	}
	return channel.Seconds(r.RetryAfter)
}
