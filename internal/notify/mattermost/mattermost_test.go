package mattermost_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/mattermost"
)

func open(t *testing.T, url, _ string) channel.Channel {
	t.Helper()
	c, err := mattermost.Open(channel.Config{Name: "desk", Kind: "mattermost", URL: url}, channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Parse: parse, MaxBody: 24_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

const special = "\\`*{}[]()+-.!_>|@#~:$"

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m struct {
		Text  string
		Props struct {
			DisableGroupHighlight bool `json:"disable_group_highlight"`
		}
	}
	channeltest.Decode(t, body, &m)
	if !m.Props.DisableGroupHighlight || utf8.RuneCountInString(m.Text) > 4000 {
		t.Errorf("%d characters, props %+v", utf8.RuneCountInString(m.Text), m.Props)
	}
	var texts []string
	for i, line := range strings.Split(m.Text, "\n") {
		if i == 0 { // the template's bold headline
			line = strings.TrimSuffix(strings.TrimPrefix(line, "**"), "**")
		}
		line = strings.TrimPrefix(line, "* ") // and its list
		texts = append(texts, channeltest.Plain(t, channeltest.Markdown(t, line, special)))
	}
	return texts
}

func FuzzEscape(f *testing.F) {
	for _, h := range channeltest.Hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		if got := channeltest.Markdown(t, mattermost.Escape(s), special); got != strings.ReplaceAll(s, "\u200b", "") {
			t.Errorf("%q shows as %q", s, got)
		}
	})
}
