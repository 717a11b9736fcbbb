package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/egress"
	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// alerter is the role that decides on alerts and tells of them. The detector
// is a fold over the enriched articles in the order of their stream; what it
// decides is appended to the stream of alerts, and the notifier reads it there.
type alerter struct {
	app      *App
	log      *zap.Logger
	families *origin.Families
	channels []notify.Opened
	notifier *notify.Notifier
	cares    cares
	writings *writings
	board    web.Board
	heads    heads
	index    index
	metrics  alertMetrics

	// mu guards the detector and what it decides by: the fold writes, the
	// console reads.
	mu       sync.RWMutex
	detector *detect.Detector
	watches  []watch.Watch
	conduct
	objects *bus.Objects
	made    snapshotMade
	trouble trouble
	// reached is the made position for who asks from outside the fold.
	reached atomic.Uint64
	// applied, when set, hears of each article once it is considered: for
	// measuring.
	applied atomic.Pointer[func(id string)]
}

func newAlerter(a *App) (*alerter, error) {
	x := &alerter{app: a, log: a.log.Named("alert"), metrics: newAlertMetrics(a.reg)}
	var err error
	if x.families, err = a.cfg.Families(); err != nil {
		return nil, err
	}
	if x.watches, err = a.cfg.Watches(); err != nil {
		return nil, err
	}
	x.writings = newWritings(x, a.cfg, x.watches)
	if x.detector, err = a.cfg.rulebook(x.watches).detector(); err != nil {
		return nil, err
	}
	out, err := egress.New(a.cfg.Egress, prometheus.WrapRegistererWith(prometheus.Labels{"use": "notify"}, a.reg))
	if err != nil {
		return nil, a.cfg.wrong("egress", "%v", err)
	}
	for i, c := range a.cfg.Channels {
		o, err := notify.Open(c, a.channelDeps(out))
		if err != nil {
			return nil, a.cfg.wrong(fmt.Sprintf("channels[%d]", i), "%v", err)
		}
		x.channels = append(x.channels, o)
	}
	return x, nil
}

// channelDeps is what a channel may use: requests and connections go through
// egress.
//
// They have a client of their own: however many feeds are slow, they take no
// place of a notification's.
func (a *App) channelDeps(out *egress.Client) channel.Deps {
	return channel.Deps{
		HTTP: out.With(egress.Deliver), Dial: out.Dial, Dir: a.cfg.dir(), Console: a.cfg.console(),
		Log: bridge(a.log.Named("channel")),
	}
}

// open readies the fold where it was, and the notifier.
func (x *alerter) open(ctx context.Context) error {
	var err error
	b := x.app.bus
	if x.objects, err = bus.OpenObjects(ctx, b, bus.Snapshots); err != nil {
		return fmt.Errorf("open the snapshots: %w", err)
	}
	if err := x.writings.open(ctx); err != nil {
		return err
	}
	x.watches = x.writings.allWatches()
	if err := x.restore(ctx); err != nil {
		return err
	}
	if err := b.EnsureWorker(ctx, notifiers); err != nil {
		return err
	}
	out, err := bus.OpenBucket[notify.Entry](ctx, b, bus.Outbox)
	if err != nil {
		return fmt.Errorf("open the outbox: %w", err)
	}
	told, err := bus.OpenBucket[notify.Record](ctx, b, bus.Deliveries)
	if err != nil {
		return fmt.Errorf("open the delivery records: %w", err)
	}
	if x.notifier == nil { // else the try before this one got so far
		x.notifier, err = notify.New(notify.Config{
			Channels: x.channels, Subscriptions: x.writings.allSubscriptions(), Silences: x.writings.allSilences(), Outbox: outbox{out}, Deliveries: deliveries{store(told, notify.ErrConflict)},
			Log: bridge(x.app.log.Named("notify")), Metrics: x.app.reg,
		})
		if err != nil {
			return err
		}
		x.app.probes.add("detector", x.trouble.get)
	}
	x.cares, err = x.keepCares(ctx)
	return err
}

// run follows the alerts that are there, then folds the enriched articles,
// while the notifier tells of what is decided.
func (x *alerter) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	history := make(chan struct{})
	g.Go(func() error { return x.followAlerts(ctx, sync.OnceFunc(func() { close(history) })) })
	g.Go(func() error {
		select {
		case <-history:
			return x.fold(ctx)
		case <-ctx.Done():
			return nil
		}
	})
	g.Go(func() error { return x.notify(ctx, g) })
	x.writings.run(ctx, g)
	return g.Wait()
}

// notify tells of what is decided, once it knows what people want of it.
func (x *alerter) notify(ctx context.Context, g *errgroup.Group) error {
	known := make(chan struct{})
	g.Go(func() error { return x.cares.run(ctx, func() { close(known) }) })
	select {
	case <-known:
	case <-ctx.Done():
		return nil
	}
	g.Go(func() error { return x.notifier.Run(ctx) })
	return bus.Consume(ctx, x.app.bus, notifiers, func(ctx context.Context, a events.Alert, m bus.Meta) ([]bus.Out, error) {
		return nil, x.notifier.Handle(ctx, a, m.Seq)
	})
}

// notifiers is the group of all notifiers.
var notifiers = bus.Worker{Name: "notifier", Stream: events.StreamAlerts, Batch: 64, Parallel: 1}

// followAlerts keeps the board and the heads as the stream of alerts has them.
func (x *alerter) followAlerts(ctx context.Context, live func()) error {
	from := uint64(1)
	for {
		err := bus.Follow(ctx, x.app.bus, bus.Stream{Name: events.StreamAlerts}, from, func(a events.Alert, m bus.Meta) error {
			x.heads.saw(a, m.Seq)
			x.board.Add(a, m.Seq)
			return nil
		}, live)
		if !errors.Is(err, bus.ErrRegressed) {
			return err
		}
		// The stream was cut or made anew: read it from its beginning.
		x.regressed(err)
		from = 1
	}
}

// fold applies every enriched article in the order of the stream.
func (x *alerter) fold(ctx context.Context) error {
	for {
		err := bus.Follow(ctx, x.app.bus, x.made.stream(), x.made.position+1, func(e events.Enriched, m bus.Meta) error {
			return x.apply(ctx, e, m)
		}, func() { x.log.Info("the detector is up to date", zap.Uint64("position", x.made.position)) })
		switch {
		case errors.Is(err, bus.ErrRegressed):
			// Articles that were considered are known by their ids, so that reading
			// the stream again from its beginning decides nothing twice.
			x.regressed(err)
			x.made = snapshotMade{}
			x.index.reset()
			if err := x.again(ctx); err != nil {
				return err
			}
		case err == nil:
			return x.snapshot(context.WithoutCancel(ctx))
		default:
			return err
		}
	}
}

// apply takes one article and appends what it decides. It returns only when
// every decision is in the stream, so that the state never runs ahead of it.
func (x *alerter) apply(ctx context.Context, e events.Enriched, m bus.Meta) error {
	start := time.Now()
	decided, err := x.judge(e, m.Seq)
	if err != nil {
		return err
	}
	x.index.add(e.Article.ID, m.Seq)
	for _, a := range decided {
		if err := x.state(ctx, a); err != nil {
			return err
		}
	}
	x.made.take(m)
	x.reached.Store(m.Seq)
	if f := x.applied.Load(); f != nil {
		(*f)(e.Article.ID)
	}
	x.metrics.applied(e, time.Since(start))
	if x.made.due() {
		return x.snapshot(ctx)
	}
	return nil
}

// judge folds one article by the rulebook that counts at its place.
func (x *alerter) judge(e events.Enriched, seq uint64) ([]events.Alert, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.doubt != nil {
		return nil, x.doubt
	}
	if err := x.take(seq); err != nil {
		return nil, err
	}
	x.folded = seq
	return x.detector.Apply(e, 0), nil // the position is kept here, so that it can go back
}

// state appends one alert version, unless the stream has it.
func (x *alerter) state(ctx context.Context, a events.Alert) error {
	for {
		version, seq := x.heads.get(a.ID)
		if version >= a.Version {
			return nil // decided before this state was restored
		}
		ack, err := bus.Append(ctx, x.app.bus, a.Subject(), events.TypeAlert, alertKey(a), a, seq)
		switch {
		case err == nil:
			x.heads.saw(a, ack.Seq)
			x.metrics.decided(a)
			x.log.Info("alert", zap.String("watch", a.Watch), zap.String("alert", a.ID), zap.Int("version", a.Version), zap.String("state", a.State),
				zap.String("level", a.Level), zap.Int("origins", a.Origins), zap.Int("articles", len(a.Articles)), zap.String("headline", a.Headline))
			return nil
		case errors.Is(err, bus.ErrConflict):
			if err := x.catchUp(ctx, a); err != nil {
				return err
			}
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			x.log.Error("an alert cannot be stated: trying again", zap.String("alert", a.ID), zap.Error(err))
			x.trouble.set("an alert cannot be stated", err)
			if !pause(ctx, time.Second) {
				return ctx.Err()
			}
			continue
		}
		x.trouble.clear("an alert cannot be stated")
	}
}

// catchUp reads the last version of an alert that somebody else has stated.
func (x *alerter) catchUp(ctx context.Context, a events.Alert) error {
	last, m, err := bus.Last[events.Alert](ctx, x.app.bus, a.Subject())
	if errors.Is(err, bus.ErrNotFound) {
		x.heads.forget(a.ID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the last version of alert %s: %w", a.ID, err)
	}
	x.heads.saw(last, m.Seq)
	return nil
}

func alertKey(a events.Alert) string { return fmt.Sprintf("%s-%d", a.ID, a.Version) }

func (x *alerter) regressed(err error) {
	x.metrics.regressed.Inc()
	x.log.Error("the broker has less than it had: reading it again from the beginning", zap.Error(err))
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// alertMetrics are the detector's part of the ledger, and its pace.
type alertMetrics struct {
	apply     prometheus.Histogram
	latency   prometheus.Histogram
	decisions *prometheus.CounterVec
	regressed prometheus.Counter
}

func newAlertMetrics(reg prometheus.Registerer) alertMetrics {
	m := alertMetrics{
		apply: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tocsin_detect_seconds", Help: "Time to fold one article, its decisions stated.",
			Buckets: prometheus.ExponentialBuckets(0.00005, 3, 12), NativeHistogramBucketFactor: 1.1,
		}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tocsin_article_to_decision_seconds", Help: "Time from the fetching of an article to its being considered.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2.5, 14), NativeHistogramBucketFactor: 1.1,
		}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tocsin_alert_versions_total", Help: "Alert versions stated, by state and level."}, []string{"state", "level"}),
		regressed: prometheus.NewCounter(prometheus.CounterOpts{Name: "tocsin_broker_regressed_total", Help: "Times that the broker had less than it had acknowledged."}),
	}
	reg.MustRegister(m.apply, m.latency, m.decisions, m.regressed)
	return m
}

func (m alertMetrics) applied(e events.Enriched, took time.Duration) {
	m.apply.Observe(took.Seconds())
	if since := time.Since(e.Article.FetchedAt); since < time.Hour {
		m.latency.Observe(max(0, since.Seconds()))
	}
}

func (m alertMetrics) decided(a events.Alert) { m.decisions.WithLabelValues(a.State, a.Level).Inc() }
