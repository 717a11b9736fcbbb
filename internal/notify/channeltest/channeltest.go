// Package channeltest is what every channel over HTTP must do, whatever it is
// called: one suite, run by each channel's own test against a local server
// that speaks its API.
package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Kind is a kind of channel under test.
type Kind struct {
	// Open opens the channel on a server at url with the given secret.
	Open func(t *testing.T, url, secret string) channel.Channel
	// Secret is a secret of the right form; "" when the kind has none but the
	// address.
	Secret string
	// Parse takes a request's body apart. It fails the test on anything that
	// the kind's template did not make, and returns the plain texts as a person
	// would see them.
	Parse func(t *testing.T, body []byte) []string
	// MaxBody is the service's limit in bytes for one request.
	MaxBody int
	// Machine marks a kind that hands on data for programs: no text to read.
	Machine bool
}

// Request is what the server got.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         []byte
}

// Serve answers with h and keeps the requests.
func Serve(t *testing.T, h http.HandlerFunc) (url string, requests <-chan Request) {
	t.Helper()
	got := make(chan Request, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- Request{r.Method, r.URL.EscapedPath(), r.Header, b}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

// SecretFile writes a secret to a file.
func SecretFile(t *testing.T, secret string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Canary is a part of an address that is a secret.
const Canary = "canary-of-the-address-0123456789"

// Message is an alert as it may be.
func Message() channel.Message {
	at := time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC)
	return channel.Message{Key: "00112233445566778899aabbccddeeff", Alert: events.Alert{
		ID: "0123456789abcdef0123456789abcdef", Version: 2, State: events.Escalated, Level: events.High, Watch: "nato-missile",
		Headline: "Le secrétaire général rencontre le président élu", At: at, Origins: 3,
		Reason: "Three independent origins in two hours.", Changed: "elevated to high",
		Articles: []events.Evidence{{ID: "x", Source: "example.org", URL: "https://example.org/a?b=1&c=2", Title: "Une rencontre à Palm Beach", PublishedAt: at, Origin: "example.org", Why: "own reporting"}},
	}}
}

// Run is the suite.
func Run(t *testing.T, k Kind) {
	if k.Secret == "" {
		k.Secret = "unused-canary-0123456789"
	}
	t.Run("a message is taken", func(t *testing.T) { taken(t, k) })
	t.Run("the answers are judged", func(t *testing.T) { judged(t, k) })
	t.Run("redirects are not followed", func(t *testing.T) { redirected(t, k) })
	t.Run("a slow receiver ends with the context", func(t *testing.T) { slow(t, k) })
	t.Run("an endless answer is cut off", func(t *testing.T) { endless(t, k) })
	t.Run("no error shows a secret", func(t *testing.T) { secret(t, k) })
	t.Run("hostile content is inert", func(t *testing.T) { hostile(t, k) })
	t.Run("huge content is cut to the limit", func(t *testing.T) { huge(t, k) })
	t.Run("tests and reports say what they are", func(t *testing.T) { notices(t, k) })
}

func answer(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		if status != http.StatusNoContent {
			fmt.Fprint(w, "{}")
		}
	}
}

func taken(t *testing.T, k Kind) {
	url, got := Serve(t, answer(200))
	if err := k.Open(t, url, k.Secret).Send(t.Context(), Message()); err != nil {
		t.Fatal(err)
	}
	r := <-got
	if !json.Valid(r.Body) {
		t.Fatalf("the body is no JSON: %s", r.Body)
	}
	seen := strings.Join(k.Parse(t, r.Body), "\n")
	for _, want := range []string{Message().Alert.Headline, "Une rencontre à Palm Beach", "example.org", "Three independent origins in two hours."} {
		if !strings.Contains(seen, want) {
			t.Errorf("a person does not see %q in:\n%s", want, seen)
		}
	}
}

func judged(t *testing.T, k Kind) {
	for _, tc := range []struct {
		status    int
		header    []string
		permanent bool
		delay     time.Duration
	}{
		{status: 429, header: []string{"Retry-After", "30"}, delay: 30 * time.Second},
		{status: 503, header: []string{"Retry-After", "999999999"}, delay: channel.MaxRetryAfter},
		{status: 429},
		{status: 408},
		{status: 409},
		{status: 425},
		{status: 500},
		{status: 502},
		{status: 400, permanent: true},
		{status: 401, permanent: true},
		{status: 404, permanent: true},
		{status: 410, permanent: true},
	} {
		url, _ := Serve(t, answer(tc.status, tc.header...))
		err := k.Open(t, url, k.Secret).Send(t.Context(), Message())
		delay, _ := verdict.Delay(err)
		if err == nil || verdict.IsPermanent(err) != tc.permanent || delay != tc.delay {
			t.Errorf("%d: %v (permanent %v, after %v)", tc.status, err, verdict.IsPermanent(err), delay)
		}
	}
	at := time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat)
	url, _ := Serve(t, answer(429, "Retry-After", at))
	err := k.Open(t, url, k.Secret).Send(t.Context(), Message())
	if d, _ := verdict.Delay(err); d < 9*time.Minute || d > 10*time.Minute {
		t.Errorf("Retry-After as a date asks for %v", d)
	}
}

func redirected(t *testing.T, k Kind) {
	elsewhere, visits := Serve(t, answer(200))
	for _, status := range []int{301, 302, 307, 308} {
		url, _ := Serve(t, answer(status, "Location", elsewhere))
		if err := k.Open(t, url, k.Secret).Send(t.Context(), Message()); !verdict.IsPermanent(err) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if len(visits) != 0 {
		t.Error("a redirect was followed")
	}
}

func slow(t *testing.T, k Kind) {
	asked := make(chan struct{}, 1)
	url, _ := Serve(t, func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if err := k.Open(t, url, k.Secret).Send(ctx, Message()); err == nil || verdict.IsPermanent(err) {
		t.Errorf("Send = %v", err)
	}
}

func endless(t *testing.T, k Kind) {
	for _, status := range []int{200, 500} {
		url, _ := Serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			chunk := bytes.Repeat([]byte("x"), 32<<10)
			for r.Context().Err() == nil {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		})
		err := k.Open(t, url, k.Secret).Send(t.Context(), Message())
		if (err == nil) != (status == 200) || (err != nil && len(err.Error()) > 600) {
			t.Errorf("%d: %.700v", status, err)
		}
	}
}

func secret(t *testing.T, k Kind) {
	check := func(err error) {
		t.Helper()
		for e := err; e != nil; {
			for _, s := range []string{k.Secret, Canary} {
				if strings.Contains(e.Error(), s) {
					t.Errorf("the error shows %q: %v", s, e)
				}
			}
			u, ok := e.(interface{ Unwrap() error })
			if !ok {
				return
			}
			e = u.Unwrap()
		}
	}
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, "%s %s %s", r.Header.Get("Authorization"), r.Header.Get("X-Gotify-Key"), r.URL)
		}
	}
	for _, status := range []int{301, 400, 401, 429, 500} {
		url, _ := Serve(t, echo(status))
		err := k.Open(t, url+"/"+Canary, k.Secret).Send(t.Context(), Message())
		if err == nil {
			t.Errorf("%d: no error", status)
		}
		check(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + l.Addr().String() + "/" + Canary
	_ = l.Close()
	err = k.Open(t, gone, k.Secret).Send(t.Context(), Message())
	if err == nil || verdict.IsPermanent(err) {
		t.Errorf("nobody there: %v", err)
	}
	check(err)
}

func notices(t *testing.T, k Kind) {
	if k.Machine {
		t.Skip("says so in its data")
	}
	url, got := Serve(t, answer(200))
	c := k.Open(t, url, k.Secret)
	test, report := Message(), Message()
	test.Test = true
	report.Undelivered = &channel.Undelivered{Channel: "mail", Reason: "answered 410"}
	for want, m := range map[string]channel.Message{"This is a test.": test, "Not delivered on channel mail": report} {
		if err := c.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if seen := strings.Join(k.Parse(t, (<-got).Body), "\n"); !strings.Contains(seen, want) {
			t.Errorf("a person does not see %q in:\n%s", want, seen)
		}
	}
}
