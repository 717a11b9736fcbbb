package alertmanager_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// A real Alertmanager, where one is installed, takes an alert through its life
// and tells of it what it should.
func TestARealAlertmanager(t *testing.T) {
	binary := find(t, "alertmanager", "prometheus-alertmanager")
	told := make(chan string, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var g group
		b, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(b, &g); err != nil {
			t.Error(err)
		}
		for _, a := range g.Alerts {
			told <- fmt.Sprintf("%s %s", a.Labels["severity"], a.Status)
		}
	}))
	defer receiver.Close()
	server := run(t, binary, receiver.URL)

	c := open("api")(t, server, token)
	m := channeltest.Message()
	m.Alert.At = time.Now().UTC().Add(-time.Minute)
	for _, step := range []struct {
		state, level string
		want         []string
	}{
		{events.Opened, events.Elevated, []string{"elevated firing"}},
		{events.Escalated, events.High, []string{"elevated resolved", "high firing"}},
		{events.Resolved, events.High, []string{"high resolved"}},
	} {
		m.Alert.State, m.Alert.Level = step.state, step.level
		if m.Alert.Version++; step.state == events.Opened {
			m.Alert.Version = 1
		}
		if err := c.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		m.Alert.At = m.Alert.At.Add(10 * time.Second)
		wait(t, told, step.want)
	}
}

// wait takes what is told until all of want was.
func wait(t *testing.T, told <-chan string, want []string) {
	t.Helper()
	missing := map[string]bool{}
	for _, w := range want {
		missing[w] = true
	}
	limit := time.After(30 * time.Second)
	for len(missing) > 0 {
		select {
		case got := <-told:
			delete(missing, got)
		case <-limit:
			t.Fatalf("it never told %v", missing)
		}
	}
}

func find(t *testing.T, names ...string) string {
	t.Helper()
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return path
		}
	}
	t.Skipf("none of %s is installed", strings.Join(names, ", "))
	return ""
}

func run(t *testing.T, binary, receiver string) (url string) {
	t.Helper()
	dir := t.TempDir()
	config := fmt.Sprintf(`
route: {receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: test
    webhook_configs: [{url: %q, send_resolved: true}]
`, receiver)
	file := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, "--config.file="+file, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
	ready := make(chan error, 1)
	go func() { ready <- listening(log) }()
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	return "http://" + address
}

// listening reads the log until the server says that it listens, then on and
// away.
func listening(log io.Reader) error {
	var seen []byte
	buf := make([]byte, 4096)
	for {
		n, err := log.Read(buf)
		seen = append(seen, buf[:n]...)
		if strings.Contains(string(seen), "Listening on") {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return nil
		}
		if err != nil {
			return errors.Join(fmt.Errorf("the server ended: %s", seen), err)
		}
	}
}
