package webhook_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/webhook"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func key(b byte) string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(b), 32)))
}

func keyFile(t *testing.T, keys ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte(strings.Join(keys, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func message() channel.Message {
	return channel.Message{Key: "00112233445566778899aabbccddeeff", Alert: events.Alert{
		ID: "a1", Version: 2, State: events.Updated, Level: events.High, Watch: "nato-missile",
		Headline: "Ceci n'est pas <b>un titre</b>", At: time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC), Reason: "three origins",
	}}
}

type request struct {
	header http.Header
	body   []byte
}

func receiver(t *testing.T) (string, <-chan request) {
	t.Helper()
	got := make(chan request, 8)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- request{r.Header, b}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

func TestTheReceiverCanVerifyWithEitherKeyDuringRotation(t *testing.T) {
	url, got := receiver(t)
	c, err := webhook.Open(channel.Config{Name: "desk", Kind: "webhook", URL: url, SecretFile: keyFile(t, key('a'), key('b'))}, channel.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	r := <-got
	for name, tc := range map[string]struct {
		key string
		ok  bool
	}{"old": {key('a'), true}, "new": {key('b'), true}, "another": {key('c'), false}} {
		wh, err := standardwebhooks.NewWebhook(tc.key)
		if err != nil {
			t.Fatal(err)
		}
		if err := wh.Verify(r.body, r.header); (err == nil) != tc.ok {
			t.Errorf("with the %s key: %v", name, err)
		}
	}
	if id := r.header.Get("webhook-id"); id != message().Key {
		t.Errorf("webhook-id is %q", id)
	}
	if ct := r.header.Get("Content-Type"); !strings.HasPrefix(ct, "application/cloudevents+json") {
		t.Errorf("content type is %q", ct)
	}
	var e struct {
		SpecVersion, ID, Source, Type string
		Data                          events.Alert
	}
	if err := json.Unmarshal(r.body, &e); err != nil {
		t.Fatal(err)
	}
	if e.SpecVersion != "1.0" || e.ID != message().Key || e.Type != events.TypeAlert || e.Data.Headline != message().Alert.Headline {
		t.Errorf("the event is %+v", e)
	}
}

func TestAKeyIsRotatedByWritingTheFile(t *testing.T) {
	url, got := receiver(t)
	file := keyFile(t, key('a'))
	c, err := webhook.Open(channel.Config{Name: "desk", Kind: "webhook", URL: url, SecretFile: file}, channel.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(key('b')), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	wh, _ := standardwebhooks.NewWebhook(key('b'))
	if r := <-got; wh.Verify(r.body, r.header) != nil {
		t.Error("the new key does not sign")
	}
}

// The vector of the specification's own example: the same secret, id, time and
// body give the same signature in every library.
func TestTheSpecificationsVector(t *testing.T) {
	wh, err := standardwebhooks.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got, err := wh.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("Sign = %q, %v", got, err)
	}
}

func TestReportsAndTestsHaveTheirOwnType(t *testing.T) {
	m := message()
	m.Undelivered = &channel.Undelivered{Channel: "mail", Reason: "answered 410"}
	b, err := webhook.Body(m)
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Type string
		Data struct {
			Channel, Reason string
			Alert           events.Alert
		}
	}
	if err := json.Unmarshal(b, &e); err != nil || e.Type != webhook.TypeUndelivered || e.Data.Channel != "mail" || e.Data.Alert.ID != "a1" {
		t.Errorf("%s: %v", b, err)
	}
	m = message()
	m.Test = true
	if b, _ = webhook.Body(m); !strings.Contains(string(b), webhook.TypeTest) {
		t.Errorf("%s", b)
	}
}

func TestOpenNamesTheField(t *testing.T) {
	for _, tc := range []struct {
		name, field string
		c           channel.Config
	}{
		{"no address", "url", channel.Config{}},
		{"an address of a file", "url", channel.Config{URL: "file:///etc/passwd"}},
		{"an address with a password", "url", channel.Config{URL: "https://u:p@example.org/"}},
		{"no key file", "secret_file", channel.Config{URL: "https://example.org/", SecretFile: "/nonexistent"}},
		{"a key that is not base64", "secret_file", channel.Config{URL: "https://example.org/", SecretFile: keyFile(t, "whsec_%%%")}},
		{"a key that is too short", "secret_file", channel.Config{URL: "https://example.org/", SecretFile: keyFile(t, "whsec_c2hvcnQ=")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := webhook.Open(tc.c, channel.Deps{})
			var fe *events.FieldError
			if !errors.As(err, &fe) || fe.Field != tc.field {
				t.Errorf("Open = %v, want field %s", err, tc.field)
			}
		})
	}
}

func TestSuite(t *testing.T) {
	channeltest.Run(t, channeltest.Kind{
		Open: func(t *testing.T, url, secret string) channel.Channel {
			t.Helper()
			c, err := webhook.Open(channel.Config{Name: "desk", Kind: "webhook", URL: url, SecretFile: keyFile(t, secret)}, channel.Deps{})
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		Secret: key('s'), MaxBody: 64 << 20, Machine: true,
		Parse: func(t *testing.T, body []byte) []string {
			t.Helper()
			var e struct{ Data json.RawMessage }
			if err := json.Unmarshal(body, &e); err != nil {
				t.Fatal(err)
			}
			var a events.Alert
			if err := json.Unmarshal(e.Data, &a); err != nil {
				t.Fatal(err)
			}
			out := []string{a.Headline, a.Reason}
			for _, v := range a.Articles {
				out = append(out, v.Title, v.Source)
			}
			return out
		},
	})
}
