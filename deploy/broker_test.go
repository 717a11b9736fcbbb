package deploy_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/egress"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// broker is a broker with the stack's own configuration and identities.
type broker struct {
	url    string
	dir    string // of the passwords
	server *server.Server
}

// options are those of deploy/nats/nats.conf with the passwords of now, on this
// machine.
func (b broker) options(t *testing.T) *server.Options {
	t.Helper()
	o, err := server.ProcessConfigFile(filepath.Join(filepath.Dir(b.dir), "nats.conf"))
	if err != nil {
		t.Fatal(err)
	}
	o.Host, o.Port, o.HTTPPort, o.StoreDir, o.NoSigs, o.NoLog = "127.0.0.1", server.RANDOM_PORT, 0, filepath.Join(filepath.Dir(b.dir), "data"), true, true
	if b.server != nil {
		o.Port = b.server.Addr().(*net.TCPAddr).Port
	}
	return o
}

// makePasswords makes the broker's passwords in dir, as a user does.
func makePasswords(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "secrets/make")
	cmd.Env = append(os.Environ(), "SECRETS_DIR="+t.TempDir(), "NATS_SECRETS_DIR="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("deploy/secrets/make: %v\n%s", err, out)
	}
}

// startBroker makes the passwords as deploy/secrets/make does, and starts a
// broker with deploy/nats/nats.conf.
func startBroker(t *testing.T) broker {
	t.Helper()
	dir := t.TempDir()
	b := broker{dir: filepath.Join(dir, "secrets")}
	conf, err := os.ReadFile("nats/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	makePasswords(t, b.dir)
	if err := os.WriteFile(filepath.Join(dir, "nats.conf"), conf, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := server.NewServer(b.options(t))
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(30 * time.Second) {
		t.Fatal("the broker is not ready")
	}
	b.url, b.server = s.ClientURL(), s
	return b
}

// as is the bus configuration of an identity, as deploy/compose.yaml gives it.
func (b broker) as(user string) bus.Config {
	return bus.Config{URL: b.url, User: user, PasswordFile: filepath.Join(b.dir, user), Provisioned: user != "provisioner"}
}

func (b broker) provision(t *testing.T) {
	t.Helper()
	p, err := bus.Open(t.Context(), b.as("provisioner"), bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// connect connects an identity as any NATS client does; what it may not do
// comes in on the channel.
func (b broker) connect(t *testing.T, user string) (*nats.Conn, <-chan error) {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(b.dir, user))
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 1000)
	nc, err := nats.Connect(b.url, nats.UserInfo(user, strings.TrimSpace(string(password))), nats.CustomInboxPrefix("_INBOX_"+user),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc, refused
}

// Each worker under its own identity: the news goes all the way, a dead letter
// goes back, and nobody was refused what it needed.
func TestEachWorkerUnderItsOwnIdentity(t *testing.T) {
	b := startBroker(t)
	b.provision(t)
	taken := make(chan events.Alert, 100)
	desk := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var e struct{ Data events.Alert }
		if json.NewDecoder(r.Body).Decode(&e) == nil {
			taken <- e.Data
		}
	}))
	t.Cleanup(desk.Close)
	heard := make(chan *nats.Msg, 100)
	listener, _ := b.connect(t, "listener")
	if _, err := listener.ChanSubscribe("tocsin.alert.>", heard); err != nil {
		t.Fatal(err)
	}

	work := func(user string, roles app.Roles) *app.App {
		c := app.Config{
			Listen: "127.0.0.1:0", NATS: b.as(user), Publishers: sample.Sources(), Path: filepath.Join(b.dir, "tocsin.yaml"),
			Egress:        egress.Config{Allow: []string{"127.0.0.0/8"}},
			Channels:      []channel.Config{{Name: "desk", Kind: "webhook", URL: desk.URL}},
			Subscriptions: []subscription.Subscription{{Name: "desk", Channel: "desk"}},
		}
		a, err := app.New(c, roles, zap.NewNop())
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ran := make(chan error, 1)
		go func() { ran <- a.Run(ctx) }()
		t.Cleanup(func() {
			stop()
			if err := <-ran; err != nil {
				t.Errorf("%s: %v", user, err)
			}
		})
		select {
		case err := <-ran:
			t.Fatalf("%s: %v", user, err)
		case <-a.Up():
		case <-time.After(time.Minute):
			t.Fatalf("%s does not come up", user)
		}
		return a
	}
	ingestor := work("ingestor", app.Roles{Ingest: true})
	enricher := work("enricher", app.Roles{Enrich: true})
	alerter := work("alerter", app.Roles{Alert: true})

	poison, _ := b.connect(t, "ingestor")
	if err := poison.PublishMsg(&nats.Msg{Subject: "tocsin.article.poison", Header: nats.Header{"ce-id": {"p"}, "ce-type": {events.TypeArticle}}, Data: []byte(`{"id":"p","source":"s"}`)}); err != nil {
		t.Fatal(err)
	}
	for _, x := range sample.Until(time.Now()) {
		if err := ingestor.Accept(t.Context(), x, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := alerter.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	for what, came := range map[string]func() bool{
		"a notification":                func() bool { a := <-taken; return a.Version > 0 },
		"an alert for who listens":      func() bool { return strings.HasPrefix((<-heard).Subject, "tocsin.alert.") },
		"a ledger that the alerter did": func() bool { l, err := alerter.Ledger(t.Context()); return err == nil && l.Balanced() && l.Dead == 1 },
	} {
		done := make(chan bool, 1)
		go func() { done <- came() }()
		select {
		case ok := <-done:
			if !ok {
				t.Errorf("%s is not as it should be", what)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s did not come", what)
		}
	}
	retry(t, b)
	for name, a := range map[string]*app.App{"ingestor": ingestor, "enricher": enricher, "alerter": alerter} {
		var m strings.Builder
		if err := a.WriteMetrics(&m); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"tocsin_bus_async_errors_total 0\n", `tocsin_stream_messages{stream="ENRICHED"}`, `tocsin_worker_lag{worker="enricher"}`, `tocsin_worker_lag{worker="notifier"}`} {
			if !strings.Contains(m.String(), want) {
				t.Errorf("%s: the metrics do not say %s: it was refused something", name, want)
			}
		}
	}
}

// retry sends the dead letter back, as the operator does by way of the
// ingestor.
func retry(t *testing.T, b broker) {
	t.Helper()
	hand, err := bus.Open(t.Context(), b.as("ingestor"), bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer hand.Close()
	letters, err := bus.DeadLetters(t.Context(), hand, "", 0, 10)
	if err != nil || len(letters) != 1 {
		t.Fatalf("%d dead letters: %v", len(letters), err)
	}
	if _, err := bus.RetryDead(t.Context(), hand, letters[0].Seq); err != nil {
		t.Error(err)
	}
}

// A password is changed while its worker runs: the broker lets go of the
// connection, and the worker comes back with what the file says then.
func TestAPasswordIsChangedInFlight(t *testing.T) {
	b := startBroker(t)
	b.provision(t)
	w, err := bus.Open(t.Context(), b.as("ingestor"), bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	state := func(n int) error {
		a := events.Article{Source: "a.example", Title: "One"}
		_, err := bus.Publish(t.Context(), w, "tocsin.article.a_example", events.TypeArticle, strconv.Itoa(n), a)
		return err
	}
	if err := state(0); err != nil {
		t.Fatal(err)
	}

	if err := errors.Join(os.Remove(filepath.Join(b.dir, "ingestor")), os.Remove(filepath.Join(b.dir, "passwords.conf"))); err != nil {
		t.Fatal(err)
	}
	makePasswords(t, b.dir)
	if err := b.server.ReloadOptions(b.options(t)); err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		if state(n) == nil && w.Ready() == nil {
			break
		}
		if n > 600 {
			t.Fatal("it does not come back under its new password")
		}
		time.Sleep(50 * time.Millisecond)
	}
	info, err := w.Stream(t.Context(), events.StreamArticles)
	if err != nil || info.Messages < 2 {
		t.Errorf("%d messages: %v", info.Messages, err)
	}
}

// Every identity and every subject: what is not in the table is refused.
func TestWhatAnIdentityMayDo(t *testing.T) {
	b := startBroker(t)
	b.provision(t)
	b.checkIdentities(t)
}

// checkIdentities tries every identity at every subject.
func (b broker) checkIdentities(t *testing.T) {
	t.Helper()
	everyone := []string{"provisioner", "ingestor", "enricher", "alerter", "listener"}
	// what each subject stands for, and who may say it
	may := map[string]string{
		"tocsin.article.lemonde_fr":   "ingestor",
		"tocsin.enriched.fr":          "enricher",
		"tocsin.alert.nato-missile.a": "alerter",
		"tocsin.dead.enricher":        "enricher",
		"tocsin.dead.notifier":        "alerter",

		"$KV.SEEN.x": "ingestor", "$KV.SOURCES.x": "ingestor",
		"$KV.WATCHES.x": "alerter", "$KV.SUBSCRIPTIONS.x": "alerter", "$KV.SILENCES.x": "alerter",
		"$KV.CARE.x": "alerter", "$KV.OUTBOX.x": "alerter", "$KV.DELIVERIES.x": "alerter", "$O.SNAPSHOTS.C.x": "alerter",

		"$JS.API.STREAM.CREATE.ARTICLES": "provisioner", "$JS.API.STREAM.UPDATE.ALERTS": "provisioner",
		"$JS.API.STREAM.DELETE.ARTICLES": "", "$JS.API.STREAM.DELETE.KV_SEEN": "", "$JS.API.STREAM.PURGE.ALERTS": "", "$JS.API.STREAM.PURGE.ENRICHED": "",
		"$JS.API.STREAM.SNAPSHOT.ARTICLES": "", "$JS.API.STREAM.RESTORE.ARTICLES": "", "$JS.API.STREAM.PEER.REMOVE.ARTICLES": "",
		"$JS.API.STREAM.MSG.DELETE.ARTICLES": "", "$JS.API.STREAM.MSG.DELETE.ALERTS": "", "$JS.API.STREAM.MSG.DELETE.DEAD": "ingestor",
		"$JS.API.STREAM.PURGE.OBJ_SNAPSHOTS": "alerter",

		"$JS.API.CONSUMER.CREATE.ARTICLES.enricher": "enricher", "$JS.API.CONSUMER.DELETE.ARTICLES.enricher": "enricher",
		"$JS.API.CONSUMER.MSG.NEXT.ARTICLES.enricher": "enricher", "$JS.ACK.ARTICLES.enricher.1.1.1.1.1": "enricher",
		"$JS.API.CONSUMER.CREATE.ALERTS.notifier": "alerter", "$JS.API.CONSUMER.MSG.NEXT.ALERTS.notifier": "alerter", "$JS.ACK.ALERTS.notifier.1.1.1.1.1": "alerter",
		"$JS.API.CONSUMER.CREATE.ENRICHED.abc": "alerter", "$JS.API.CONSUMER.CREATE.KV_SEEN.abc": "alerter",
		"$JS.API.DIRECT.GET.KV_SEEN.x": "ingestor alerter", "$JS.API.DIRECT.GET.ENRICHED": "alerter",

		"$SYS.REQ.SERVER.PING": "", "some.other.subject": "",
	}
	hear := map[string]string{"tocsin.alert.>": "listener", "tocsin.article.>": "", "tocsin.enriched.>": "", ">": "", "$JS.API.>": "", "$KV.SUBSCRIPTIONS.>": "", "_INBOX.>": ""}
	for _, user := range everyone {
		hear["_INBOX_"+user+".>"] = user
	}
	hear["_INBOX_listener.>"] = ""
	for _, user := range everyone {
		nc, refused := b.connect(t, user)
		for subject := range may {
			if err := nc.Publish(subject, []byte("{}")); err != nil {
				t.Fatal(err)
			}
		}
		for subject := range hear {
			if _, err := nc.SubscribeSync(subject); err != nil {
				t.Fatal(err)
			}
		}
		no := refusals(t, nc, refused)
		for subject, who := range may {
			told(t, user+" says "+subject, !no[`Publish to "`+subject+`"`], strings.Contains(who, user))
		}
		for subject, who := range hear {
			told(t, user+" hears "+subject, !no[`Subscription to "`+subject+`"`], strings.Contains(who, user))
		}
	}
	if _, err := nats.Connect(b.url); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("nobody at all: %v", err)
	}
}

var violation = regexp.MustCompile(`(Publish|Subscription) to "[^"]+"`)

// refusals is what the broker has refused nc so far. It tells of them in
// order, so that the last is known by a subject that nobody may use.
func refusals(t *testing.T, nc *nats.Conn, refused <-chan error) map[string]bool {
	t.Helper()
	if err := nc.Publish("the.end", nil); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for {
		select {
		case err := <-refused:
			if !errors.Is(err, nats.ErrPermissionViolation) {
				t.Fatal(err)
			}
			what := violation.FindString(err.Error())
			if what == `Publish to "the.end"` {
				return out
			}
			out[what] = true
		case <-time.After(10 * time.Second):
			t.Fatal("the broker does not tell what it refuses")
		}
	}
}

func told(t *testing.T, what string, is, want bool) {
	t.Helper()
	word := map[bool]string{true: "allowed", false: "refused"}
	if is != want {
		t.Errorf("%s: %s, want %s", what, word[is], word[want])
	}
}
