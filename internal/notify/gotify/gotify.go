// Package gotify sends alerts to an application of Gotify
// (https://gotify.net/docs/pushmsg), as plain text.
package gotify

import (
	"context"
	"net/http"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Channel is one application on one server.
type Channel struct {
	server        channel.Address
	token         channel.Secret
	http          channel.Doer
	console, lang string
}

// Open makes the channel of its url (the server) and token_file (the
// application's token).
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	server, err := c.Address(d.Dir)
	if err != nil {
		return nil, err
	}
	if err := c.Need(map[string]string{"token_file": "a file with the application's token"}, "token_file"); err != nil {
		return nil, err
	}
	g := &Channel{server: server, token: channel.Secret(channel.Path(d.Dir, c.TokenFile)), http: d.Client(), console: d.Console, lang: c.Lang}
	if _, err := g.token.Token(); err != nil {
		return nil, channel.Wrong("token_file", "a file with the application's token", "%v", err)
	}
	return g, nil
}

type message struct {
	Title    string         `json:"title"`
	Message  string         `json:"message"`
	Priority int            `json:"priority"`
	Extras   map[string]any `json:"extras"`
}

// maxMessage keeps a message readable on a telephone, in bytes.
const maxMessage = 8000

// Send posts m.
func (g *Channel) Send(ctx context.Context, m channel.Message) error {
	body, err := channel.JSON(build(m.Facts(g.lang, g.console)))
	if err != nil {
		return err
	}
	token, err := g.token.Token()
	if err != nil {
		return err
	}
	_, err = channel.Post{
		URL:    g.server.Join("message"),
		Header: http.Header{"X-Gotify-Key": {token}},
		Body:   body, Secrets: []string{token},
	}.Send(ctx, g.http)
	return err
}

func build(f render.Facts) message {
	f = f.Fit(func(f render.Facts) bool { return len(f.Text()) <= maxMessage })
	m := message{
		Title: f.Subject, Message: f.Text(), Priority: priority(f),
		Extras: map[string]any{"client::display": map[string]string{"contentType": "text/plain"}},
	}
	if f.Link != "" {
		m.Extras["client::notification"] = map[string]any{"click": map[string]string{"url": f.Link}}
	}
	return m
}

// priority is Gotify's: above 7 it rings, below 4 it is silent.
func priority(f render.Facts) int {
	if f.Resolved {
		return 2
	}
	return [...]int{2, 5, 7, 10}[f.Rank]
}
