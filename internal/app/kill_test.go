package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// kills is how often each process is killed.
const kills = 20

// killWatch opens an alert for each of the happenings that load tells of.
const killWatch = `watches:
  - name: blasts
    query: blast~ OR explosion~
    when: {origins: 2, within: 6h}
    level: elevated
    resolve_after: 12h
`

// otherKillWatch is killWatch after a change.
var otherKillWatch = strings.Replace(killWatch, "{origins: 2, within: 6h}\n    level: elevated", "{origins: 3, within: 6h}\n    level: info", 1)

// process is one of Tocsin's commands, killed and started again.
type process struct {
	name string
	args []string
	env  []string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

func (p *process) start(t *testing.T) {
	t.Helper()
	if err := p.again(); err != nil {
		t.Fatal(err)
	}
}

func (p *process) again() error {
	p.cmd = exec.Command(p.args[0], p.args[1:]...)
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Stderr = &p.log
	return p.cmd.Start()
}

// ready waits until the process at url is.
func (p *process) ready(url string) bool {
	for range 1200 {
		if healthy(url) {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *process) end(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Signal(os.Interrupt)
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%s did not end well: %v\n%s", p.name, err, p.log.String())
	}
}

// commands builds Tocsin's commands and gives their folder.
func commands(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("go", "build", "-o", dir, "github.com/tocsin-news/tocsin/cmd/...").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return dir
}

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// load pushes articles until stop is closed, each again and again until it is
// durable, and gives the addresses of those that were.
func load(ctx context.Context, url, token string, stop <-chan struct{}) <-chan []string {
	done := make(chan []string, 1)
	var pushed []string
	go func() {
		defer func() { done <- pushed }()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			batch, urls := happening(i)
			for !push(ctx, url, token, batch) {
				if ctx.Err() != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			pushed = append(pushed, urls...)
			time.Sleep(10 * time.Millisecond) // some 200 articles/s
		}
	}()
	return done
}

var towns = strings.Fields("Arvik Belgard Corvo Dallin Estrava Farnow Gelmar Hostra Ivorn Jaskow Kelvin Lorvan Mirova Norsted Ostrava Pelgrim Querno Rastow Selvik Torvald")

// happening is what three outlets tell of one blast, as JSONL.
func happening(i int) (string, []string) {
	town := fmt.Sprintf("%s%d", towns[i%len(towns)], i)
	var b strings.Builder
	var urls []string
	for j, text := range []string{
		fmt.Sprintf("A blast shook the depot of %s at dawn. The mayor of %s said eleven people were hurt and two roads were closed.", town, town),
		fmt.Sprintf("Firefighters in %s fought the flames after an explosion in a depot. Eleven people were taken to hospital, the mayor of %s told reporters.", town, town),
		fmt.Sprintf("What is known of the explosion at the depot in %s: eleven hurt, two roads closed, and no word yet on the cause, says the mayor of %s.", town, town),
	} {
		a := events.Article{Source: fmt.Sprintf("outlet%d.example", j), URL: fmt.Sprintf("https://outlet%d.example/%d", j, i), Title: fmt.Sprintf("Explosion at %s depot hurts eleven", town), Text: text}
		if err := json.NewEncoder(&b).Encode(a); err != nil {
			panic(err)
		}
		urls = append(urls, a.URL)
	}
	return b.String(), urls
}

func push(ctx context.Context, url, token, lines string) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/articles", strings.NewReader(lines))
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/x-ndjson")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode == http.StatusAccepted
}

func healthy(url string) bool {
	resp, err := http.Get(url + "/readyz")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// kill -9 of the all-in-one process under load loses nothing and doubles no
// decision, though its watches are others each time that it comes back.
func TestKillAllInOne(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for a minute")
	}
	bin, dir, addr := commands(t), t.TempDir(), freePort(t)
	overwrite(t, filepath.Join(dir, "watches.yaml"), killWatch)
	overwrite(t, filepath.Join(dir, "push"), "a-long-and-random-secret\n")
	overwrite(t, filepath.Join(dir, "tocsin.yaml"), "nats: {embedded: true, dir: data}\nlisten: "+addr+
		"\nwatch_files: [watches.yaml]\ntokens:\n  - {name: push, role: ingest, secret_file: push}\n")
	p := &process{name: "tocsin up", args: []string{filepath.Join(bin, "tocsin"), "--config", filepath.Join(dir, "tocsin.yaml"), "up"}}
	p.start(t)
	stop := make(chan struct{})
	pushed := load(t.Context(), "http://"+addr, "a-long-and-random-secret", stop)
	for i := range kills {
		wait(t, "ready", func() bool { return healthy("http://" + addr) })
		time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
		p.kill()
		overwrite(t, filepath.Join(dir, "watches.yaml"), []string{killWatch, otherKillWatch}[i%2])
		p.start(t)
	}
	wait(t, "ready", func() bool { return healthy("http://" + addr) })
	close(stop)
	urls := <-pushed
	p.end(t)

	c, err := LoadConfig(filepath.Join(dir, "tocsin.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Listen = "127.0.0.1:0"
	nothingLost(t, run(t, c), urls)
}

// kill -9 of each worker under load loses nothing and doubles no decision.
func TestKillWorkers(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for a minute")
	}
	bin, dir := commands(t), t.TempDir()
	broker, err := bus.StartServer(t.Context(), bus.Config{Dir: filepath.Join(dir, "broker"), Listen: freePort(t), Sync: "2m"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Stop)
	overwrite(t, filepath.Join(dir, "watches.yaml"), killWatch)
	overwrite(t, filepath.Join(dir, "push"), "a-long-and-random-secret\n")
	conf := filepath.Join(dir, "tocsin.yaml")
	overwrite(t, conf, "nats: {url: \""+broker.URL()+"\"}\nwatch_files: [watches.yaml]\ntokens:\n  - {name: push, role: ingest, secret_file: push}\n")
	var all []*process
	addr := map[string]string{}
	for _, name := range []string{"ingestor", "enricher", "alerter"} {
		addr[name] = freePort(t)
		all = append(all, &process{name: name, args: []string{filepath.Join(bin, name), "--config", conf, "--listen", addr[name]}})
		all[len(all)-1].start(t)
	}
	stop := make(chan struct{})
	pushed := load(t.Context(), "http://"+addr["ingestor"], "a-long-and-random-secret", stop)
	// Each is killed again and again, whatever the others are at.
	var killing sync.WaitGroup
	for _, p := range all {
		killing.Go(func() {
			for range kills {
				if !p.ready("http://" + addr[p.name]) {
					t.Errorf("%s does not come back", p.name)
					return
				}
				time.Sleep(time.Duration(20+rand.IntN(150)) * time.Millisecond)
				p.kill()
				if err := p.again(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	killing.Wait()
	for _, p := range all {
		wait(t, p.name+" ready", func() bool { return healthy("http://" + addr[p.name]) })
	}
	close(stop)
	urls := <-pushed
	for _, p := range all {
		p.end(t)
	}
	c, err := LoadConfig(conf, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Listen = "127.0.0.1:0"
	nothingLost(t, run(t, c), urls)
}

// An alerter is stopped as a machine is that sleeps, another takes its place,
// and the first wakes up in the middle of what it was doing: each decision is
// stated once, and is the one that a single reader makes.
func TestAnAlerterThatSleptThroughItsSuccession(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	bin, dir := commands(t), t.TempDir()
	broker, err := bus.StartServer(t.Context(), bus.Config{Dir: filepath.Join(dir, "broker"), Listen: freePort(t), Sync: "2m"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Stop)
	overwrite(t, filepath.Join(dir, "watches.yaml"), killWatch)
	overwrite(t, filepath.Join(dir, "push"), "a-long-and-random-secret\n")
	conf := filepath.Join(dir, "tocsin.yaml")
	overwrite(t, conf, "nats: {url: \""+broker.URL()+"\"}\nwatch_files: [watches.yaml]\ntokens:\n  - {name: push, role: ingest, secret_file: push}\n")
	all := map[string]*process{}
	addr := map[string]string{}
	for _, name := range []string{"ingestor", "enricher", "alerter", "successor"} {
		addr[name] = freePort(t)
		program := strings.Replace(name, "successor", "alerter", 1)
		all[name] = &process{name: name, args: []string{filepath.Join(bin, program), "--config", conf, "--listen", addr[name]}}
		if name != "successor" {
			all[name].start(t)
		}
	}
	ready := func(name string) {
		t.Helper()
		wait(t, name+" ready", func() bool { return healthy("http://" + addr[name]) })
	}
	signal := func(s os.Signal) {
		t.Helper()
		if err := all["alerter"].cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"ingestor", "enricher", "alerter"} {
		ready(name)
	}
	stop := make(chan struct{})
	pushed := load(t.Context(), "http://"+addr["ingestor"], "a-long-and-random-secret", stop)
	time.Sleep(time.Second)
	signal(syscall.SIGSTOP)
	all["successor"].start(t)
	ready("successor")
	for range 5 { // it wakes up and falls asleep again
		time.Sleep(500 * time.Millisecond)
		signal(syscall.SIGCONT)
		time.Sleep(300 * time.Millisecond)
		signal(syscall.SIGSTOP)
	}
	signal(syscall.SIGCONT)
	close(stop)
	urls := <-pushed
	for _, name := range []string{"ingestor", "enricher", "alerter", "successor"} {
		all[name].end(t)
	}
	c, err := LoadConfig(conf, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Listen = "127.0.0.1:0"
	nothingLost(t, run(t, c), urls)
}

// nothingLost checks the streams that the killed processes left: every article
// that was acknowledged is considered once, and the decisions are exactly
// those of one reader who reads the enriched articles once, in order, by the
// watches that counted at each.
func nothingLost(t *testing.T, r *running, urls []string) {
	t.Helper()
	r.settle(t)
	b, err := r.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d articles acknowledged; %s", len(urls), b)
	if !b.Balanced() || b.InFlight != 0 || b.Unread != 0 || b.Dead != 0 {
		t.Error(b)
	}
	there := map[string]int{}
	if err := scan(t.Context(), r.bus, events.StreamArticles, func(a events.Article, _ bus.Meta) { there[a.URL]++ }); err != nil {
		t.Fatal(err)
	}
	for _, u := range urls {
		if there[u] == 0 {
			t.Errorf("%s was acknowledged and is lost", u)
		}
	}
	if len(urls) < 100 || b.Alerts < 10 {
		t.Errorf("%d articles gave %d alerts: too little was under way to be worth killing", len(urls), b.Alerts)
	}
	asOneReader(t, r)
}
