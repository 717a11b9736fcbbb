package egress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func open(t *testing.T) *Client {
	t.Helper()
	return client(t, Config{Allow: []string{"127.0.0.0/8", "::1"}})
}

func client(t *testing.T, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// get fetches url and reads the answer whole.
func get(t *testing.T, c *Client, url string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Skipf("no such request: %v", err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}

func reason(err error) Reason {
	var r *Refused
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

// canary listens on loopback and counts who comes.
func canary(t *testing.T) (port string, visits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	visits = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, visits
}

func TestNoSpellingReachesTheCanary(t *testing.T) {
	port, visits := canary(t)
	n := 0
	fmt.Sscan(port, &n)
	c := client(t, Config{Ports: []int{n}}) // even where the port is allowed
	for _, host := range []string{
		"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
		"127.000.000.001", "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "[::1]", "[::]", "[::ffff:127.0.0.1]",
		"[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
		"127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1", "0x7f.1.", "127.0.0.0x1",
	} {
		_, _, err := get(t, c, "http://"+host+":"+port+"/")
		if err == nil {
			t.Errorf("%s: no error", host)
			continue
		}
		if strings.Contains(err.Error(), "connection refused") {
			t.Errorf("%s: the error tells that the port is closed: %v", host, err)
		}
	}
	if v := visits.Load(); v != 0 {
		t.Fatalf("the canary had %d visits", v)
	}
}

func TestForbiddenPortsLookAlike(t *testing.T) {
	port, _ := canary(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	c := client(t, Config{})
	_, _, err1 := get(t, c, "http://127.0.0.1:"+port)
	_, _, err2 := get(t, c, "http://"+closed)
	if strings.ReplaceAll(err1.Error(), "127.0.0.1:"+port, "X") != strings.ReplaceAll(err2.Error(), closed, "X") {
		t.Errorf("open: %v\nclosed: %v", err1, err2)
	}
	if reason(err1) != ReasonAddress {
		t.Errorf("reason %q", reason(err1))
	}
}

func TestSchemesAndUserInfoAreRefused(t *testing.T) {
	c := open(t)
	for url, want := range map[string]Reason{
		"file:///etc/passwd":       ReasonScheme,
		"gopher://127.0.0.1/":      ReasonScheme,
		"data:text/plain,x":        ReasonScheme,
		"ftp://127.0.0.1/":         ReasonScheme,
		"unix:///var/run/x":        ReasonScheme,
		"http://":                  ReasonURL,
		"http://u:p@127.0.0.1/":    ReasonURL,
		"http://u@example.org/":    ReasonURL,
		"http://2130706433/":       ReasonAddress,
		"http://0x7f.1/":           ReasonAddress,
		"http://example.org:2.3.4": "",
	} {
		_, _, err := get(t, c, url)
		if err == nil || reason(err) != want {
			t.Errorf("%s: %v, want reason %q", url, err, want)
		}
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	_, _, err := get(t, client(t, Config{}), "http://user:hunter2@127.0.0.1/services/T0/B0/canary?token=canary#canary")
	if err == nil || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

func TestAnHonestUserAgentAndNoCookies(t *testing.T) {
	var got http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	c := client(t, Config{Allow: []string{"127.0.0.1"}, Contact: "ops@example.org"})
	for range 2 {
		if _, _, err := get(t, c, url); err != nil {
			t.Fatal(err)
		}
	}
	if ua := got.Get("User-Agent"); ua != "Tocsin (+https://github.com/tocsin-news/tocsin) ops@example.org" {
		t.Errorf("User-Agent %q", ua)
	}
	if got.Get("Cookie") != "" {
		t.Error("a cookie came back")
	}
}

func TestOneRequestAtATimeToAHost(t *testing.T) {
	var now, most atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		io.WriteString(w, strings.Repeat("x", 1<<16))
	})
	c := open(t)
	done := make(chan error)
	for range 20 {
		go func() {
			_, _, err := get(t, c, url)
			done <- err
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if m := most.Load(); m != 1 {
		t.Errorf("%d at once", m)
	}
}

func TestWaitingForAHostEndsWithTheContext(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") })
	c := open(t)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	held, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Do(req.WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	held.Body.Close()
	if _, _, err := get(t, c, url); err != nil {
		t.Errorf("after the close: %v", err)
	}
}

func TestMailIsHandedInUnderTheSameRules(t *testing.T) {
	port, visits := canary(t)
	if _, err := client(t, Config{}).Dial(t.Context(), "tcp", "127.0.0.1:"+port); reason(err) != ReasonAddress {
		t.Errorf("error %v", err)
	}
	if visits.Load() != 0 {
		t.Error("the canary was visited")
	}
	conn, err := open(t).Dial(t.Context(), "tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestMetricsAreBoundedAndNamed(t *testing.T) {
	reg := prometheus.NewRegistry()
	c, err := New(Config{Allow: []string{"127.0.0.1"}}, reg)
	if err != nil {
		t.Fatal(err)
	}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
			return
		}
		io.WriteString(w, "hello")
	})
	for _, u := range []string{url, url + "/gone", "http://10.0.0.1/", "http://10.0.0.2/", "file:///x"} {
		_, _, _ = get(t, c, u)
	}
	const want = `
# HELP tocsin_egress_refused_total Outbound requests given up by a rule, by reason.
# TYPE tocsin_egress_refused_total counter
tocsin_egress_refused_total{reason="address"} 2
tocsin_egress_refused_total{reason="scheme"} 1
# HELP tocsin_egress_requests_total Outbound requests by class of answer: 2xx, 3xx, 4xx, 5xx, refused (by a rule of ours) or error.
# TYPE tocsin_egress_requests_total counter
tocsin_egress_requests_total{class="2xx"} 1
tocsin_egress_requests_total{class="4xx"} 1
tocsin_egress_requests_total{class="refused"} 3
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "tocsin_egress_refused_total", "tocsin_egress_requests_total"); err != nil {
		t.Error(err)
	}
	if p, err := testutil.GatherAndLint(reg); err != nil || len(p) > 0 {
		t.Error(err, p)
	}
}
