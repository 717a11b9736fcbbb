package slack_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/slack"
)

func open(t *testing.T, url, _ string) channel.Channel {
	t.Helper()
	c, err := slack.Open(channel.Config{Name: "desk", Kind: "slack", URL: url}, channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Parse: parse, MaxBody: 16_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

type block struct {
	Type, Text, URL string
	Style           any
	Elements        []block
}

type message struct {
	Text, Parse string
	Mrkdwn      bool    `json:"mrkdwn"`
	LinkNames   bool    `json:"link_names"`
	UnfurlLinks bool    `json:"unfurl_links"`
	UnfurlMedia bool    `json:"unfurl_media"`
	Blocks      []block `json:"blocks"`
}

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m message
	channeltest.Decode(t, body, &m)
	if m.Parse != "none" || m.Mrkdwn || m.LinkNames || m.UnfurlLinks || m.UnfurlMedia {
		t.Errorf("the switches are %+v", m)
	}
	if rest := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(m.Text); strings.ContainsAny(rest, "&<>") {
		t.Errorf("the text has markup: %q", m.Text)
	}
	texts := []string{channeltest.Plain(t, strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(m.Text))}
	var walk func([]block)
	walk = func(bs []block) {
		for _, b := range bs {
			switch b.Type {
			case "rich_text", "rich_text_section", "rich_text_list":
				walk(b.Elements)
			case "link":
				channeltest.Web(t, b.URL)
				fallthrough
			case "text":
				texts = append(texts, channeltest.Plain(t, b.Text))
			default:
				t.Errorf("an element of the type %q", b.Type)
			}
		}
	}
	walk(m.Blocks)
	return texts
}

func TestBlocksThatAreRefusedAreSentAsText(t *testing.T) {
	url, got := channeltest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 1000 {
			http.Error(w, "invalid_blocks", http.StatusBadRequest)
		}
	})
	if err := open(t, url, "").Send(t.Context(), channeltest.Message()); err != nil {
		t.Fatal(err)
	}
	<-got
	if texts := parse(t, (<-got).Body); len(texts) != 1 || !strings.Contains(texts[0], "Three independent origins") {
		t.Errorf("sent %q", texts)
	}
}

func FuzzEscape(f *testing.F) {
	for _, h := range channeltest.Hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := slack.Escape(s)
		if strings.ContainsAny(e, "<>") || strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(e) != s {
			t.Errorf("%q is escaped as %q", s, e)
		}
	})
}
