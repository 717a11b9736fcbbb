package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/tocsin-news/tocsin/pkg/events"
)

type tokens map[string]string

func (k tokens) Authorize(bearer string) (string, bool) {
	name, ok := k[bearer]
	return name, ok
}

func line(path, title string) string {
	return fmt.Sprintf(`{"url":"https://example.org/%s","title":%q,"text":"Ministers met in Oslo."}`+"\n", path, title)
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// pushed is an answer of either kind.
type pushed struct {
	Receipt
	Type, Title, Detail string
	Status              int
}

func push(p *Push, body string, header ...string) (*httptest.ResponseRecorder, pushed) {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/articles", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer s3cret")
	r.Header.Set("Content-Type", "application/x-ndjson")
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
		if header[n+1] == "" {
			r.Header.Del(header[n])
		}
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	var t pushed
	if err := json.Unmarshal(w.Body.Bytes(), &t); err != nil {
		panic(err)
	}
	return w, t
}

func newPush() (*Push, *log) {
	d, l, _ := newDoor()
	return &Push{Door: d, Auth: tokens{"s3cret": "wire"}}, l
}

func TestPush(t *testing.T) {
	for _, c := range []struct {
		name     string
		body     string
		header   []string
		status   int
		accepted int
		detail   string
		rejected []Rejection
	}{
		{"lines", line("a", "A") + line("b", "B"), nil, 202, 2, "", nil},
		{"one article, over several lines", "{\n\"title\":\"A\",\n\"url\":\"https://example.org/a\"}\n", []string{"Content-Type", "application/json; charset=utf-8"}, 202, 1, "", nil},
		{"nothing", "", nil, 202, 0, "", nil},
		{"no type is JSONL", line("a", "A"), []string{"Content-Type", ""}, 202, 1, "", nil},
		{"gzip", zipped(line("a", "A")), []string{"Content-Encoding", "gzip"}, 202, 1, "", nil},
		{
			"a bad line, and the rest goes on", line("a", "A") + "{nonsense\n" + `{"title":"no source"}` + "\n" + line("b", "B"), nil, 202, 2, "",
			[]Rejection{{2, "it is not JSON"}, {3, "source: is empty"}},
		},
		{"a line that is too long", line("a", "A") + `{"text":"` + strings.Repeat("x", 10<<20) + "\"}\n" + line("b", "B"), nil, 202, 2, "", []Rejection{{2, "more than 4096 KiB"}}},
		{"one article that is too long", `{"text":"` + strings.Repeat("x", 10<<20) + `"}`, []string{"Content-Type", "application/json"}, 413, 0, "more than 4096 KiB", nil},
		{"one article that is none", `{"title":7}`, []string{"Content-Type", "application/json"}, 400, 0, "title: it is a JSON number", nil},
		{"one article that lacks its words", `{"url":"https://example.org/a"}`, []string{"Content-Type", "application/json"}, 422, 0, "title: is empty", []Rejection{{1, "title: is empty"}}},
		{"no token", line("a", "A"), []string{"Authorization", ""}, 401, 0, "Bearer", nil},
		{"a wrong token", line("a", "A"), []string{"Authorization", "Bearer wrong"}, 401, 0, "Bearer", nil},
		{"another scheme", line("a", "A"), []string{"Authorization", "Basic s3cret"}, 401, 0, "Bearer", nil},
		{"another type", line("a", "A"), []string{"Content-Type", "text/csv"}, 415, 0, "application/x-ndjson", nil},
		{"another encoding", line("a", "A"), []string{"Content-Encoding", "br"}, 415, 0, "gzip", nil},
		{"not gzip", line("a", "A"), []string{"Content-Encoding", "gzip"}, 400, 0, "not gzip", nil},
		{"gzip cut off", zipped(strings.Repeat(line("a", "A"), 100))[:60], []string{"Content-Encoding", "gzip"}, 400, -1, "ended early", nil},
		{"larger than the bound", strings.Repeat(" \n", 7<<20), nil, 413, 0, "larger than", nil},
		{"a gzip bomb", zipped(strings.Repeat(" \n", 9<<20)), []string{"Content-Encoding", "gzip"}, 413, 0, "larger than", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, l := newPush()
			p.MaxBody = 12 << 20
			w, got := push(p, c.body, c.header...)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if c.accepted >= 0 && (got.Accepted != c.accepted || len(l.all()) != c.accepted) {
				t.Errorf("accepted %d and published %d, want %d", got.Accepted, len(l.all()), c.accepted)
			}
			if c.status != 202 {
				if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" || got.Status != c.status || !strings.Contains(got.Detail, c.detail) {
					t.Errorf("%s: %+v, want detail %q", kind, got, c.detail)
				}
			}
			if len(got.Rejected) != len(c.rejected) {
				t.Fatalf("rejected %v", got.Rejected)
			}
			for n, r := range c.rejected {
				if got.Rejected[n].Line != r.Line || !strings.Contains(got.Rejected[n].Error, r.Error) {
					t.Errorf("rejected %v, want %v", got.Rejected[n], r)
				}
			}
			if n := testutil.ToFloat64(p.Door.Metrics.Push.WithLabelValues(fmt.Sprint(c.status))); n != 1 {
				t.Errorf("counted %v times", n)
			}
		})
	}
}

func TestPushingAgainIsHarmless(t *testing.T) {
	p, l := newPush()
	body := line("a", "A") + line("b", "B")
	push(p, body)
	if _, got := push(p, body); got.Accepted != 0 || got.Duplicates != 2 || len(l.all()) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestAPushThatTheLogRefusesIsNotAcknowledged(t *testing.T) {
	p, l := newPush()
	l.fail = func(a events.Article) error {
		if a.Title == "C" {
			return errors.New("nats: no responders, with a secret in it")
		}
		return nil
	}
	body := line("a", "A") + line("b", "B") + line("c", "C") + line("d", "D")
	w, got := push(p, body)
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || got.Accepted != 2 || strings.Contains(got.Detail, "secret") {
		t.Errorf("%d %v %+v", w.Code, w.Header(), got)
	}
	l.fail = nil
	if w, got := push(p, body); w.Code != 202 || got.Accepted != 2 || got.Duplicates != 2 {
		t.Errorf("%d %+v", w.Code, got)
	}
}

func TestPushIsBounded(t *testing.T) {
	t.Run("a token's rate", func(t *testing.T) {
		p, _ := newPush()
		p.PerSecond = 0.2
		for range 2 {
			push(p, line("a", "A"))
		}
		w, got := push(p, line("b", "B"))
		if w.Code != 429 || w.Header().Get("Retry-After") == "" || got.Accepted != 0 {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
	t.Run("requests at once", func(t *testing.T) {
		p, l := newPush()
		p.InFlight = 1
		inside, leave := make(chan bool), make(chan bool)
		l.fail = func(events.Article) error { inside <- true; <-leave; return nil }
		done := make(chan int)
		go func() { w, _ := push(p, line("a", "A")); done <- w.Code }()
		<-inside
		w, _ := push(p, line("b", "B"))
		if w.Code != 429 || w.Header().Get("Retry-After") == "" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		leave <- true
		if code := <-done; code != 202 {
			t.Errorf("the first: %d", code)
		}
	})
	t.Run("a full disk", func(t *testing.T) {
		p, _ := newPush()
		p.Door.Full = func() bool { return true }
		if w, _ := push(p, line("a", "A")); w.Code != 503 || w.Header().Get("Retry-After") != "30" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
	t.Run("a declared length", func(t *testing.T) {
		p, _ := newPush()
		r := httptest.NewRequest(http.MethodPost, "/", iotest.ErrReader(errors.New("read")))
		r.Header.Set("Authorization", "bearer s3cret")
		r.ContentLength = 1 << 40
		w := httptest.NewRecorder()
		if p.ServeHTTP(w, r); w.Code != 413 {
			t.Errorf("%d", w.Code)
		}
	})
	t.Run("a slow sender", func(t *testing.T) {
		p, l := newPush()
		p.Patience = 50 * time.Millisecond
		url := serve(t, p)
		body, send := io.Pipe()
		go io.WriteString(send, line("a", "A")) // and then nothing
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
		req.Header.Set("Authorization", "Bearer s3cret")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != 408 || len(l.all()) != 1 {
			t.Errorf("%d, %v", resp.StatusCode, l.titles())
		}
		send.Close()
	})
	t.Run("a quick sender, a slow log", func(t *testing.T) {
		p, l := newPush()
		p.Patience = 50 * time.Millisecond
		l.fail = func(events.Article) error { time.Sleep(2 * p.Patience); return nil }
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, serve(t, p), strings.NewReader(line("a", "A")))
		req.Header.Set("Authorization", "Bearer s3cret")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != 202 {
			t.Errorf("%d", resp.StatusCode)
		}
	})
	t.Run("another method", func(t *testing.T) {
		p, _ := newPush()
		w := httptest.NewRecorder()
		if p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil)); w.Code != 405 || w.Header().Get("Allow") != "POST" {
			t.Errorf("%d", w.Code)
		}
	})
}

func FuzzPush(f *testing.F) {
	f.Add(line("a", "A")+"{bad\n", true, false)
	f.Add(`{"title":"x","url":"https://example.org/","published_at":"2024-11-22T10:00:00Z","authors":["a"]}`, false, false)
	f.Add(zipped(line("a", "A")), true, true)
	f.Fuzz(func(t *testing.T, body string, many, zip bool) {
		p, l := newPush()
		header := []string{"Content-Type", "application/json"}
		if many {
			header[1] = "application/x-ndjson"
		}
		if zip {
			header = append(header, "Content-Encoding", "gzip")
		}
		_, got := push(p, body, header...)
		all := l.all()
		if len(all) != got.Accepted {
			t.Errorf("%d accepted, %d in the log", got.Accepted, len(all))
		}
		for _, a := range all {
			if err := a.Validate(); err != nil {
				t.Errorf("published: %v", err)
			}
			if !a.FetchedAt.Equal(noon) {
				t.Errorf("its time is %s", a.FetchedAt)
			}
		}
	})
}
