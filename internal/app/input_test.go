package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func (r *running) call(t *testing.T, method, path, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	switch {
	case strings.Contains(body, "\n"):
		req.Header.Set("Content-Type", "application/x-ndjson")
	case body != "":
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// token is the secret of a role.
func (r *running) token(role string) string {
	for _, s := range r.secrets {
		if s.Role == role {
			return s.value
		}
	}
	return ""
}

// What is pushed is taken line by line; each bad one is told with its number
// and reason, and the good ones are durable.
func TestPushedInput(t *testing.T) {
	r := start(t, withWatches(t, allianceWatch))
	token := r.token("ingest")
	if status, body := r.call(t, "POST", "/api/v1/articles", "wrong", `{"title":"t"}`); status != http.StatusUnauthorized {
		t.Errorf("a wrong token: %d %s", status, body)
	}
	lines := strings.Join([]string{
		`{"source":"a.example","url":"https://a.example/1","title":"Good","text":"Well."}`,
		`{"source":"a.example","url":"https://a.example/2"}`,
		`{"source":"a.example",`,
		`{"source":"a.example","url":"https://a.example/3","title":"Long","text":"` + strings.Repeat("x", 10<<20) + `"}`,
		`{"source":"a.example","url":"https://a.example/4","title":"1970","text":"Old.","published_at":"1970-01-01T00:00:00Z"}`,
		`{"source":"a.example","url":"https://a.example/5","title":"Next year","text":"New.","published_at":"2031-01-01T00:00:00Z"}`,
		"{\"source\":\"a.example\",\"url\":\"https://a.example/6\",\"title\":\"\xff\xfe\",\"text\":\"x\"}",
		`{"source":"a.example","url":"https://a.example/1","title":"Good","text":"Well."}`,
	}, "\n") + "\n"
	status, body := r.call(t, "POST", "/api/v1/articles", token, lines)
	if status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	var got struct {
		Accepted, Duplicates int
		Rejected             []struct {
			Line  int
			Error string
		}
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Accepted != 3 || got.Duplicates != 1 || len(got.Rejected) != 4 {
		t.Errorf("got %s", body)
	}
	for i, want := range []int{2, 3, 4, 7} {
		if i < len(got.Rejected) && (got.Rejected[i].Line != want || got.Rejected[i].Error == "") {
			t.Errorf("rejected %+v, want line %d", got.Rejected[i], want)
		}
	}
	r.settle(t)
	b, err := r.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !b.Balanced() || b.Accepted != 3 || b.Enriched != 3 {
		t.Error(b)
	}
}

// What another program writes to the stream and is no article becomes a dead
// letter with its reason, can be looked at and sent back, and delays nobody.
func TestPoisonIsADeadLetter(t *testing.T) {
	r := start(t, withWatches(t, allianceWatch))
	admin := r.token("admin")
	if _, err := bus.Publish(t.Context(), r.bus, "tocsin.article.poison", events.TypeArticle, "poison", json.RawMessage(`{"id":"p","source":"s"}`)); err != nil {
		t.Fatal(err)
	}
	good := events.Article{Source: "a.example", URL: "https://a.example/1", Title: "Good", Text: "Well.", FetchedAt: time.Now().UTC()}
	if err := r.Accept(t.Context(), good, true); err != nil {
		t.Fatal(err)
	}
	r.settle(t)
	status, body := r.call(t, "GET", "/api/v1/dead", admin, "")
	var list struct{ Dead []web.DeadLetter }
	if err := json.Unmarshal([]byte(body), &list); err != nil || status != 200 || len(list.Dead) != 1 {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	if l := list.Dead[0]; l.Worker != "enricher" || !strings.Contains(l.Reason, "title: is empty") {
		t.Errorf("got %+v", l)
	}
	if status, _ := r.call(t, "GET", "/api/v1/dead", "", ""); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", status)
	}
	if status, body := r.call(t, "POST", fmt.Sprintf("/api/v1/dead/%d/retry", list.Dead[0].Seq), admin, ""); status != 200 {
		t.Errorf("sent back: %d %s", status, body)
	}
	if status, body := r.call(t, "GET", "/api/v1/ledger", admin, ""); status != http.StatusOK || !strings.Contains(body, `"dead":1`) {
		t.Errorf("the ledger: %d %s", status, body)
	}
	if status, _ := r.call(t, "GET", "/api/v1/dead/999", admin, ""); status != http.StatusNotFound {
		t.Errorf("one that is not there: %d", status)
	}
	r.settle(t)
	b, err := r.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !b.Balanced() || b.Dead != 1 || b.Enriched != 1 {
		t.Error(b)
	}
}

// The broker is away at the start and dies in between: the workers wait, say
// so, and go on; nothing that was accepted is lost.
func TestBrokerAwayAndBack(t *testing.T) {
	dir := t.TempDir()
	serve := func() *bus.Server {
		s, err := bus.StartServer(t.Context(), bus.Config{Dir: dir, Listen: "127.0.0.1:14229", Sync: "2m"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c := Config{Listen: "127.0.0.1:0", NATS: bus.Config{URL: "nats://127.0.0.1:14229"}}
	withWatches(t, allianceWatch)(&c)
	c.Understanding = loaded(t)
	// The configuration has a path, so that its tokens are its own.
	c.Path = dir + "/tocsin.yaml"
	a, err := New(c, All, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
	if err := a.probes.Ready(); err == nil {
		t.Error("ready without a broker")
	}
	s := serve()
	select {
	case <-a.Up():
	case <-time.After(30 * time.Second):
		t.Fatal("it did not find the broker")
	}
	r := &running{App: a}
	r.play(t, "2024-11-23T13:38", "2024-11-23T13:57")
	s.Stop()
	wait(t, "not ready while the broker is away", func() bool { return a.probes.Ready() != nil })
	s = serve()
	t.Cleanup(s.Stop)
	wait(t, "ready again", func() bool { return a.probes.Ready() == nil })
	r.play(t, "2024-11-23T14:18", "2024-11-23T14:58")
	b, err := r.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !b.Balanced() || b.InFlight != 0 || b.Alerts != 1 {
		t.Error(b)
	}
}

func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 600 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("it never came: ", what)
}

// A wrong configuration never replaces the one that runs.
func TestReloadKeepsTheOld(t *testing.T) {
	edit := withWatches(t, allianceWatch)
	var file string
	r := start(t, func(c *Config) { edit(c); file = c.WatchFiles[0] })
	admin := r.token("admin")
	// The built-in configuration names no watch file, so reload would take the
	// pack: point it at the same file.
	r.cfg.Path = writeFile(t, fmt.Sprintf("nats: {embedded: true, dir: %s}\nlisten: 127.0.0.1:0\nwatch_files: [%s]\n", r.cfg.NATS.Dir, file))
	overwrite(t, file, allianceWatch+"  - name: second\n    query: (nato AND\n    when: {origins: 2, within: 2h}\n")
	if status, body := r.call(t, "POST", "/-/reload", admin, ""); status != http.StatusUnprocessableEntity || !strings.Contains(body, "watches.yaml") {
		t.Errorf("a wrong watch: %d %s", status, body)
	}
	if len(r.alerter.watches) != 1 {
		t.Errorf("%d watches run", len(r.alerter.watches))
	}
	overwrite(t, file, allianceWatch+"  - name: second\n    query: otan\n    when: {origins: 2, within: 2h}\n")
	if status, body := r.call(t, "POST", "/-/reload", admin, ""); status != http.StatusOK {
		t.Errorf("a right one: %d %s", status, body)
	}
	if len(r.alerter.watches) != 2 {
		t.Errorf("%d watches run after the reload", len(r.alerter.watches))
	}
}
