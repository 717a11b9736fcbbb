package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/ingest"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// ingestor is the role that brings news in: it polls the sources and takes
// what is pushed.
type ingestor struct {
	app     *App
	metrics *ingest.Metrics
	door    *ingest.Door
	verb    *ingest.Ingestor
	push    *ingest.Push
}

func newIngestor(a *App) *ingestor { return &ingestor{app: a, metrics: ingest.NewMetrics(a.reg)} }

func (i *ingestor) open(ctx context.Context) error {
	a := i.app
	seen, err := bus.OpenBucket[ingest.Record](ctx, a.bus, bus.Seen)
	if err != nil {
		return fmt.Errorf("open what was seen: %w", err)
	}
	states, err := bus.OpenBucket[ingest.State](ctx, a.bus, bus.Sources)
	if err != nil {
		return fmt.Errorf("open the sources' states: %w", err)
	}
	i.door = &ingest.Door{Publisher: publisher{a.bus}, Seen: store[ingest.Record](seen, ingest.ErrConflict), Origin: namer{}, Full: a.full, Metrics: i.metrics}
	i.push = &ingest.Push{Door: i.door, Auth: a.secrets}
	host, _ := os.Hostname()
	i.verb = &ingest.Ingestor{
		Door: i.door, States: store[ingest.State](states, ingest.ErrConflict), Name: host, Log: a.log.Named("ingest"), Metrics: i.metrics,
		Fetcher: &ingest.Fetcher{Getter: a.egress},
	}
	i.verb.SetSources(a.cfg.Sources)
	return nil
}

func (i *ingestor) run(ctx context.Context) error {
	if !slices.ContainsFunc(i.app.cfg.Sources, ingest.Source.Fetched) {
		i.app.log.Info("no sources to fetch are configured: waiting for pushed articles")
	}
	return i.verb.Run(ctx)
}

// full reports that the broker's disk has no room for more articles.
func (a *App) full() bool {
	s := a.bus.Server()
	return s != nil && s.Full()
}

// accept offers one article as the operator's own push.
func (i *ingestor) accept(ctx context.Context, a events.Article, replay bool) error {
	r, err := i.door.Accept(ctx, ingest.Offer{Article: a, By: "push/replay", Replay: replay})
	if err != nil {
		return err
	}
	return r.Err
}

// health is GET /api/v1/sources.
func (i *ingestor) health() []web.Source {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	all, err := i.verb.Health(ctx)
	if err != nil {
		i.app.log.Warn("the health of some sources is not known", zap.Error(err))
	}
	out := make([]web.Source, 0, len(all))
	for _, h := range all {
		out = append(out, web.Source(h))
	}
	return out
}

// namer finds the agency that a text names.
type namer struct{}

func (namer) OriginOf(title, text string) string {
	o, _ := origin.Agency(title, text, token.Of(title, text))
	return o.Key
}

// publishers are the configured sources as the origins know publishers: what
// the configuration says of an owner overrules the shipped list.
func (c Config) publishers() []origin.Publisher {
	out := slices.Clone(c.Publishers)
	for _, s := range c.Sources {
		if s.Family == "" && s.Tier == 0 && s.Country == "" {
			continue
		}
		out = append(out, origin.Publisher{Source: s.ID, Family: s.Family, Tier: s.Tier, Country: s.Country})
		if home := source.Domain(s.URL()); s.Fetched() && home != s.ID {
			out = append(out, origin.Publisher{Source: home, Family: s.Family, Tier: s.Tier, Country: s.Country})
		}
	}
	return out
}
