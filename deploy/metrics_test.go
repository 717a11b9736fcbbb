// Package deploy_test holds what is deployed against what the programs do.
package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/egress"
	"github.com/tocsin-news/tocsin/internal/ingest"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/subscription"
)

// named are the metrics that a registry is told of. A counter with labels is
// exposed from its first count on; here its name is known before.
type named map[string]bool

var fqName = regexp.MustCompile(`fqName: "([^"]+)"`)

func (n named) Register(c prometheus.Collector) error {
	ch := make(chan *prometheus.Desc)
	go func() { c.Describe(ch); close(ch) }()
	for d := range ch {
		n[fqName.FindStringSubmatch(d.String())[1]] = true
	}
	return nil
}

func (n named) MustRegister(cs ...prometheus.Collector) {
	for _, c := range cs {
		_ = n.Register(c)
	}
}

func (n named) Unregister(prometheus.Collector) bool { return false }

// exposed is what a running Tocsin shows, and what its rooms would show once
// there is something to count.
func exposed(t *testing.T) named {
	t.Helper()
	n := named{}
	ingest.NewMetrics(n)
	if _, err := egress.New(egress.Config{}, n); err != nil {
		t.Fatal(err)
	}
	b, err := bus.Open(t.Context(), bus.Config{Embedded: true, Dir: t.TempDir(), Sync: "2m"}, bus.Hooks{Metrics: n})
	if err != nil {
		t.Fatal(err)
	}
	b.Close()

	for line := range strings.Lines(running(t)) {
		if !strings.HasPrefix(line, "#") {
			name, _, _ := strings.Cut(line, " ")
			name, _, _ = strings.Cut(name, "{")
			n[name], n[histogram.ReplaceAllString(name, "")] = true, true
		}
	}
	return n
}

// running runs everything in one process until the sample is told of, and
// gives its metrics.
func running(t *testing.T) string {
	t.Helper()
	taken := make(chan struct{}, 100)
	desk := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { taken <- struct{}{} }))
	t.Cleanup(desk.Close)
	c := app.Config{
		Listen: "127.0.0.1:0", NATS: bus.Config{Embedded: true, Dir: t.TempDir(), Sync: "2m"}, Publishers: sample.Sources(),
		Egress:        egress.Config{Allow: []string{"127.0.0.0/8"}},
		Channels:      []channel.Config{{Name: "desk", Kind: "webhook", URL: desk.URL}},
		Subscriptions: []subscription.Subscription{{Name: "desk", Channel: "desk"}},
	}
	a, err := app.New(c, app.All, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
	select {
	case err := <-ran:
		t.Fatal(err)
	case <-a.Up():
	}
	for _, x := range sample.Until(time.Now()) {
		if err := a.Accept(ctx, x, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Settled(ctx); err != nil {
		t.Fatal(err)
	}
	select {
	case <-taken:
	case <-time.After(time.Minute):
		t.Fatal("the sample raised no notification")
	}
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for range 100 { // the record follows the receiver's yes
		out.Reset()
		if err := a.WriteMetrics(&out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "tocsin_notify_messages_total{") {
			break
		}
		<-time.After(50 * time.Millisecond)
	}
	return out.String()
}

var (
	metricName = regexp.MustCompile(`\b(?:tocsin|process|go)_[a-z0-9_]+\b-?`)
	histogram  = regexp.MustCompile(`_(bucket|sum|count)$`)
)

func TestEveryMetricExists(t *testing.T) {
	known := exposed(t)
	for _, file := range []string{"grafana/dashboards/tocsin.json", "prometheus/alerts.yml", "prometheus/alerts_test.yml", "../docs/operations.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metricName.FindAllString(string(text), -1) {
			if strings.HasSuffix(name, "-") {
				continue // a volume, such as tocsin_nats-data
			}
			if !known[name] && !known[histogram.ReplaceAllString(name, "")] {
				t.Errorf("%s: no metric is named %s", file, name)
			}
		}
	}
}

func TestEveryFileParses(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var v any
		read := func(unmarshal func([]byte, any) error) {
			text, err := os.ReadFile(path)
			if err == nil {
				err = unmarshal(text, &v)
			}
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		switch filepath.Ext(path) {
		case ".yml", ".yaml":
			read(func(b []byte, v any) error { return yaml.Unmarshal(b, v) })
		case ".json":
			read(json.Unmarshal)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// dashboard is Grafana's, as far as it is looked at.
type dashboard struct {
	UID    string
	Panels []struct {
		ID          int
		Type, Title string
		Datasource  struct{ UID string }
		FieldConfig struct{ Defaults struct{ Unit string } }
		GridPos     struct{ X, Y, W, H int }
		Targets     []struct{ Expr string }
	}
	Templating struct {
		List []struct{ Name, Type string }
	}
}

func TestDashboard(t *testing.T) {
	text, err := os.ReadFile("grafana/dashboards/tocsin.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if d.UID != "tocsin-overview" {
		t.Errorf("the uid is %q: links to it break when it changes", d.UID)
	}
	if len(d.Templating.List) == 0 || d.Templating.List[0].Name != "datasource" || d.Templating.List[0].Type != "datasource" {
		t.Error("there is no variable for the data source")
	}
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] {
			t.Errorf("%s: panel %d is there twice", p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s is wider than the page", p.Title)
		}
		if p.Type == "row" {
			continue
		}
		if p.Datasource.UID != "${datasource}" || p.FieldConfig.Defaults.Unit == "" || len(p.Targets) == 0 {
			t.Errorf("%s needs the variable data source, a unit and a query", p.Title)
		}
	}
}

func TestAlertRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (scripts/setup installs it on Debian)")
	}
	for _, args := range [][]string{
		{"check", "config", "prometheus/prometheus.yml"},
		{"test", "rules", "prometheus/alerts_test.yml"},
	} {
		if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// Every rule has a series that fires it and one that must not.
func TestEveryRuleIsTried(t *testing.T) {
	rules, err := os.ReadFile("prometheus/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := os.ReadFile("prometheus/alerts_test.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllSubmatch(rules, -1) {
		if n := strings.Count(string(tests), "alertname: "+string(m[1])+"\n"); n < 2 {
			t.Errorf("%s is tried %d times: once it must fire, once be silent", m[1], n)
		}
	}
}

// The example configuration is one that starts.
func TestExampleConfiguration(t *testing.T) {
	c, err := app.LoadConfig("config/tocsin.yaml", []string{"TOCSIN_NATS_URL=nats://nats:4222"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sources) < 25 {
		t.Errorf("%d sources", len(c.Sources))
	}
	if _, err := c.Watches(); err != nil {
		t.Error(err)
	}
}
