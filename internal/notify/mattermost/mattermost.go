// Package mattermost posts alerts to an incoming webhook of Mattermost
// (https://developers.mattermost.com/integrate/webhooks/incoming/).
//
// Its Markdown is escaped with backslashes, and a zero-width space after @ # ~
// and : keeps names, tags, channels, emoji and bare addresses from being
// found. Mattermost knows no idempotency key.
package mattermost

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Channel is one incoming webhook.
type Channel struct{ hook channel.Hook }

// Open makes the channel of its url or url_file: the address is the secret.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	hook, err := channel.OpenHook(c, d)
	if err != nil {
		return nil, err
	}
	return &Channel{hook}, nil
}

type message struct {
	Text  string `json:"text"`
	Props struct {
		DisableGroupHighlight bool `json:"disable_group_highlight"`
	} `json:"props"`
}

// maxText is the length of a post that servers of any age take, in characters.
const maxText = 4000

// Send posts m.
func (c *Channel) Send(ctx context.Context, m channel.Message) error {
	f := c.hook.Facts(m).Fit(func(f render.Facts) bool { return utf8.RuneCountInString(compose(f)) <= maxText })
	post := message{Text: compose(f)}
	post.Props.DisableGroupHighlight = true
	_, err := c.hook.Post(ctx, post)
	return err
}

func compose(f render.Facts) string {
	var b strings.Builder
	b.WriteString("**" + Escape(f.Subject) + "**\n")
	for _, line := range f.Lines() {
		b.WriteString("\n" + Escape(line) + "\n")
	}
	b.WriteByte('\n')
	for _, e := range f.Evidence {
		title := Escape(e.Title)
		if e.URL != "" {
			title = "[" + title + "](" + e.URL + ")"
		}
		b.WriteString("* " + title + " — " + Escape(e.By()) + "\n")
	}
	if f.More != "" {
		b.WriteString("\n" + Escape(f.More) + "\n")
	}
	if f.Link != "" {
		b.WriteString("\n[" + Escape(f.Words.Open) + "](" + f.Link + ")\n")
	}
	return b.String()
}

// Escape is s as Mattermost shows it literally. Its Markdown takes a backslash
// before the marks below only; before others it would show.
func Escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf && strings.ContainsRune("\\`*{}[]()+-.!_>|", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if strings.ContainsRune("@#~:$", r) {
			b.WriteRune('\u200b')
		}
	}
	return b.String()
}
