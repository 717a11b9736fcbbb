package gotify_test

import (
	"net/http"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/gotify"
)

const token = "AcanaryOfTheApplication"

func open(t *testing.T, url, secret string) channel.Channel {
	t.Helper()
	c, err := gotify.Open(channel.Config{Name: "desk", Kind: "gotify", URL: url, TokenFile: channeltest.SecretFile(t, secret)},
		channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Secret: token, Parse: parse, MaxBody: 16_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m struct {
		Title, Message string
		Priority       int
		Extras         struct {
			Display struct {
				ContentType string `json:"contentType"`
			} `json:"client::display"`
			Notification struct {
				Click struct{ URL string }
			} `json:"client::notification"`
		}
	}
	channeltest.Decode(t, body, &m)
	if m.Extras.Display.ContentType != "text/plain" || m.Priority < 1 || m.Priority > 10 {
		t.Errorf("%s", body)
	}
	channeltest.Web(t, m.Extras.Notification.Click.URL)
	return []string{channeltest.Plain(t, m.Title), channeltest.Plain(t, m.Message)}
}

func TestTheTokenIsAHeader(t *testing.T) {
	url, got := channeltest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	if err := open(t, url+"/gotify/", token).Send(t.Context(), channeltest.Message()); err != nil {
		t.Fatal(err)
	}
	if r := <-got; r.Path != "/gotify/message" || r.Header.Get("X-Gotify-Key") != token {
		t.Errorf("%s with %v", r.Path, r.Header)
	}
}
