package discord_test

import (
	"net/http"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/discord"
	"github.com/tocsin-news/tocsin/internal/verdict"
)

func open(t *testing.T, url, _ string) channel.Channel {
	t.Helper()
	c, err := discord.Open(channel.Config{Name: "desk", Kind: "discord", URL: url}, channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Parse: parse, MaxBody: 32_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

const special = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m struct {
		Content string
		Embeds  []struct {
			Title, URL, Description, Timestamp string
			Color                              int
		}
		AllowedMentions struct{ Parse []string } `json:"allowed_mentions"`
	}
	channeltest.Decode(t, body, &m)
	if m.AllowedMentions.Parse == nil || len(m.AllowedMentions.Parse) > 0 {
		t.Errorf("mentions are allowed: %s", body)
	}
	texts := []string{channeltest.Plain(t, channeltest.Markdown(t, m.Content, special))}
	for _, e := range m.Embeds {
		if utf8.RuneCountInString(e.Title) > 256 || utf8.RuneCountInString(e.Description) > 4096 {
			t.Errorf("too long: title %d, description %d", len(e.Title), len(e.Description))
		}
		channeltest.Web(t, e.URL)
		texts = append(texts, channeltest.Plain(t, channeltest.Markdown(t, e.Title, special)), channeltest.Plain(t, channeltest.Markdown(t, e.Description, special)))
	}
	return texts
}

func TestARefusedEmbedIsSentAsText(t *testing.T) {
	first := true
	url, got := channeltest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if first {
			first = false
			http.Error(w, `{"embeds":["0"]}`, http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if err := open(t, url, "").Send(t.Context(), channeltest.Message()); err != nil {
		t.Fatal(err)
	}
	<-got
	parse(t, (<-got).Body)
}

func TestTheBodysOwnDelayIsObeyed(t *testing.T) {
	url, _ := channeltest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"message":"You are being rate limited.","retry_after":1.5,"global":false}`))
	})
	err := open(t, url, "").Send(t.Context(), channeltest.Message())
	if d, _ := verdict.Delay(err); d != 1500*time.Millisecond {
		t.Errorf("%v after %v", err, d)
	}
}

func FuzzEscape(f *testing.F) {
	for _, h := range channeltest.Hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		if got := channeltest.Markdown(t, discord.Escape(s), special); got != withoutBreaks(s) {
			t.Errorf("%q shows as %q", s, got)
		}
	})
}

func withoutBreaks(s string) string {
	var out []rune
	for _, r := range s {
		if r != '\u200b' {
			out = append(out, r)
		}
	}
	return string(out)
}
