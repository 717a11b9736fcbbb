// Package telegram sends alerts through a bot of Telegram, in its HTML mode
// (https://core.telegram.org/bots/api#html-style).
//
// Names and titles are escaped, and a zero-width space after @, # and / keeps
// them from becoming mentions, tags and commands. Where Telegram cannot parse
// the message all the same, it is sent again as plain text. The Bot API knows
// no idempotency key.
package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
	"github.com/tocsin-news/tocsin/internal/verdict"
)

// Channel is one bot in one chat.
type Channel struct {
	api           channel.Address
	token         channel.Secret
	chat          string
	http          channel.Doer
	console, lang string
}

// API is where bots are spoken to, unless url says otherwise.
const API = "https://api.telegram.org"

var (
	chatID  = regexp.MustCompile(`^(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})$`)
	botForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$`)
)

// Open makes the channel of its token_file and chat_id; url is another server
// of the Bot API.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	if err := c.Need(map[string]string{"token_file": "a file with the bot's token", "chat_id": "a number or @channel"}, "token_file", "chat_id"); err != nil {
		return nil, err
	}
	if !chatID.MatchString(c.ChatID) {
		return nil, channel.Wrong("chat_id", "a number or @channel, in quotes", "is %q", c.ChatID)
	}
	if c.URL == "" {
		c.URL = API
	}
	api, err := c.Address(d.Dir)
	if err != nil {
		return nil, err
	}
	t := &Channel{api: api, token: channel.Secret(channel.Path(d.Dir, c.TokenFile)), chat: c.ChatID, http: d.Client(), console: d.Console, lang: c.Lang}
	token, err := t.token.Token()
	if err != nil {
		return nil, channel.Wrong("token_file", "a file with the bot's token", "%v", err)
	}
	if !botForm.MatchString(token) {
		return nil, channel.Wrong("token_file", "it looks like 123456:ABC…", "does not hold a bot's token")
	}
	return t, nil
}

// Send posts m.
func (t *Channel) Send(ctx context.Context, m channel.Message) error {
	f := m.Facts(t.lang, t.console)
	marked := f.Fit(func(f render.Facts) bool { return length(compose(f)) <= maxText })
	reply, err := t.post(ctx, compose(marked), "HTML")
	if err != nil && reply.Status == http.StatusBadRequest {
		plain := f.Fit(func(f render.Facts) bool { return length(inert(text(f))) <= maxText })
		_, err = t.post(ctx, inert(text(plain)), "")
	}
	return err
}

func text(f render.Facts) string { return f.Subject + "\n\n" + f.Text() }

type message struct {
	ChatID  string `json:"chat_id"`
	Text    string `json:"text"`
	Mode    string `json:"parse_mode,omitempty"`
	Preview struct {
		Disabled bool `json:"is_disabled"`
	} `json:"link_preview_options"`
}

func (t *Channel) post(ctx context.Context, text, mode string) (channel.Reply, error) {
	token, err := t.token.Token()
	if err != nil {
		return channel.Reply{}, err
	}
	m := message{ChatID: t.chat, Text: text, Mode: mode}
	m.Preview.Disabled = true
	body, err := channel.JSON(m)
	if err != nil {
		return channel.Reply{}, verdict.Permanent(err)
	}
	return channel.Post{
		URL: t.api.Join("bot"+token, "sendMessage"), Body: body,
		Secrets: []string{token}, RetryAfter: retryAfter,
	}.Send(ctx, t.http)
}

// maxText is Telegram's limit, in UTF-16 units after parsing; the markup is
// counted too here.
const maxText = 4096

func compose(f render.Facts) string {
	var b strings.Builder
	b.WriteString("<b>" + Escape(f.Subject) + "</b>\n")
	for _, line := range f.Lines() {
		b.WriteString(Escape(line) + "\n")
	}
	for _, e := range f.Evidence {
		title := Escape(e.Title)
		if e.URL != "" {
			title = `<a href="` + Attribute(e.URL) + `">` + title + `</a>`
		}
		b.WriteString("\n• " + title + "\n" + Escape(e.By()) + "\n")
	}
	if f.More != "" {
		b.WriteString("\n" + Escape(f.More) + "\n")
	}
	if f.Link != "" {
		b.WriteString("\n" + `<a href="` + Attribute(f.Link) + `">` + Escape(f.Words.Open) + `</a>`)
	}
	return b.String()
}

// Escape is s for Telegram's HTML mode, without mentions, tags or commands.
func Escape(s string) string { return markup.Replace(inert(s)) }

// Attribute is s within double quotes.
func Attribute(s string) string { return markup.Replace(s) }

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// inert is s with U+200B after the marks that Telegram makes links of by
// itself; a slash within an address or between words stays as it is.
func inert(s string) string {
	var b strings.Builder
	before := ' '
	for _, r := range s {
		b.WriteRune(r)
		command := r == '/' && !unicode.IsLetter(before) && !unicode.IsDigit(before) && !strings.ContainsRune(":/.", before)
		if command || r == '@' || r == '#' || r == '$' {
			b.WriteRune('\u200b')
		}
		before = r
	}
	return b.String()
}

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

// retryAfter reads {"parameters": {"retry_after": seconds}}.
func retryAfter(body []byte) time.Duration {
	var r struct {
		Parameters struct {
			RetryAfter float64 `json:"retry_after"`
		} `json:"parameters"`
	}
	if json.Unmarshal(body, &r) != nil {
		return 0
	}
	return channel.Seconds(r.Parameters.RetryAfter)
}
