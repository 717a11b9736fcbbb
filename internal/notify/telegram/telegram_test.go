package telegram_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/telegram"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const token = "123456789:AAcanary-of-the-bots-token_0123456"

func open(t *testing.T, url, secret string) channel.Channel {
	t.Helper()
	c, err := telegram.Open(channel.Config{Name: "desk", Kind: "telegram", URL: url, TokenFile: channeltest.SecretFile(t, secret), ChatID: "-1001234"},
		channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Secret: token, Parse: parse, MaxBody: 32_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

// auto is what Telegram makes a link of by itself.
var auto = regexp.MustCompile(`[@#$][\pL\d_]|(^|[\s(•])/[\pL\d]`)

func parse(t *testing.T, body []byte) []string {
	t.Helper()
	var m struct {
		ChatID  string `json:"chat_id"`
		Text    string
		Mode    string `json:"parse_mode"`
		Preview struct {
			Disabled bool `json:"is_disabled"`
		} `json:"link_preview_options"`
	}
	channeltest.Decode(t, body, &m)
	if m.ChatID != "-1001234" || !m.Preview.Disabled {
		t.Errorf("%s", body)
	}
	if n := len(utf16.Encode([]rune(m.Text))); n > 4096 {
		t.Errorf("%d UTF-16 units", n)
	}
	text := m.Text
	if m.Mode == "HTML" {
		text = channeltest.HTML(t, m.Text, "b", "a")
	}
	if hit := auto.FindString(text); hit != "" {
		t.Errorf("%q would become a link in %q", hit, text)
	}
	return []string{channeltest.Plain(t, text)}
}

func TestTheBotIsSpokenToAtItsAddress(t *testing.T) {
	url, got := channeltest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	if err := open(t, url, token).Send(t.Context(), channeltest.Message()); err != nil {
		t.Fatal(err)
	}
	if r := <-got; r.Path != "/bot"+token+"/sendMessage" && r.Path != "/bot"+strings.ReplaceAll(token, ":", "%3A")+"/sendMessage" {
		t.Errorf("asked for %s", r.Path)
	}
}

func TestWhatCannotBeParsedIsSentAsPlainText(t *testing.T) {
	first := true
	url, got := channeltest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if first {
			first = false
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities"}`))
		}
	})
	if err := open(t, url, token).Send(t.Context(), channeltest.Message()); err != nil {
		t.Fatal(err)
	}
	<-got
	r := <-got
	if strings.Contains(string(r.Body), "parse_mode") || !strings.Contains(parse(t, r.Body)[0], "Three independent origins") {
		t.Errorf("%s", r.Body)
	}
}

func TestTheBodysOwnDelayIsObeyed(t *testing.T) {
	url, _ := channeltest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}`))
	})
	err := open(t, url, token).Send(t.Context(), channeltest.Message())
	if d, _ := verdict.Delay(err); d != 35*time.Second {
		t.Errorf("%v after %v", err, d)
	}
}

func TestOpenNamesTheField(t *testing.T) {
	for field, c := range map[string]channel.Config{
		"chat_id":    {TokenFile: channeltest.SecretFile(t, token), ChatID: "the desk"},
		"token_file": {TokenFile: channeltest.SecretFile(t, "hunter2"), ChatID: "1"},
	} {
		_, err := telegram.Open(c, channel.Deps{})
		var fe *events.FieldError
		if !errors.As(err, &fe) || fe.Field != field || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, h := range channeltest.Hostile {
		f.Add(h)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if text := channeltest.HTML(t, telegram.Escape(s)); auto.MatchString(text) {
			t.Errorf("%q would become a link", text)
		}
	})
}
