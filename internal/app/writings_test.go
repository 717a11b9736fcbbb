package app

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/web"
)

// send makes one call with headers (name, value, …), and returns what it
// answers.
func (r *running) send(t *testing.T, method, path, token, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
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
	return resp, string(b)
}

const shoreWatch = `
query: entity:Q7184 AND "palm beach"
when: {origins: 2, within: 2h}
level: info
tests:
  - fires: {title: "NATO chief in Palm Beach", text: "He met the president-elect."}
  - silent: {title: "A quiet day at the shore", text: ""}
`

// A watch that somebody puts counts at once, lives through a restart, raises
// alerts, and is gone when it is taken away; nothing of that touches others.
func TestAWatchIsWritten(t *testing.T) {
	var c Config
	r := start(t, func(cfg *Config) { withWatches(t, allianceWatch)(cfg); manned(t, cfg); c = *cfg })
	const path = "/api/v1/watches/palm-beach"
	resp, body := r.send(t, "PUT", path, r.token("analyst"), shoreWatch, "Content-Type", "application/yaml")
	if resp.StatusCode != http.StatusCreated || resp.Header.Get("ETag") == "" || !strings.Contains(body, `"name":"palm-beach"`) {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	again, body := r.send(t, "PUT", path, r.token("analyst"), body)
	if again.StatusCode != http.StatusOK || again.Header.Get("ETag") == resp.Header.Get("ETag") {
		t.Errorf("what was read cannot be put again: %d %s", again.StatusCode, body)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = run(t, c)
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	if len(r.lives("palm-beach")) == 0 || len(r.lives("alliance-missile")) != 1 {
		t.Errorf("after a restart %d and %d alerts", len(r.lives("palm-beach")), len(r.lives("alliance-missile")))
	}
	if resp, body := r.send(t, "DELETE", path, r.token("analyst"), "", "If-Match", resp.Header.Get("ETag")); resp.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("an old revision is taken away: %d %s", resp.StatusCode, body)
	}
	if resp, body := r.send(t, "DELETE", path, r.token("analyst"), "", "If-Match", again.Header.Get("ETag")); resp.StatusCode != http.StatusNoContent || body != "" {
		t.Errorf("it cannot be taken away: %d %s", resp.StatusCode, body)
	}
	if resp, _ := r.send(t, "GET", path, r.token("reader"), ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("it is still there: %d", resp.StatusCode)
	}
	if resp, _ := r.send(t, "PUT", path, r.token("analyst"), shoreWatch, "Content-Type", "application/yaml", "If-None-Match", "*"); resp.StatusCode != http.StatusCreated {
		t.Errorf("it cannot be written anew: %d", resp.StatusCode)
	}
	r.send(t, "DELETE", path, r.token("analyst"), "")
	w := &r.alerter.writings.watches
	if e, _, _, err := w.bucket.Get(t.Context(), "palm-beach"); err != nil || e.Value != nil || e.By != "the-analyst" {
		t.Errorf("who took it away is not known: %+v %v", e, err)
	}
	w.forgetGone(t.Context(), time.Now().Add(time.Second))
	until(t, "it is forgotten", func() bool { w.mu.RLock(); defer w.mu.RUnlock(); return len(w.has) == 0 })
	if resp, _ := r.send(t, "PUT", path, r.token("analyst"), shoreWatch, "Content-Type", "application/yaml"); resp.StatusCode != http.StatusCreated {
		t.Errorf("it cannot be written a third time: %d", resp.StatusCode)
	}
}

func TestWritesAreCheckedWhole(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	analyst := r.token("analyst")
	r.send(t, "PUT", "/api/v1/watches/good", analyst, `{"query":"nato"}`)
	r.send(t, "PUT", "/api/v1/subscriptions/good", analyst, `{"channel":"lines"}`)
	for _, tc := range []struct {
		name, method, path, token, body string
		want                            int
		says                            string
	}{
		{"a query with an open bracket", "PUT", "watches/good", analyst, `{"query":"(nato AND otan"}`, 422, `"column"`},
		{"a query that asks for nothing", "PUT", "watches/good", analyst, `{"query":"NOT nato"}`, 422, "asks for nothing"},
		{"a key that is none", "PUT", "watches/good", analyst, `{"query":"nato","whne":{}}`, 422, "did you mean when"},
		{"an example that fails", "PUT", "watches/good", analyst, `{"query":"nato","tests":[{"fires":{"title":"A quiet day"}}]}`, 422, "should fire"},
		{"another name than the address", "PUT", "watches/good", analyst, `{"name":"x","query":"nato"}`, 422, "put under"},
		{"a name that cannot be", "PUT", "watches/a%20b", analyst, `{"query":"nato"}`, 422, "letters, digits"},
		{"no body", "PUT", "watches/good", analyst, ``, 422, "as the body"},
		{"one of the configuration", "PUT", "watches/alliance-missile", analyst, `{"query":"nato"}`, 409, "watches.yaml:2"},
		{"one of the configuration", "DELETE", "watches/alliance-missile", analyst, ``, 409, "watches.yaml:2"},
		{"one that is not there", "DELETE", "watches/nothing", analyst, ``, 404, "nothing"},
		{"a reader", "PUT", "watches/good", r.token("reader"), `{"query":"nato"}`, 403, "the-reader"},
		{"nobody", "GET", "watches/good", "", ``, 401, "reader"},
		{"a channel that is none", "PUT", "subscriptions/good", analyst, `{"channel":"mail"}`, 422, "one of: lines"},
		{"a level that is none", "PUT", "subscriptions/good", analyst, `{"channel":"lines","min_level":"loud"}`, 422, "min_level"},
		{"a field that is none", "PUT", "subscriptions/good", analyst, `{"channel":"lines","min_levle":"high"}`, 422, "min_levle"},
		{"one of the configuration", "PUT", "subscriptions/all", analyst, `{"channel":"lines"}`, 409, "stands in"},
		{"a silence of nothing", "PUT", "silences/s1", analyst, `{"comment":"x","until":"2099-01-01T00:00:00Z"}`, 422, "watch"},
		{"a silence without end", "PUT", "silences/s1", analyst, `{"watch":"*","comment":"x"}`, 422, "until"},
		{"a silence that is over", "PUT", "silences/s1", analyst, `{"watch":"*","comment":"x","until":"2020-01-01T00:00:00Z"}`, 422, "is over"},
		{"a silence without a reason", "PUT", "silences/s1", analyst, `{"watch":"*","until":"2099-01-01T00:00:00Z"}`, 422, "comment"},
	} {
		resp, body := r.send(t, tc.method, "/api/v1/"+tc.path, tc.token, tc.body)
		if resp.StatusCode != tc.want || !strings.Contains(body, tc.says) {
			t.Errorf("%s: %d %s, want %d and %q", tc.name, resp.StatusCode, body, tc.want, tc.says)
		}
	}
	if _, body := r.send(t, "GET", "/api/v1/watches/good", analyst, ""); !strings.Contains(body, `"query":"nato"`) {
		t.Errorf("what ran was replaced: %s", body)
	}
	if _, body := r.send(t, "GET", "/api/v1/watches?limit=1&after=alliance-missile", analyst, ""); !strings.Contains(body, `"by":"the-analyst"`) || strings.Contains(body, "alliance") {
		t.Errorf("a page of the list: %s", body)
	}
}

// A silence mutes from the moment it is put, says so in the record, and is gone
// when it is over.
func TestASilenceIsWritten(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	id := r.lives("alliance-missile")[0].ID
	until(t, "the opening is told", func() bool { return r.ends(t, id)[1].End == notify.Delivered })
	end := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	silence := `{"query":"rutte AND trump","up_to":"high","comment":"the visit is known","until":"` + end + `"}`
	if resp, body := r.send(t, "POST", "/api/v1/silences/visit/test", r.token("analyst"), silence); resp.StatusCode != http.StatusOK || !strings.Contains(body, `"muted":1`) {
		t.Errorf("tried: %d %s", resp.StatusCode, body)
	}
	resp, body := r.send(t, "PUT", "/api/v1/silences/visit", r.token("analyst"), silence)
	var s subscription.Silence
	if err := json.Unmarshal([]byte(body), &s); err != nil || resp.StatusCode != http.StatusCreated || s.Author != "the-analyst" || s.From.IsZero() {
		t.Fatalf("%d %s: %v", resp.StatusCode, body, err)
	}
	r.play(t, "2024-11-23T14:27", "2024-11-23T23:59")
	last := r.lives("alliance-missile")[0].Last()
	until(t, "it is muted", func() bool { return r.ends(t, id)[last.Version].End == notify.Muted })
	if why := r.ends(t, id)[last.Version].Reason; !strings.Contains(why, "the visit is known") {
		t.Errorf("the record says %q", why)
	}
	w := r.alerter.writings
	w.forgetSilences(t.Context(), time.Now())
	if _, ok := w.silences.Document("visit"); !ok {
		t.Error("it was forgotten before its end")
	}
	w.forgetSilences(t.Context(), time.Now().Add(2*time.Hour))
	until(t, "it is forgotten", func() bool { _, ok := w.silences.Document("visit"); return !ok })
}

// A subscription tells from the moment it is put; its test says what it would
// have told, and sends nothing.
func TestASubscriptionIsWritten(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c); c.Subscriptions = nil })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	id := r.lives("alliance-missile")[0].ID
	const sub = `{"watches":["alliance-*"],"channel":"lines"}`
	resp, body := r.send(t, "POST", "/api/v1/subscriptions/desk/test", r.token("analyst"), sub)
	var trial web.SubscriptionTrial
	if err := json.Unmarshal([]byte(body), &trial); err != nil || resp.StatusCode != http.StatusOK || trial.Told != 1 || trial.Sent {
		t.Errorf("tried: %d %s: %v", resp.StatusCode, body, err)
	}
	if resp, body := r.send(t, "POST", "/api/v1/subscriptions/desk/test?send=true", r.token("analyst"), sub); resp.StatusCode != http.StatusOK || !strings.Contains(body, `"sent":true`) {
		t.Errorf("sent: %d %s", resp.StatusCode, body)
	}
	if got := r.ends(t, id); len(got) != 0 {
		t.Errorf("somebody was told: %v", got)
	}
	if resp, body := r.send(t, "PUT", "/api/v1/subscriptions/desk", r.token("analyst"), sub); resp.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	r.play(t, "2024-11-23T14:27", "2024-11-23T23:59")
	last := r.lives("alliance-missile")[0].Last()
	until(t, "it is told", func() bool { return r.ends(t, id)[last.Version].End == notify.Delivered })
}

// A watch is tried on what the stream holds, and nothing comes of it.
func TestAWatchIsTried(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T23:59")
	alerts := len(r.lives(""))
	resp, body := r.send(t, "POST", "/api/v1/watches/palm-beach/test", r.token("analyst"), shoreWatch, "Content-Type", "application/yaml")
	var trial web.WatchTrial
	if err := json.Unmarshal([]byte(body), &trial); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s: %v", resp.StatusCode, body, err)
	}
	if h := trial.History; h.Opened == 0 || h.Opened != len(h.Alerts) || h.Matched < 5 || h.Articles < h.Matched || h.From.IsZero() {
		t.Errorf("of the past: %+v", h)
	}
	if len(trial.Examples) != 2 || !trial.Examples[0].OK || !trial.Examples[1].OK {
		t.Errorf("its examples: %+v", trial.Examples)
	}
	resp, body = r.send(t, "POST", "/api/v1/watches/alliance-missile/test?last=5", r.token("analyst"), "")
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, `"articles":5,"bound":5`) {
		t.Errorf("a configured one: %d %s", resp.StatusCode, body)
	}
	if resp, _ := r.send(t, "POST", "/api/v1/watches/nothing/test", r.token("analyst"), ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("one that is not there: %d", resp.StatusCode)
	}
	r.alerter.writings.trials <- struct{}{}
	if resp, _ := r.send(t, "POST", "/api/v1/watches/alliance-missile/test", r.token("analyst"), ""); resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Errorf("two at once: %d", resp.StatusCode)
	}
	if got := len(r.lives("")); got != alerts {
		t.Errorf("%d alerts, and %d before", got, alerts)
	}
}

// What another alerter on the same broker writes counts here too.
func TestWritingsOfAnotherProcessCount(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	id, at := r.lives("alliance-missile")[0].ID, time.Now()
	w := watch.Watch{}
	if err := json.Unmarshal([]byte(`{"name":"straits","query":"bosphorus"}`), &w); err != nil {
		t.Fatal(err)
	}
	put(t, r.bus, bus.Watches, "straits", written[watch.Watch]{Value: &w, By: "other", At: at})
	put(t, r.bus, bus.Watches, "broken", map[string]any{"value": map[string]any{"name": "broken", "query": "(nato"}})
	put(t, r.bus, bus.Subscriptions, "late", written[subscription.Subscription]{Value: &subscription.Subscription{Name: "late", Channel: "gone"}})
	put(t, r.bus, bus.Silences, "s", written[subscription.Silence]{Value: &subscription.Silence{ID: "s", Watch: "*", Author: "other", Comment: "x", Until: at.Add(time.Hour)}, At: at})
	put(t, r.bus, bus.Care, id, subscription.Care{Alert: id, Acknowledged: &subscription.Word{Who: "other", At: at, Version: 1}})
	until(t, "the watch counts", func() bool { return strings.Contains(r.metrics(t), "tocsin_watches 2\n") })
	until(t, "the silence counts", func() bool { _, ok := r.alerter.writings.silences.Document("s"); return ok })
	until(t, "the word counts", func() bool { l, _ := r.Board().Alert(id); return l.Care != nil && l.Care.Acknowledged.Who == "other" })
	if resp, body := r.send(t, "GET", "/api/v1/watches", r.token("reader"), ""); resp.StatusCode != http.StatusOK || !strings.Contains(body, "straits") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func put[T any](t *testing.T, b *bus.Bus, bucket, key string, v T) {
	t.Helper()
	kv, err := bus.OpenBucket[T](t.Context(), b, bucket)
	if err == nil {
		_, err = kv.Put(t.Context(), key, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (r *running) metrics(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteMetrics(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
