// Package ntfy publishes alerts to a topic of ntfy
// (https://docs.ntfy.sh/publish/#publish-as-json), as plain text.
package ntfy

import (
	"context"
	"net/http"
	"regexp"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Channel is one topic.
type Channel struct {
	server        channel.Address
	topic         string
	token         channel.Secret // "" without one
	http          channel.Doer
	console, lang string
}

var topicForm = regexp.MustCompile(`^[-_A-Za-z0-9]{1,64}$`)

// Open makes the channel of its url (the server), topic and, where the topic
// is protected, token_file.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	server, err := c.Address(d.Dir)
	if err != nil {
		return nil, err
	}
	if !topicForm.MatchString(c.Topic) {
		return nil, channel.Wrong("topic", "letters, digits, - and _, 64 at most", "is %q", c.Topic)
	}
	n := &Channel{server: server, topic: c.Topic, token: channel.Secret(channel.Path(d.Dir, c.TokenFile)), http: d.Client(), console: d.Console, lang: c.Lang}
	if n.token == "" {
		return n, nil
	}
	if _, err := n.token.Token(); err != nil {
		return nil, channel.Wrong("token_file", "a file with an access token", "%v", err)
	}
	return n, nil
}

type message struct {
	Topic    string   `json:"topic"`
	Title    string   `json:"title"`
	Message  string   `json:"message"`
	Priority int      `json:"priority"`
	Tags     []string `json:"tags,omitempty"`
	Click    string   `json:"click,omitempty"`
	Markdown bool     `json:"markdown"`
}

// Limits in bytes: a longer message becomes an attachment.
const (
	maxTitle   = 250
	maxMessage = 4096
)

// Send publishes m.
func (n *Channel) Send(ctx context.Context, m channel.Message) error {
	body, err := channel.JSON(n.build(m))
	if err != nil {
		return err
	}
	post := channel.Post{URL: n.server.URL.String(), Header: http.Header{}, Body: body}
	if n.token != "" {
		token, err := n.token.Token()
		if err != nil {
			return err
		}
		post.Header.Set("Authorization", "Bearer "+token)
		post.Secrets = []string{token}
	}
	_, err = post.Send(ctx, n.http)
	return err
}

func (n *Channel) build(m channel.Message) message {
	f := m.Facts(n.lang, n.console)
	title := render.Cut(f.Subject, maxTitle)
	f = f.Fit(func(f render.Facts) bool { return len(f.Text()) <= maxMessage })
	return message{
		Topic: n.topic, Title: title, Message: render.Cut(f.Text(), maxMessage),
		Priority: priority(f), Tags: tags(f), Click: f.Link,
	}
}

// priority is 5 (rings through) for critical to 2 for info, and 2 for an end.
func priority(f render.Facts) int {
	if f.Resolved {
		return 2
	}
	return 2 + f.Rank
}

func tags(f render.Facts) []string {
	if f.Resolved {
		return []string{"white_check_mark"}
	}
	return [][]string{{"information_source"}, {"warning"}, {"warning"}, {"rotating_light"}}[f.Rank]
}
