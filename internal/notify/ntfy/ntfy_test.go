package ntfy_test

import (
	"net/http"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/ntfy"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const token = "tk_canary_of_the_topic"

func open(t *testing.T, url, secret string) channel.Channel {
	t.Helper()
	c, err := ntfy.Open(channel.Config{Name: "desk", Kind: "ntfy", URL: url, Topic: "alerts", TokenFile: channeltest.SecretFile(t, secret)},
		channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Secret: token, Parse: parse, MaxBody: 16_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

type message struct {
	Topic, Title, Message, Click string
	Priority                     int
	Tags                         []string
	Markdown                     bool
}

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m message
	channeltest.Decode(t, body, &m)
	if m.Topic != "alerts" || m.Markdown || len(m.Message) > 4096 || len(m.Title) > 250 {
		t.Errorf("topic %s, markdown %v, %d bytes", m.Topic, m.Markdown, len(m.Message))
	}
	channeltest.Web(t, m.Click)
	return []string{channeltest.Plain(t, m.Title), channeltest.Plain(t, m.Message)}
}

func TestTheLevelIsThePriority(t *testing.T) {
	url, got := channeltest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	c := open(t, url, token)
	for level, want := range map[string]int{events.Info: 2, events.Elevated: 3, events.High: 4, events.Critical: 5} {
		m := channeltest.Message()
		m.Alert.Level = level
		if err := c.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		r := <-got
		var out message
		channeltest.Decode(t, r.Body, &out)
		if out.Priority != want || r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("%s has the priority %d", level, out.Priority)
		}
	}
}
