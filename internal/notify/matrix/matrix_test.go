package matrix_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/matrix"
	"github.com/tocsin-news/tocsin/internal/verdict"
)

const token = "syt_canary_of_the_account"

func open(t *testing.T, url, secret string) channel.Channel {
	t.Helper()
	c, err := matrix.Open(channel.Config{Name: "desk", Kind: "matrix", URL: url, Room: "!abc:example.org", TokenFile: channeltest.SecretFile(t, secret)},
		channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Secret: token, Parse: parse, MaxBody: 48 << 10}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m struct {
		Type          string `json:"msgtype"`
		Body          string
		Format        string
		FormattedBody string             `json:"formatted_body"`
		Mentions      *map[string]string `json:"m.mentions"`
	}
	channeltest.Decode(t, body, &m)
	if m.Mentions == nil || len(*m.Mentions) > 0 {
		t.Error("mentions are not switched off")
	}
	return []string{channeltest.Plain(t, m.Body), channeltest.Plain(t, channeltest.HTML(t, m.FormattedBody, "strong", "br", "ul", "li", "p", "a"))}
}

// The transaction's id stays the same, so the server shows a message once.
func TestTheKeyIsTheTransaction(t *testing.T) {
	url, got := channeltest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	c := open(t, url, token)
	for range 2 {
		if err := c.Send(t.Context(), channeltest.Message()); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r := <-got
		if r.Method != http.MethodPut || !strings.HasSuffix(r.Path, "/send/m.room.message/"+channeltest.Message().Key) ||
			!strings.HasPrefix(r.Path, "/_matrix/client/v3/rooms/%21abc:example.org/") || r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

func TestTheBodysOwnDelayIsObeyed(t *testing.T) {
	url, _ := channeltest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}`))
	})
	err := open(t, url, token).Send(t.Context(), channeltest.Message())
	if d, _ := verdict.Delay(err); d != 2500*time.Millisecond {
		t.Errorf("%v after %v", err, d)
	}
}
