package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// handler answers for the probes and metrics from the first moment, and for
// everything else once the app is up.
func (a *App) handler() http.Handler {
	mux := http.NewServeMux()
	a.probes.routes(mux, a.reg)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if site := a.site.Load(); site != nil {
			(*site).ServeHTTP(w, r)
			return
		}
		err := a.probes.Ready()
		if err == nil {
			err = errStarting
		}
		web.Starting(w, err)
	})
	return mux
}

// website is what this process shows, by its roles.
func (a *App) website() *web.Server {
	s := &web.Server{Keys: a.secrets.keys(), Hosts: a.cfg.Hosts, Version: Version, Done: a.closing, Log: bridge(a.log.Named("web"))}
	s.Operator = web.Operator{Dead: a.deadLetters, Letter: a.deadLetter, Retry: a.retryDead, Reload: a.Reload, Ledger: a.ledger}
	if a.ingestor != nil {
		s.Push, s.Sources = a.ingestor.push, a.ingestor.health
	}
	if a.alerter != nil {
		s.Board, s.Stories, s.Story, s.Care = &a.alerter.board, a.alerter.stories, a.alerter.story, a.alerter.cares
		s.Misses = a.alerter.nearMisses
		s.Archive, s.Past = newArchive(a.alerter), a.pastAlerts
		w := a.alerter.writings
		s.Watches, s.Subscriptions, s.Silences = watchShelf{&w.watches, w}, subscriptionShelf{&w.subscriptions, w}, silenceShelf{&w.silences, w}
		s.Article = func(id string) (events.Enriched, bool) {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			return a.alerter.enriched(ctx, id)
		}
		s.Explain = func(id string) (web.Explanation, bool) {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			return a.alerter.explain(ctx, id)
		}
		s.Operator.Test = func(r *http.Request, channel string) error { return a.alerter.notifier.Test(r.Context(), channel) }
	}
	return s
}

// pastAlerts reads the alert versions between two places of their stream.
func (a *App) pastAlerts(ctx context.Context, after, before uint64, tell func(uint64, events.Alert)) error {
	info, err := a.bus.Stream(ctx, events.StreamAlerts)
	if err != nil {
		return err
	}
	from, to := max(after+1, info.First), min(before-1, info.Last)
	if info.Messages == 0 || from > to {
		return nil
	}
	return scanRange(ctx, a.bus, events.StreamAlerts, from, to, func(x events.Alert, m bus.Meta) { tell(m.Seq, x) })
}

func (a *App) ledger(r *http.Request) (any, error) { return a.Ledger(r.Context()) }

func (a *App) deadLetters(r *http.Request, from uint64, limit int) ([]web.DeadLetter, error) {
	letters, err := bus.DeadLetters(r.Context(), a.bus, "", from, limit)
	var out []web.DeadLetter
	for _, l := range letters {
		out = append(out, web.DeadLetter(l))
	}
	return out, err
}

func (a *App) deadLetter(r *http.Request, seq uint64) (web.DeadLetter, error) {
	l, err := bus.GetDead(r.Context(), a.bus, seq)
	return web.DeadLetter(l), noLetter(err)
}

func (a *App) retryDead(r *http.Request, seq uint64) (uint64, error) {
	ack, err := bus.RetryDead(r.Context(), a.bus, seq)
	return ack.Seq, noLetter(err)
}

func noLetter(err error) error {
	if errors.Is(err, bus.ErrNotFound) {
		return web.ErrNoLetter
	}
	return err
}

func writeMetrics(reg *prometheus.Registry, w io.Writer) error {
	families, err := reg.Gather()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			return err
		}
	}
	_, err = w.Write(b.Bytes())
	return err
}
