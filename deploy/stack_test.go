//go:build stack

package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const (
	pushToken  = "a-token-of-the-stack-test"
	hookSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

// services are what the test brings up.
var services = []string{"nats", "ingestor", "enricher", "alerter"}

// The containers as a user runs them: news goes in over one published port,
// and the signed alert comes out at a receiver outside.
func TestStack(t *testing.T) {
	desk := newDesk(t)
	s := stack{t: t, project: os.Getenv("STACK_PROJECT"), config: writeConfig(t, desk.url())}
	if s.project == "" {
		t.Skip("scripts/stack-test builds the images and runs this")
	}
	makePasswords(t, s.passwords())
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.try("logs", "--no-color", "--tail", "40"))
		}
		s.try("down", "-v", "--remove-orphans", "-t", "5")
	})
	began := time.Now()
	step := func(format string, args ...any) {
		t.Helper()
		t.Logf("%5.1f s  %s", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}

	s.must(append([]string{"up", "-d", "--no-build"}, services...)...)
	s.healthy()
	step("nats and three workers are healthy")

	s.hardened()
	step("uid 65532, read-only root, no capabilities, no new privileges, 128 processes, memory bounded")

	n := s.push()
	step("%d articles pushed from outside", n)

	// The watch has two situations in the sample, the meeting at Palm Beach
	// and the missile on Dnipro: each is an alert of its own.
	grown := desk.wait(t, "", 2, 2*time.Minute)
	opened := desk.wait(t, grown.ID, 1, time.Minute)
	step("signed alert outside: %s %s %s, %d origins in %d articles", opened.Watch, opened.State, opened.Level, opened.Origins, len(opened.Articles))
	step("the same alert, version %d: %s %s, %d origins in %d articles", grown.Version, grown.State, grown.Level, grown.Origins, len(grown.Articles))
	if opened.State != events.Opened {
		t.Errorf("version 1 of %s is %s", opened.ID, opened.State)
	}

	s.drains("ingestor", "enricher", "alerter")
	s.broker().checkIdentities(t)
	step("each worker's identity may do that worker's work at the broker, and no other's")
	s.drains("nats")
	step("SIGTERM: each worker and the broker ends with 0")

	desk.check(t)
	step("%d notifications, each signed, versions in order without a gap", len(desk.got))
}

// stack is the compose project.
type stack struct {
	t               *testing.T
	project, config string
}

func (s stack) command(args ...string) *exec.Cmd {
	line := append([]string{"-p", s.project, "-f", "compose.yaml", "-f", "compose.local.yaml"}, args...)
	cmd := exec.Command("docker-compose", line...)
	if _, err := exec.LookPath("docker-compose"); err != nil {
		cmd = exec.Command("docker", append([]string{"compose"}, line...)...)
	}
	// Port 0 on this side: the engine chooses.
	cmd.Env = append(os.Environ(), "STACK_CONFIG="+s.config, "STACK_SECRETS="+filepath.Join(s.config, "secrets"), "STACK_NATS_SECRETS="+s.passwords(),
		"STACK_PUSH_ADDR=127.0.0.1:", "STACK_CONSOLE_ADDR=127.0.0.1:")
	return cmd
}

// passwords is the folder of the broker's passwords.
func (s stack) passwords() string { return filepath.Join(s.config, "nats-secrets") }

// broker is the stack's broker as the machine that the containers run on sees
// it.
func (s stack) broker() broker {
	s.t.Helper()
	out, err := exec.Command("docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", s.must("ps", "-q", "nats")).Output()
	if err != nil {
		s.t.Fatal(err)
	}
	return broker{url: "nats://" + net.JoinHostPort(strings.TrimSpace(string(out)), "4222"), dir: s.passwords()}
}

func (s stack) try(args ...string) string {
	out, err := s.command(args...).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s\n%v", out, err)
	}
	return string(out)
}

func (s stack) must(args ...string) string {
	s.t.Helper()
	cmd := s.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("compose %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// container is what `docker inspect` tells of a container, as far as it is
// looked at.
type container struct {
	State struct {
		Status    string
		ExitCode  int
		OOMKilled bool
		Health    struct{ Status string }
	}
	Config     struct{ User string }
	HostConfig struct {
		ReadonlyRootfs bool
		Privileged     bool
		CapAdd         []string
		CapDrop        []string
		SecurityOpt    []string
		PidsLimit      int64
		Memory         int64
	}
	Mounts []struct {
		Destination string
		RW          bool
	}
}

func (s stack) inspect(service string) container {
	s.t.Helper()
	id := s.must("ps", "-q", service)
	out, err := exec.Command("docker", "inspect", id).Output()
	if err != nil {
		s.t.Fatalf("docker inspect %s: %v", service, err)
	}
	var all []container
	if err := json.Unmarshal(out, &all); err != nil || len(all) != 1 {
		s.t.Fatalf("docker inspect %s: %d containers, %v", service, len(all), err)
	}
	return all[0]
}

func (s stack) healthy() {
	s.t.Helper()
	late := time.Now().Add(90 * time.Second)
	for _, name := range services {
		for {
			c := s.inspect(name)
			if c.State.Health.Status == "healthy" {
				break
			}
			if c.State.Status == "exited" || time.Now().After(late) {
				s.t.Fatalf("%s is %s, %s", name, c.State.Status, c.State.Health.Status)
			}
			time.Sleep(500 * time.Millisecond)
		}
	}
}

func (s stack) hardened() {
	s.t.Helper()
	for _, name := range services {
		c := s.inspect(name)
		h := c.HostConfig
		for what, ok := range map[string]bool{
			"runs as 65532":             c.Config.User == "65532:65532",
			"has a read-only root":      h.ReadonlyRootfs,
			"is not privileged":         !h.Privileged,
			"drops every capability":    slices.Equal(h.CapDrop, []string{"ALL"}) && len(h.CapAdd) == 0,
			"gains no privileges":       slices.Contains(h.SecurityOpt, "no-new-privileges:true"),
			"keeps the seccomp profile": !slices.Contains(h.SecurityOpt, "seccomp=unconfined"),
			"has at most 128 processes": h.PidsLimit == 128,
			"has its memory bounded":    h.Memory > 0,
		} {
			if !ok {
				s.t.Errorf("%s: not so: it %s", name, what)
			}
		}
		for _, m := range c.Mounts {
			if m.RW && m.Destination != "/data" {
				s.t.Errorf("%s may write to %s", name, m.Destination)
			}
		}
		// No shell to be had.
		if out, err := exec.Command("docker", "exec", s.must("ps", "-q", name), "/bin/sh", "-c", "true").CombinedOutput(); err == nil {
			s.t.Errorf("%s has a shell: %s", name, out)
		}
	}
}

// push sends the sample over the published port, as if it ended now.
func (s stack) push() int {
	s.t.Helper()
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	articles := sample.Until(time.Now())
	for _, a := range articles {
		if err := enc.Encode(a); err != nil {
			s.t.Fatal(err)
		}
	}
	url := "http://" + s.must("port", "ingestor", "8080") + "/api/v1/articles"
	post := func(token string) *http.Response {
		req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, url, bytes.NewReader(body.Bytes()))
		if err != nil {
			s.t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-ndjson")
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	if resp := post("a-token-that-is-wrong"); resp.StatusCode != http.StatusUnauthorized {
		s.t.Errorf("a wrong token: %s, want 401", resp.Status)
	}
	resp := post(pushToken)
	var receipt struct {
		Accepted int
		Rejected []json.RawMessage
	}
	text, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(text, &receipt); err != nil || resp.StatusCode != http.StatusAccepted {
		s.t.Fatalf("push: %s: %s", resp.Status, text)
	}
	if receipt.Accepted != len(articles) {
		s.t.Errorf("%d of %d articles accepted: %s", receipt.Accepted, len(articles), text)
	}
	return receipt.Accepted
}

// drains stops services by SIGTERM and wants exit status 0.
func (s stack) drains(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.must("stop", "-t", "30", name)
		if st := s.inspect(name).State; st.Status != "exited" || st.ExitCode != 0 || st.OOMKilled {
			s.t.Errorf("%s after SIGTERM: %s with %d, want exited with 0", name, st.Status, st.ExitCode)
		}
	}
}

// writeConfig writes a configuration that sends alerts to url.
func writeConfig(t *testing.T, url string) string {
	dir := t.TempDir()
	host, _, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	for name, text := range map[string]string{
		"secrets/wire": pushToken + "\n",
		"secrets/desk": hookSecret + "\n",
		"tocsin.yaml": fmt.Sprintf(`tokens:
  - {name: wire, role: ingest, secret_file: /run/secrets/wire}
egress: {allow: [%s/32]}
watch_files: [watches.yaml]
channels:
  - {name: desk, kind: webhook, url: %q, secret_file: /run/secrets/desk}
subscriptions:
  - {name: desk, channel: desk}
`, host, url),
		"watches.yaml": `watches:
  - name: alliance-missile
    query: entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~)
    when: {origins: 3, within: 2h}
    level: elevated
    escalate: {origins: 8, level: high}
    resolve_after: 12h
`,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// desk receives webhooks on the address that the containers see this machine
// under.
type desk struct {
	ln   net.Listener
	key  *standardwebhooks.Webhook
	mu   sync.Mutex
	got  []events.Alert
	bad  []string
	news chan struct{}
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	out, err := exec.Command("docker", "network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}").Output()
	if err != nil {
		t.Skipf("no Docker engine: %v", err)
	}
	key, err := standardwebhooks.NewWebhook(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	gateway := strings.TrimSpace(string(out))
	if gateway == "" {
		gateway = "172.17.0.1" // the engine's default, which it does not always tell
	}
	ln, err := net.Listen("tcp", net.JoinHostPort(gateway, "0"))
	if err != nil {
		t.Fatal("listen where containers can reach it: ", err)
	}
	d := &desk{ln: ln, key: key, news: make(chan struct{}, 1)}
	srv := &http.Server{Handler: d, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Shutdown(context.Background()) })
	return d
}

func (d *desk) url() string { return "http://" + d.ln.Addr().String() + "/hook" }

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	var e struct {
		SpecVersion, ID, Type string
		Data                  events.Alert
	}
	err := d.key.Verify(body, r.Header)
	if err == nil {
		err = json.Unmarshal(body, &e)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil || e.Type != events.TypeAlert || e.ID != r.Header.Get("webhook-id") {
		d.bad = append(d.bad, fmt.Sprintf("%v: %s", err, body))
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	d.got = append(d.got, e.Data)
	select {
	case d.news <- struct{}{}:
	default:
	}
}

// wait waits for a version of the alert id, or of whichever alert of the
// watch has one.
func (d *desk) wait(t *testing.T, id string, version int, patience time.Duration) events.Alert {
	t.Helper()
	late := time.After(patience)
	for {
		d.mu.Lock()
		for _, a := range d.got {
			if a.Watch == "alliance-missile" && a.Version == version && (id == "" || a.ID == id) {
				d.mu.Unlock()
				return a
			}
		}
		d.mu.Unlock()
		select {
		case <-d.news:
		case <-late:
			t.Fatalf("no version %d of the alert in %v; got %d notifications, refused %q", version, patience, len(d.got), d.bad)
		}
	}
}

// check wants every notification signed, and the versions of an alert in order
// without a gap.
func (d *desk) check(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.bad {
		t.Error("a notification that is not good: ", b)
	}
	last := map[string]int{}
	for _, a := range d.got {
		if err := a.Validate(); err != nil {
			t.Error(err)
		}
		if was := last[a.ID]; a.Version != was+1 && a.Version != was {
			t.Errorf("alert %s: version %d after %d", a.ID, a.Version, was)
		}
		last[a.ID] = a.Version
	}
}
