package app

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// manned is a configuration with a token of every role and one channel.
func manned(t *testing.T, c *Config) {
	t.Helper()
	dir := t.TempDir()
	c.Path = filepath.Join(dir, "tocsin.yaml")
	for _, role := range roles {
		path := filepath.Join(dir, role)
		if err := os.WriteFile(path, []byte("a secret of the role "+role), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Tokens = append(c.Tokens, Token{Name: "the-" + role, Role: role, SecretFile: path})
	}
	c.Channels = []channel.Config{{Name: "lines", Kind: "log"}}
	c.Subscriptions = []subscription.Subscription{{Name: "all", Channel: "lines"}}
}

// until waits for what other goroutines bring about.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(20 * time.Second); !done(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("it did not come about: ", what)
		}
	}
}

// ends is how the versions of an alert ended on the channel, by version.
func (r *running) ends(t *testing.T, alert string) map[int]notify.Outcome {
	t.Helper()
	rec, err := r.alerter.notifier.Record(t.Context(), alert)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]notify.Outcome{}
	for _, o := range rec.Channels["lines"].Outcomes {
		out[o.Version] = o
	}
	return out
}

// Somebody has the alert in hand: its updates are quiet from then on, and a rise
// is told; what is decided stays the same, also after a restart.
func TestAcknowledgedByAPerson(t *testing.T) {
	var c Config
	r := start(t, func(cfg *Config) { withWatches(t, allianceWatch)(cfg); manned(t, cfg); c = *cfg })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	id := r.lives("alliance-missile")[0].ID
	until(t, "the opening is told", func() bool { return r.ends(t, id)[1].End == notify.Delivered })

	ack := "/api/v1/alerts/" + id + "/ack"
	status, body := r.call(t, "POST", ack, r.token("analyst"), `{"who":"night desk","note":"calling Brussels"}`)
	var care subscription.Care
	if err := json.Unmarshal([]byte(body), &care); status != http.StatusOK || err != nil || care.Acknowledged == nil ||
		care.Acknowledged.Who != "night desk" || care.Acknowledged.By != "the-analyst" || care.Acknowledged.Version != 1 {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}

	r = run(t, c)
	r.play(t, "2024-11-23T14:27", "2024-11-23T23:59")
	life := r.lives("alliance-missile")[0]
	if life.Care == nil || life.Care.Acknowledged.Note != "calling Brussels" {
		t.Errorf("after the restart nobody has it in hand: %+v", life.Care)
	}
	quiet, told := 0, 0
	until(t, "every version ended", func() bool { return len(r.ends(t, id)) == len(life.Versions) })
	for _, v := range life.Versions[1:] {
		o := r.ends(t, id)[v.Version]
		switch {
		case v.State == events.Updated && o.End == notify.Muted && strings.Contains(o.Reason, "night desk"):
			quiet++
		case v.State != events.Updated && o.End == notify.Delivered:
			told++
		default:
			t.Errorf("version %d %s ended as %s: %s", v.Version, v.State, o.End, o.Reason)
		}
	}
	if quiet == 0 || told == 0 {
		t.Errorf("%d were quiet and %d told: the test tells nothing", quiet, told)
	}
	if _, body := r.call(t, "GET", "/api/v1/alerts/"+id+"/explain", r.token("reader"), ""); !strings.Contains(body, "calling Brussels") {
		t.Error("the explanation does not say who has it in hand")
	}
	if status, body := r.call(t, "DELETE", ack, r.token("analyst"), ""); status != http.StatusOK || strings.Contains(body, "acknowledged") {
		t.Errorf("taken back: %d %s", status, body)
	}
	if got := r.lives("alliance-missile")[0].Care; got != nil {
		t.Errorf("it was taken back, and still stands: %+v", got)
	}
}

// oneByOne plays articles in their own order: enrichers work side by side, and
// several at once may come out in another.
func (r *running) oneByOne(t *testing.T, from, to string) {
	t.Helper()
	for _, a := range sample.Articles() {
		at := a.FetchedAt.Format("2006-01-02T15:04")
		if from <= at && at <= to {
			r.play(t, at, at)
		}
	}
}

// What people do with an alert changes nothing of what is decided: with and
// without them the stream of alerts is the same.
func TestPeopleDoNotChangeDecisions(t *testing.T) {
	versions := func(touch bool) []events.Alert {
		r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
		r.oneByOne(t, "2024-11-23T13:00", "2024-11-23T14:20")
		if id := r.lives("alliance-missile")[0].ID; touch {
			for _, what := range []string{"ack", "snooze"} {
				if status, body := r.call(t, "POST", "/api/v1/alerts/"+id+"/"+what, r.token("admin"), `{"for":"1h"}`); status != http.StatusOK {
					t.Fatalf("%s: %d %s", what, status, body)
				}
			}
		}
		r.oneByOne(t, "2024-11-23T14:27", "2024-11-23T23:59")
		return r.lives("alliance-missile")[0].Versions
	}
	with, without := versions(true), versions(false)
	a, _ := json.Marshal(with)
	b, _ := json.Marshal(without)
	if string(a) != string(b) {
		t.Errorf("%d versions with people, %d without, and they differ", len(with), len(without))
	}
}

// A snoozed alert is told to nobody until it ends or rises; what was held back
// leaves when the snooze is taken back.
func TestSnoozedByAPerson(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	id := r.lives("alliance-missile")[0].ID
	until(t, "the opening is told", func() bool { return r.ends(t, id)[1].End == notify.Delivered })
	snooze := "/api/v1/alerts/" + id + "/snooze"
	if status, body := r.call(t, "POST", snooze, r.token("analyst"), `{"for":"4h"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	r.play(t, "2024-11-23T14:27", "2024-11-23T14:50")
	life := r.lives("alliance-missile")[0]
	if len(life.Versions) < 2 || life.Last().Level != events.Elevated {
		t.Fatalf("%d versions at %s: the test needs an update", len(life.Versions), life.Last().Level)
	}
	if got := r.ends(t, id); len(got) != 1 {
		t.Errorf("told while it was snoozed: %v", got)
	}
	if life.Care == nil || life.Care.Snoozed == nil || life.Care.Snoozed.Who != "the-analyst" {
		t.Errorf("nobody snoozed it: %+v", life.Care)
	}
	if status, _ := r.call(t, "DELETE", snooze, r.token("analyst"), ""); status != http.StatusOK {
		t.Error("it cannot be taken back: ", status)
	}
	until(t, "what was held back is told", func() bool { return r.ends(t, id)[life.Last().Version].End == notify.Delivered })
}

func TestWhoMaySayWhatOfAnAlert(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	id := r.lives("alliance-missile")[0].ID
	for _, tc := range []struct {
		name, method, path, role, body string
		want                           int
		says                           string
	}{
		{"nobody", "POST", id + "/ack", "", `{}`, 401, "analyst"},
		{"a reader", "POST", id + "/ack", "reader", `{}`, 403, "the-reader"},
		{"an ingest token", "POST", id + "/ack", "ingest", `{}`, 403, "the-ingest"},
		{"an analyst, with nothing to say", "POST", id + "/ack", "analyst", ``, 200, "the-analyst"},
		{"an administrator", "POST", id + "/snooze", "admin", `{"for":"4h"}`, 200, "the-admin"},
		{"an alert that is not there", "POST", "nothing/ack", "analyst", `{}`, 404, "no such alert"},
		{"a snooze without end", "POST", id + "/snooze", "analyst", `{}`, 422, "until"},
		{"a snooze that is over", "POST", id + "/snooze", "analyst", `{"until":"2020-01-01T00:00:00Z"}`, 422, "is over"},
		{"two ends", "POST", id + "/snooze", "analyst", `{"until":"2020-01-01T00:00:00Z","for":"4h"}`, 422, "keep one"},
		{"a duration that is none", "POST", id + "/snooze", "analyst", `{"for":"soon"}`, 422, "soon"},
		{"a field that is none", "POST", id + "/ack", "analyst", `{"whom":"x"}`, 422, "whom"},
		{"half a body", "POST", id + "/ack", "analyst", `{"who":`, 422, "ends early"},
		{"another method", "PUT", id + "/ack", "analyst", `{}`, 405, "POST"},
	} {
		status, body := r.call(t, tc.method, "/api/v1/alerts/"+tc.path, r.token(tc.role), tc.body)
		if status != tc.want || !strings.Contains(body, tc.says) {
			t.Errorf("%s: %d %s, want %d and %q", tc.name, status, body, tc.want, tc.says)
		}
		var p web.Problem
		if status >= 400 && (json.Unmarshal([]byte(body), &p) != nil || p.Status != status) {
			t.Errorf("%s: no problem: %s", tc.name, body)
		}
	}
}
