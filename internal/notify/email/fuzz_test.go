package email

import (
	"bytes"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var headers = []string{
	"Auto-Submitted", "Content-Type", "Date", "From", "Importance", "In-Reply-To", "Message-Id", "Mime-Version",
	"Priority", "References", "Subject", "To", "User-Agent", "X-Auto-Response-Suppress", "X-Mailer", "X-Msmail-Priority",
	"X-Priority", "X-Tocsin-Key",
}

var tags = []string{"html", "head", "meta", "title", "body", "h1", "h2", "p", "ul", "li", "a", "br", "small"}

// Whatever is in the alert: no header but ours, one recipient, and a page of
// the template's own tags.
func FuzzMessage(f *testing.F) {
	for i, h := range channeltest.Hostile {
		f.Add(h, channeltest.Hostile[(i+1)%len(channeltest.Hostile)], "https://example.org/"+h)
	}
	e, err := Open(channel.Config{Name: "mail", Kind: "email", SMTP: "smtp://localhost", From: "tocsin@example.org", To: []string{"desk@example.org"}},
		channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, one, two, address string) {
		m := channeltest.Message()
		m.Key, m.Alert.ID = one, two
		a := &m.Alert
		a.Headline, a.Reason, a.Changed, a.Missing, a.Watch, a.State = one, two, one, two, one, two
		a.Articles = []events.Evidence{{Title: one, URL: address, Source: two, Origin: one, Why: two}, {Title: two, URL: one}}
		msg, err := e.message(m, e.to[0])
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		if _, err := msg.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(&raw)
		if err != nil {
			t.Fatal(err)
		}
		for h, values := range got.Header {
			if !slices.Contains(headers, h) || len(values) != 1 {
				t.Errorf("a header %s: %q", h, values)
			}
		}
		page, err := page(m.Facts("en", "https://console.example.org"))
		if err != nil {
			t.Fatal(err)
		}
		z := html.NewTokenizer(strings.NewReader(page))
		for z.Next() != html.ErrorToken {
			tok := z.Token()
			if tok.Type == html.StartTagToken && !slices.Contains(tags, tok.Data) {
				t.Errorf("a tag %s", tok)
			}
		}
	})
}
