// Package matrix sends alerts to a room of Matrix, as a message with HTML
// (https://spec.matrix.org/v1.13/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid).
//
// The notification key is the transaction's id: what is sent again shows once.
// An empty m.mentions means that nobody is mentioned, whatever the text says.
package matrix

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Channel is one account in one room.
type Channel struct {
	server        channel.Address
	room          string
	token         channel.Secret
	http          channel.Doer
	console, lang string
}

var roomID = regexp.MustCompile(`^![^\s/?#]{1,254}$`)

// Open makes the channel of its url (the home server), room and token_file
// (an access token of an account that has joined the room).
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	server, err := c.Address(d.Dir)
	if err != nil {
		return nil, err
	}
	if err := c.Need(map[string]string{"room": "a room id such as !abc:example.org", "token_file": "a file with an access token"}, "room", "token_file"); err != nil {
		return nil, err
	}
	if !roomID.MatchString(c.Room) {
		return nil, channel.Wrong("room", "a room id such as !abc:example.org, in quotes; not an alias", "is %q", c.Room)
	}
	m := &Channel{server: server, room: c.Room, token: channel.Secret(channel.Path(d.Dir, c.TokenFile)), http: d.Client(), console: d.Console, lang: c.Lang}
	if _, err := m.token.Token(); err != nil {
		return nil, channel.Wrong("token_file", "a file with an access token", "%v", err)
	}
	return m, nil
}

type event struct {
	Type          string   `json:"msgtype"`
	Body          string   `json:"body"`
	Format        string   `json:"format"`
	FormattedBody string   `json:"formatted_body"`
	Mentions      struct{} `json:"m.mentions"`
}

// maxBody is below the 64 KiB of a whole event.
const maxBody = 32 << 10

// Send puts m into the room.
func (c *Channel) Send(ctx context.Context, m channel.Message) error {
	f := m.Facts(c.lang, c.console).Fit(func(f render.Facts) bool {
		b, err := channel.JSON(compose(f))
		return err == nil && len(b) <= maxBody
	})
	body, err := channel.JSON(compose(f))
	if err != nil {
		return err
	}
	token, err := c.token.Token()
	if err != nil {
		return err
	}
	_, err = channel.Post{
		Method: http.MethodPut,
		URL:    c.server.Join("_matrix", "client", "v3", "rooms", c.room, "send", "m.room.message", m.Key),
		Header: http.Header{"Authorization": {"Bearer " + token}},
		Body:   body, Secrets: []string{token}, RetryAfter: retryAfter,
	}.Send(ctx, c.http)
	return err
}

func compose(f render.Facts) event {
	return event{
		Type: "m.text", Body: f.Subject + "\n\n" + f.Text(),
		Format: "org.matrix.custom.html", FormattedBody: page(f),
	}
}

func page(f render.Facts) string {
	var b strings.Builder
	b.WriteString("<strong>" + html.EscapeString(f.Subject) + "</strong>")
	for _, line := range f.Lines() {
		b.WriteString("<br>" + html.EscapeString(line))
	}
	if len(f.Evidence) > 0 {
		b.WriteString("<ul>")
		for _, e := range f.Evidence {
			b.WriteString("<li>" + link(e.URL, e.Title) + "<br>" + html.EscapeString(e.By()) + "</li>")
		}
		b.WriteString("</ul>")
	}
	if f.More != "" {
		b.WriteString("<p>" + html.EscapeString(f.More) + "</p>")
	}
	if f.Link != "" {
		b.WriteString("<p>" + link(f.Link, f.Words.Open) + "</p>")
	}
	return b.String()
}

func link(url, text string) string {
	if url == "" {
		return html.EscapeString(text)
	}
	return `<a href="` + html.EscapeString(url) + `">` + html.EscapeString(text) + `</a>`
}

// retryAfter reads {"retry_after_ms": milliseconds}.
func retryAfter(body []byte) time.Duration {
	var r struct {
		RetryAfter float64 `json:"retry_after_ms"`
	}
	if json.Unmarshal(body, &r) != nil {
		return 0
	}
	return channel.Seconds(r.RetryAfter / 1000)
}
