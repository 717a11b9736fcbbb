// Package slack posts alerts to an incoming webhook of Slack.
//
// The message is a rich_text block (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block):
// its text elements are literal, so that no name or title can become a mention,
// a link or markup. The text beside it, which notifications show, is escaped
// and not parsed. Slack knows no idempotency key: what is sent again after a
// crash shows twice.
package slack

import (
	"context"
	"net/http"
	"strings"

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

// Send posts m; where Slack does not like the blocks, as text alone.
func (s *Channel) Send(ctx context.Context, m channel.Message) error {
	f := s.hook.Facts(m)
	reply, err := s.hook.Post(ctx, build(f))
	if err != nil && reply.Status == http.StatusBadRequest {
		_, err = s.hook.Post(ctx, message{Text: Escape(render.Cut(f.Subject+"\n"+f.Text(), 3000)), Parse: "none"})
	}
	return err
}

type message struct {
	Text        string  `json:"text"`
	Parse       string  `json:"parse"`
	Mrkdwn      bool    `json:"mrkdwn"`
	LinkNames   bool    `json:"link_names"`
	UnfurlLinks bool    `json:"unfurl_links"`
	UnfurlMedia bool    `json:"unfurl_media"`
	Blocks      []block `json:"blocks,omitempty"`
}

// block is any element of a rich text.
type block struct {
	Type     string  `json:"type"`
	Elements []block `json:"elements,omitempty"`
	Style    any     `json:"style,omitempty"` // of text: bold; of a list: "bullet"
	Text     string  `json:"text,omitempty"`
	URL      string  `json:"url,omitempty"`
}

// maxBody keeps well below what Slack takes in one message.
const maxBody = 12_000

func build(f render.Facts) message {
	f = f.Fit(func(f render.Facts) bool {
		b, err := channel.JSON(compose(f))
		return err == nil && len(b) <= maxBody
	})
	return compose(f)
}

func compose(f render.Facts) message {
	bold := map[string]bool{"bold": true}
	lead := []block{{Type: "text", Text: f.Subject, Style: bold}}
	for _, line := range f.Lines() {
		lead = append(lead, block{Type: "text", Text: "\n" + line})
	}
	rich := block{Type: "rich_text", Elements: []block{{Type: "rich_text_section", Elements: lead}}}
	if len(f.Evidence) > 0 {
		rich.Elements = append(rich.Elements, evidence(f))
	}
	var tail []block
	if f.More != "" {
		tail = append(tail, block{Type: "text", Text: f.More + "\n"})
	}
	if f.Link != "" {
		tail = append(tail, block{Type: "link", URL: f.Link, Text: f.Words.Open})
	}
	if len(tail) > 0 {
		rich.Elements = append(rich.Elements, block{Type: "rich_text_section", Elements: tail})
	}
	return message{Text: Escape(f.Subject), Parse: "none", Blocks: []block{rich}}
}

func evidence(f render.Facts) block {
	list := block{Type: "rich_text_list", Style: "bullet"}
	for _, e := range f.Evidence {
		title := block{Type: "text", Text: e.Title}
		if e.URL != "" {
			title = block{Type: "link", URL: e.URL, Text: e.Title}
		}
		list.Elements = append(list.Elements, block{Type: "rich_text_section", Elements: []block{title, {Type: "text", Text: " " + e.By()}}})
	}
	return list
}

// Escape is s for Slack's text: the three characters that start its markup.
func Escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
