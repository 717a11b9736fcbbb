package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// enricher is the role that understands articles.
type enricher struct {
	app  *App
	u    *Understanding
	took prometheus.Histogram
}

func newEnricher(a *App) (*enricher, error) {
	u, err := Understand(a.cfg)
	if err != nil {
		return nil, err
	}
	e := &enricher{app: a, u: u, took: prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "tocsin_enrich_seconds", Help: "Time to understand one article.",
		Buckets: prometheus.ExponentialBuckets(0.0001, 2.5, 12), NativeHistogramBucketFactor: 1.1,
	})}
	a.reg.MustRegister(e.took)
	return e, nil
}

func (e *enricher) open(ctx context.Context) error { return e.app.bus.EnsureWorker(ctx, enrichers) }

// enrichers is the group of all enrichers; its name is its place in the
// stream.
var enrichers = bus.Worker{Name: "enricher", Stream: events.StreamArticles}

func (e *enricher) run(ctx context.Context) error {
	return bus.Consume(ctx, e.app.bus, enrichers, e.handle)
}

// handle understands one article. One that is not an article, whoever wrote
// it to the stream, will never be one.
func (e *enricher) handle(_ context.Context, a events.Article, _ bus.Meta) ([]bus.Out, error) {
	if err := a.Validate(); err != nil {
		return nil, verdict.Permanent(err)
	}
	start := time.Now()
	out := e.u.Enrich(a)
	e.took.Observe(time.Since(start).Seconds())
	return []bus.Out{{Subject: out.Subject(), Type: events.TypeEnriched, ID: out.ID, Value: out}}, nil
}
