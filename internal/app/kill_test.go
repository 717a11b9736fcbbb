package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	"sync/atomic"
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
  - name: sirens
    query: sirens
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

var made atomic.Bool

var builtOnce = sync.OnceValues(func() (dir string, err error) {
	made.Store(true)
	if dir, err = os.MkdirTemp("", "tocsin-commands-"); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", dir, "github.com/tocsin-news/tocsin/cmd/tocsin").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("build: %w\n%s", err, out)
	}
	for _, worker := range []string{"ingestor", "enricher", "alerter"} {
		err = errors.Join(err, os.Symlink("tocsin", filepath.Join(dir, worker)))
	}
	return dir, err
})

// commands builds Tocsin's commands as the image has them, once for all tests,
// and gives their folder.
func commands(t *testing.T) string {
	t.Helper()
	dir, err := builtOnce()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if made.Load() {
		dir, _ := builtOnce()
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
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

// leastHappenings are pushed however slow the machine is.
const leastHappenings = 100

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
				if i >= leastHappenings {
					return
				}
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

// kinds are happenings that have no word in common but sirens: a title, and
// what each of three outlets tells.
var kinds = [][4]string{
	{"Fuel depot burns in %s", "Fuel burned at the depot of %s all night while sirens wailed.", "The depot fire in %s took forty lorries of fuel, firefighters said under sirens.", "Sirens over %s: nobody knows yet why the fuel depot caught fire."},
	{"Ferry hits the pier at %s", "Sirens rang in %s when the ferry from the islands hit the pier.", "The ferry's captain mistook the pier lights of %s, harbour pilots told us amid sirens.", "Passengers of the ferry jumped onto the pier in %s as sirens began."},
	{"Dam above %s leaks", "Water came through the dam above %s; sirens sent the valley uphill.", "Engineers lower the reservoir behind the leaking dam of %s, sirens tested hourly.", "The leak in the dam was first seen by anglers near %s before the sirens."},
	{"Museum of %s robbed", "Thieves took coins from the museum in %s and fled from the sirens.", "A guard of the museum heard glass, then sirens, the police of %s report on the robbery.", "Robbed of its coins, the museum of %s stays shut; sirens came late."},
	{"Power fails across %s", "The power grid failed in %s and sirens ran on batteries.", "Trams stood in %s without power, and only sirens moved.", "A transformer took the power from half of %s; hospital generators and sirens held."},
	{"Bear roams through %s", "A brown bear walked past schools in %s until sirens drove it off.", "Rangers with sirens follow the bear in %s toward the forest.", "The bear that roams %s ate apples, zoologists say, deaf to sirens."},
	{"Train derails outside %s", "Five wagons of a goods train left the rails near %s; sirens followed.", "The derailed train blocks the line to %s, and sirens pass by road.", "Rails near %s had bent in the heat before the train derailed, sirens told the rest."},
	{"Chlorine escapes at pool in %s", "Swimmers left the pool in %s when chlorine escaped and sirens came.", "The chlorine valve of the pool in %s was new, technicians said over sirens.", "Eyes burned in %s: chlorine from the pool, then sirens."},
	{"Roof of market hall in %s falls", "Snow brought down the roof of the market hall in %s; sirens at noon.", "Traders of the market hall in %s saw the roof bend before the sirens.", "Under the fallen roof of the market hall of %s dogs search, sirens silent."},
	{"Balloon lands on motorway near %s", "A hot-air balloon landed on the motorway by %s between sirens.", "Drivers near %s filmed the balloon on their motorway while sirens neared.", "No wind, said the balloonist on the motorway of %s to the sirens."},
	{"Old bomb found under school in %s", "Workers found a wartime bomb under a school in %s; sirens cleared the quarter.", "Experts defused the bomb beneath the school of %s as sirens stopped.", "The school in %s teaches elsewhere until the bomb is gone and sirens end."},
	{"Crane topples in port of %s", "A crane fell across containers in the port of %s with sirens around.", "Gusts toppled the crane, say dockers in %s, before any sirens.", "The port of %s works with one crane fewer; sirens at the quay."},
	{"Oil spills into river at %s", "Oil from a barge drifts down the river in %s past sirens.", "Booms hold the oil in the river at %s, volunteers wash swans, sirens far.", "Who spilt the oil into the river above %s, sirens cannot tell."},
	{"Vineyard of %s flooded by mud", "Mud slid into a vineyard in %s, and grape pickers ran ahead of sirens.", "Sirens warned the vintners of %s: the slope above their vineyard was soaked.", "Grapes under mud: the vineyard in %s loses its harvest, sirens or not."},
	{"Theatre in %s evacuated after smoke", "Smoke from a spotlight emptied the theatre in %s; sirens outside played on.", "The tenor of the theatre in %s sang to the audience on the pavement over sirens.", "A dusty spotlight filled the theatre of %s with smoke, stagehands say, and sirens came."},
	{"Cable car stops above %s", "The cable car to the glacier stopped over %s, passengers heard sirens below.", "Climbers lowered skiers from the cable car by rope near %s between sirens.", "Ice on the cable kept the gondolas hanging above %s until the sirens left."},
	{"Bees close the ring road of %s", "A lorry lost beehives on the ring road of %s; sirens kept drivers inside.", "Beekeepers lured swarms back into their hives in %s under quiet sirens.", "Stung drivers waited on the ring road around %s, while bees outdid the sirens."},
	{"Bakery silo bursts in %s", "A flour silo of the bakery burst in %s and whitened the sirens.", "Flour dust covers cars in %s after the bakery's silo gave way; sirens were not needed.", "Bakers in %s shovel flour from the street and wave the sirens on."},
	{"Whale stranded on beach of %s", "A young whale lies on the beach of %s, and sirens hold the curious back.", "Divers keep the whale wet on the sand by %s till the tide, sirens at the dunes.", "Low water trapped the whale near %s, marine biologists say above the sirens."},
	{"Prison break in %s", "Two prisoners climbed the wall in %s before sirens woke the guards.", "The prison of %s counts its inmates again after the break and the sirens.", "Roads from %s are watched for escaped prisoners, all under sirens."},
}

var towns = strings.Fields("Lyon Porto Graz Turku Gdynia Varna Bilbao Bergen Cardiff Odesa Kaunas Bari Split Ghent Basel Brno Cork Debrecen Tartu")

// told is what each outlet adds in its own manner.
var told = [3]string{
	" Our correspondent on the spot will report again this evening; readers may send what they saw.",
	" The council meets tomorrow. No one has been named so far, and officials ask for patience.",
	" More than that was not to be learnt before this page closed, and we shall keep asking.",
}

// happening is what three outlets tell of one happening, as JSONL.
func happening(i int) (string, []string) {
	kind, town := kinds[i%len(kinds)], towns[i%len(towns)]
	var b strings.Builder
	var urls []string
	for j, text := range kind[1:] {
		a := events.Article{
			Source: fmt.Sprintf("outlet%d.example", j), URL: fmt.Sprintf("https://outlet%d.example/%d", j, i),
			Title: fmt.Sprintf(kind[0], town), Text: fmt.Sprintf(text+told[j], town),
		}
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
