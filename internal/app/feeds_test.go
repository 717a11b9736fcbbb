package app

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tocsin-news/tocsin/internal/ingest"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// rss writes a feed of items that are published now.
func rss(items ...events.Article) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>T</title><link>https://example.org/</link>`)
	for _, a := range items {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid>%s</guid><pubDate>%s</pubDate><description>%s</description></item>",
			strings.ReplaceAll(a.Title, "&", "&amp;"), a.URL, a.URL, time.Now().UTC().Format(time.RFC1123), strings.ReplaceAll(a.Text, "&", "&amp;"))
	}
	return b.String() + "</channel></rss>"
}

// palmBeach is the sample's articles of the meeting, by outlet.
func palmBeach() map[string]events.Article {
	out := map[string]events.Article{}
	for _, a := range sample.Articles() {
		if strings.Contains(a.Title+a.Text, "Rutte") {
			if _, ok := out[a.Source]; !ok {
				out[a.Source] = a
			}
		}
	}
	return out
}

// feedServer is a dozen outlets, each with its own manners.
type feedServer struct {
	mu       sync.Mutex
	asked    map[string]int
	notModif int
	articles map[string]events.Article
}

func (f *feedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.Trim(r.URL.Path, "/")
	f.mu.Lock()
	f.asked[name]++
	f.mu.Unlock()
	a := func(source string) string { return rss(f.articles[source]) }
	switch name {
	case "robots.txt":
		http.NotFound(w, r)
	case "etag":
		if r.Header.Get("If-None-Match") == `"v1"` {
			f.mu.Lock()
			f.notModif++
			f.mu.Unlock()
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		io.WriteString(w, a("ondes.example"))
	case "moved":
		http.Redirect(w, r, "/moved-here", http.StatusMovedPermanently)
	case "moved-here":
		io.WriteString(w, a("courier.example"))
	case "gzip":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, a("atlanticreview.example"))
		z.Close()
	case "charset": // says UTF-8, is Windows-1252
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		s, _ := charmap.Windows1252.NewEncoder().String(a("lemidi.example"))
		io.WriteString(w, s)
	case "truncated":
		whole := rss(f.articles["brusselsnote.example"], f.articles["defencedesk.example"])
		io.WriteString(w, whole[:len(whole)-60])
	case "slow":
		for _, c := range []byte(a("polarpost.example")) {
			if _, err := w.Write([]byte{c}); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(time.Second):
			}
		}
	case "gone":
		w.WriteHeader(http.StatusGone)
	case "html":
		io.WriteString(w, "<!doctype html><html><body>A page</body></html>")
	case "huge":
		io.WriteString(w, "<rss><channel>")
		for range 50 << 10 {
			if _, err := w.Write(bytes.Repeat([]byte(" "), 1024)); err != nil {
				return
			}
		}
	case "bomb":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 200 {
			z.Write(make([]byte, 1<<20))
		}
		z.Close()
	case "deep":
		io.WriteString(w, "<rss><channel>"+strings.Repeat("<a>", 1_000_000))
	case "json":
		w.Header().Set("Content-Type", "application/feed+json")
		x := f.articles["harbourpost.example"]
		json.NewEncoder(w).Encode(map[string]any{
			"version": "https://jsonfeed.org/version/1.1", "title": "T",
			"items": []any{map[string]any{"id": x.URL, "url": x.URL, "title": x.Title, "content_text": x.Text, "date_published": time.Now().UTC().Format(time.RFC3339)}},
		})
	default:
		http.NotFound(w, r)
	}
}

// hook is a webhook's receiver.
type hook struct {
	mu    sync.Mutex
	got   []events.Alert
	bad   []string
	taken chan struct{}
	key   *standardwebhooks.Webhook
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.key.Verify(body, r.Header); err != nil {
		h.bad = append(h.bad, err.Error())
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var e struct {
		Type string
		Data events.Alert
	}
	if err := json.Unmarshal(body, &e); err != nil || e.Type != events.TypeAlert {
		h.bad = append(h.bad, fmt.Sprintf("%s: %v", body, err))
	}
	h.got = append(h.got, e.Data)
	select {
	case h.taken <- struct{}{}:
	default:
	}
}

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// A dozen outlets on one machine, well and ill: what can be read arrives, what
// cannot is told of, and the alert comes out of the webhook, signed.
func TestFeedsToWebhook(t *testing.T) {
	feeds := &feedServer{asked: map[string]int{}, articles: palmBeach()}
	outlets := httptest.NewServer(feeds)
	t.Cleanup(outlets.Close)
	key, err := standardwebhooks.NewWebhook(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	receiver := &hook{taken: make(chan struct{}, 1), key: key}
	desk := httptest.NewServer(receiver)
	t.Cleanup(desk.Close)
	secret := filepath.Join(t.TempDir(), "desk")
	if err := os.WriteFile(secret, []byte(hookSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	watches := withWatches(t, allianceWatch)
	r := start(t, func(c *Config) {
		watches(c)
		c.Egress.Allow = []string{"127.0.0.0/8"}
		for _, name := range []string{"etag", "moved", "gzip", "charset", "truncated", "slow", "gone", "html", "huge", "bomb", "deep", "json"} {
			c.Sources = append(c.Sources, ingest.Source{ID: name, Feed: outlets.URL + "/" + name, Every: 2 * time.Second})
		}
		c.Channels = []channel.Config{{Name: "desk", Kind: "webhook", URL: desk.URL, SecretFile: secret}}
		c.Subscriptions = []subscription.Subscription{{Name: "desk", Channel: "desk", Watches: []string{"alliance-*"}}}
	})
	patience := time.After(2 * time.Minute)
	for {
		receiver.mu.Lock()
		most, bad := 0, receiver.bad
		for _, a := range receiver.got {
			most = max(most, len(a.Articles))
		}
		receiver.mu.Unlock()
		if len(bad) > 0 {
			t.Fatal("a notification that does not verify: ", bad)
		}
		feeds.mu.Lock()
		again := feeds.notModif
		feeds.mu.Unlock()
		// An alert of three origins is told again at five, and then at eight: what
		// comes in between waits for its quarter of an hour.
		held := 0
		for _, l := range r.lives("alliance-missile") {
			if e, ok := r.Explain(t.Context(), l.ID); ok {
				held = max(held, len(e.Articles))
			}
		}
		// Six outlets can be read, and one of them has two articles.
		ledger, err := r.Ledger(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if most >= 5 && held >= 6 && ledger.Accepted >= 7 && again > 0 {
			break
		}
		select {
		case <-receiver.taken:
		case <-time.After(time.Second):
		case <-patience:
			t.Fatalf("the webhook had %d articles at most, the alert holds %d, %d not modified; %s; health: %s", most, held, again, ledger, text(t, r.ingestor.health()))
		}
	}
	health := text(t, r.ingestor.health())
	for _, want := range []string{`"id":"gone","kind":"feed"`, `"state":"gone"`, `410`, `HTML page`} {
		if !strings.Contains(health, want) {
			t.Errorf("the health of the sources does not say %s: %s", want, health)
		}
	}
	b, err := r.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !b.Balanced() {
		t.Error(b)
	}
	versions := map[string]int{}
	receiver.mu.Lock()
	defer receiver.mu.Unlock()
	for _, a := range receiver.got {
		if a.Version <= versions[a.ID] {
			t.Errorf("version %d of %s came after %d", a.Version, a.ID, versions[a.ID])
		}
		versions[a.ID] = a.Version
	}
	if len(versions) != 1 {
		t.Errorf("%d alerts came, want one living one", len(versions))
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
