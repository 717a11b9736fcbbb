package notify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/goccy/go-yaml"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// good is a configuration of each kind, as a user writes it.
func good(t *testing.T, kind string) channel.Config {
	t.Helper()
	c := channel.Config{Name: "desk", Kind: kind, URL: "https://example.org/hook"}
	switch kind {
	case "webhook":
		c.SecretFile = channeltest.SecretFile(t, webhookKey)
	case "email":
		c.URL, c.SMTP, c.From, c.To = "", "smtp://127.0.0.1:2525", "tocsin@example.org", []string{"desk@example.org"}
	case "telegram":
		c.URL, c.ChatID, c.TokenFile = "", "@desk_alerts", channeltest.SecretFile(t, "123456789:AAabcdefghijklmnopqrstuvw")
	case "matrix":
		c.Room, c.TokenFile = "!abc:example.org", channeltest.SecretFile(t, "syt_x")
	case "gotify":
		c.TokenFile = channeltest.SecretFile(t, "A1")
	case "ntfy":
		c.Topic = "alerts"
	case "log":
		c.URL = ""
	}
	return c
}

var webhookKey = "whsec_" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32))

func TestEveryKindOpens(t *testing.T) {
	for _, kind := range channel.Kinds {
		t.Run(kind, func(t *testing.T) {
			c := good(t, kind)
			b, err := yaml.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var back channel.Config
			if err := yaml.UnmarshalWithOptions(b, &back, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
			if _, err := notify.Open(back, channel.Deps{}); err != nil {
				t.Errorf("%s: %v", b, err)
			}
			back.Room, back.SMTP = "!x:example.org", "smtp://example.org"
			var fe *events.FieldError
			if _, err := notify.Open(back, channel.Deps{}); !errors.As(err, &fe) || !strings.Contains(fe.Hint, kind) {
				t.Errorf("a field of another kind: %v", err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for field, c := range map[string]channel.Config{
		"name":     {Name: "my desk", Kind: "log"},
		"kind":     {Name: "desk", Kind: "pager"},
		"url":      {Name: "desk", Kind: "slack"},
		"url_file": {Name: "desk", Kind: "slack", URL: "https://example.org", URLFile: "x"},
		"lang":     {Name: "desk", Kind: "log", Lang: "de"},
		"fallback": {Name: "desk", Kind: "log", Fallback: "desk"},
		"topic":    {Name: "desk", Kind: "ntfy", URL: "https://example.org", Topic: "a/b"},
		"room":     {Name: "desk", Kind: "matrix", URL: "https://example.org", Room: "#alias:example.org", TokenFile: "x"},
		"mode":     {Name: "desk", Kind: "alertmanager", URL: "https://example.org", Mode: "push"},
	} {
		var fe *events.FieldError
		if _, err := notify.Open(c, channel.Deps{}); !errors.As(err, &fe) || fe.Field != field || fe.Hint == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestATestNotificationSaysThatItIsOne(t *testing.T) {
	url, got := channeltest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	c := good(t, "ntfy")
	c.URL = url
	o, err := notify.Open(c, channel.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := notify.TestNotification(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if r := <-got; !strings.Contains(string(r.Body), "This is a test.") {
		t.Errorf("%s", r.Body)
	}
	c.URL = "http://127.0.0.1:1"
	if o, err = notify.Open(c, channel.Deps{}); err != nil {
		t.Fatal(err)
	}
	if err := notify.TestNotification(t.Context(), o); err == nil || !strings.Contains(err.Error(), "desk") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestTheLogChannelWritesOneHarmlessLine(t *testing.T) {
	var out bytes.Buffer
	o, err := notify.Open(good(t, "log"), channel.Deps{Log: slog.New(slog.NewJSONHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	m := channeltest.Message()
	for _, h := range channeltest.Hostile {
		out.Reset()
		m.Alert.Headline, m.Alert.Reason, m.Alert.Watch = h, h, h
		if err := o.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		var line struct{ Level, Msg, Key, Alert, Reason, Watch string }
		if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Key != m.Key || line.Level != "WARN" {
			t.Fatalf("%s: %v", out.String(), err)
		}
		for _, s := range []string{line.Msg, line.Reason, line.Watch} {
			if channeltest.Plain(t, s); strings.Contains(s, "\n") {
				t.Errorf("%q has a line break", s)
			}
		}
	}
}

// The whole way with a real receiver: it takes the message, the notifier dies
// before it can note that, and the next one sends it again. The receiver
// verifies both, and knows the second by its id.
func TestASignedWebhookOverACrash(t *testing.T) {
	w := &world{memory: newMemory()}
	type taken struct{ id, headline string }
	got := make(chan taken, 10)
	verify, err := standardwebhooks.NewWebhook(webhookKey)
	if err != nil {
		t.Fatal(err)
	}
	first := true
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := verify.Verify(body, r.Header); err != nil {
			t.Errorf("the signature: %v", err)
		}
		var e struct{ Data events.Alert }
		if err := json.Unmarshal(body, &e); err != nil {
			t.Error(err)
		}
		if first {
			w.kill()
			first = false
		}
		got <- taken{r.Header.Get("webhook-id"), e.Data.Headline}
	}))
	defer s.Close()
	c := good(t, "webhook")
	c.URL = s.URL
	o, err := notify.Open(c, channel.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	cfg := notify.Config{Channels: []notify.Opened{o}, Subscriptions: to("desk")}
	ids := map[string]int{}
	for range 2 {
		stop := w.life(t, cfg, func(n *notify.Notifier) {
			// The first is killed before it can acknowledge this, or after.
			if err := n.Handle(t.Context(), say("a1", 1, events.Opened), 1); err != nil && !errors.Is(err, errKilled) {
				t.Error(err)
			}
			select {
			case m := <-got:
				ids[m.id]++
			case <-time.After(20 * time.Second):
				t.Error("nothing came")
			}
		})
		stop()
	}
	if key := events.NotificationKey("a1", 1, "desk"); len(ids) != 1 || ids[key] != 2 {
		t.Errorf("the receiver saw %v", ids)
	}
	if w.waiting() != 0 {
		t.Errorf("%d wait", w.waiting())
	}
}
