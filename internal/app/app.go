package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/egress"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Roles says which workers run in this process.
type Roles struct{ Ingest, Enrich, Alert bool }

// All is every worker: tocsin up.
var All = Roles{Ingest: true, Enrich: true, Alert: true}

// App is one process of Tocsin: its roles on one bus, and what it shows over
// HTTP. Make it with New, and run it once.
type App struct {
	cfg     Config
	roles   Roles
	log     *zap.Logger
	reg     *prometheus.Registry
	probes  probes
	secrets secrets
	egress  *egress.Client

	bus  *bus.Bus
	site atomic.Pointer[http.Handler] // nil while the app starts
	addr net.Addr
	// up is closed when every role runs; closing when the app begins to stop.
	up, closing chan struct{}

	ingestor *ingestor
	enricher *enricher
	alerter  *alerter
	reloads  *prometheus.CounterVec
	mu       sync.Mutex // one reload at a time
}

// New checks c whole, and makes the app that runs roles. Nothing runs yet.
func New(c Config, roles Roles, log *zap.Logger) (*App, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	a := &App{cfg: c, roles: roles, log: log, reg: prometheus.NewRegistry(), up: make(chan struct{}), closing: make(chan struct{})}
	a.reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), buildInfo())
	a.reloads = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tocsin_config_reloads_total", Help: "Reloads of the configuration, by result."}, []string{"result"})
	a.reg.MustRegister(a.reloads)
	a.probes.add("start", a.started)
	var err error
	if a.secrets, err = c.readSecrets(); err != nil {
		return nil, err
	}
	if a.egress, err = egress.New(c.Egress, prometheus.WrapRegistererWith(prometheus.Labels{"use": "ingest"}, a.reg)); err != nil {
		return nil, c.wrong("egress", "%v", err)
	}
	return a, a.assemble()
}

// assemble makes what can be made without the bus, so that a wrong file is
// told before anything runs.
func (a *App) assemble() (err error) {
	if a.roles.Ingest {
		a.ingestor = newIngestor(a)
	}
	if a.roles.Enrich {
		if a.enricher, err = newEnricher(a); err != nil {
			return err
		}
	}
	if a.roles.Alert {
		if a.alerter, err = newAlerter(a); err != nil {
			return err
		}
	}
	return nil
}

func buildInfo() prometheus.Collector {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "tocsin_build_info", Help: "The version that runs, as a label; always 1."}, []string{"version"})
	g.WithLabelValues(Version).Set(1)
	return g
}

// drain is how long requests in hand may take when the app stops.
const drain = 10 * time.Second

// Run runs until ctx ends: then it takes no more, finishes what is in hand,
// and returns nil. Any other error is why it could not go on.
func (a *App) Run(ctx context.Context) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Listen)
	if err != nil {
		hint := "write it as 127.0.0.1:8080"
		if errors.Is(err, syscall.EADDRINUSE) {
			hint = "is another Tocsin running?"
		}
		return fmt.Errorf("listen on %s: %w: %s", a.cfg.Listen, err, hint)
	}
	a.addr = ln.Addr()
	srv := &http.Server{
		Handler: a.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: zap.NewStdLog(a.log.Named("http")),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()

	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	worked := make(chan error, 1)
	go func() { worked <- a.work(work) }()

	select {
	case <-ctx.Done():
		a.log.Info("stopping: finishing what is in hand")
	case err = <-worked:
		worked <- nil
	case err = <-served:
		served <- nil
	}
	close(a.closing)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if srv.Shutdown(late) != nil {
		_ = srv.Close()
	}
	stop()
	err = errors.Join(err, <-worked)
	if serr := <-served; serr != nil && !errors.Is(serr, http.ErrServerClosed) {
		err = errors.Join(err, serr)
	}
	a.log.Info("stopped")
	return err
}

// work opens the bus and runs the roles on it until ctx ends.
func (a *App) work(ctx context.Context) error {
	b, err := bus.Open(ctx, a.named(), bus.Hooks{Log: bridge(a.log.Named("bus")), Metrics: a.reg})
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer b.Close()
	a.bus = b
	a.probes.add("broker", b.Ready)
	if err := a.patiently(ctx, a.ready); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, role := range a.running() {
		g.Go(func() error { return role.run(ctx) })
	}
	a.reg.MustRegister(&ledger{app: a})
	site := a.website().Handler()
	a.site.Store(&site)
	close(a.up)
	debug.FreeOSMemory() // what loading left behind: some 40 MB
	a.log.Info("running", zap.Stringer("address", a.addr), zap.String("version", Version), zap.Bool("ingest", a.roles.Ingest),
		zap.Bool("enrich", a.roles.Enrich), zap.Bool("alert", a.roles.Alert))
	return g.Wait()
}

// ready makes the streams, where that is this process's task, and opens every
// role. It can be called again where it failed.
func (a *App) ready(ctx context.Context) error {
	if !a.cfg.NATS.Provisioned {
		if err := a.bus.Ensure(ctx); err != nil {
			return err
		}
	}
	for _, role := range a.running() {
		if err := role.open(ctx); err != nil {
			return err
		}
	}
	return nil
}

// patiently tries f until it succeeds, fails for another reason than that the
// broker does not answer in time, or ctx ends.
func (a *App) patiently(ctx context.Context, f func(context.Context) error) error {
	for {
		err := f(ctx)
		if err == nil || ctx.Err() != nil || !bus.Unanswered(err) {
			return err
		}
		a.log.Warn("the broker does not answer in time: trying again", zap.Error(err))
		if !pause(ctx, time.Second) {
			return ctx.Err()
		}
	}
}

// role is one worker: open readies it, run works until ctx ends.
type role interface {
	open(ctx context.Context) error
	run(ctx context.Context) error
}

func (a *App) running() (out []role) {
	if a.ingestor != nil {
		out = append(out, a.ingestor)
	}
	if a.enricher != nil {
		out = append(out, a.enricher)
	}
	if a.alerter != nil {
		out = append(out, a.alerter)
	}
	return out
}

// named is the bus configuration with this process's name.
func (a *App) named() bus.Config {
	c := a.cfg.NATS
	if c.Name == "" {
		c.Name = "tocsin"
		switch a.roles {
		case Roles{Ingest: true}:
			c.Name = "ingestor"
		case Roles{Enrich: true}:
			c.Name = "enricher"
		case Roles{Alert: true}:
			c.Name = "alerter"
		}
	}
	return c
}

var errStarting = errors.New("starting: waiting for the broker and for what is to be loaded")

func (a *App) started() error {
	select {
	case <-a.closing:
		return errors.New("stopping")
	case <-a.up:
		return nil
	default:
		return errStarting
	}
}

// Up is closed when every role runs.
func (a *App) Up() <-chan struct{} { return a.up }

// URL is where the app answers; good once Up is closed.
func (a *App) URL() string { return "http://" + a.addr.String() }

// Accept offers one article to the ingestor's door. With replay its fetched_at
// stands, as for a history that is played again.
func (a *App) Accept(ctx context.Context, article events.Article, replay bool) error {
	return a.ingestor.accept(ctx, article, replay)
}

// Board is the alerts as this process knows them.
func (a *App) Board() *web.Board { return &a.alerter.board }

// Explain walks an alert back to the words that it rests on.
func (a *App) Explain(ctx context.Context, id string) (web.Explanation, bool) {
	return a.alerter.explain(ctx, id)
}

// WriteMetrics writes the metrics as Prometheus reads them.
func (a *App) WriteMetrics(w io.Writer) error { return writeMetrics(a.reg, w) }
