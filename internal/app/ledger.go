package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// ledger shows on each scrape where the articles are, as the streams have it.
type ledger struct{ app *App }

var (
	streamMessages = prometheus.NewDesc("tocsin_stream_messages", "Messages that a stream holds.", []string{"stream"}, nil)
	streamBytes    = prometheus.NewDesc("tocsin_stream_bytes", "Bytes that a stream holds.", []string{"stream"}, nil)
	workerLag      = prometheus.NewDesc("tocsin_worker_lag", "Messages that a group of workers has still to do.", []string{"worker"}, nil)
	articleClass   = prometheus.NewDesc("tocsin_detector_articles_total", "Articles that the detector has seen, by what became of them.", []string{"class"}, nil)
	detectorLag    = prometheus.NewDesc("tocsin_detector_lag", "Enriched articles that the detector has still to consider.", nil, nil)
	detectorLate   = prometheus.NewDesc("tocsin_detector_lag_seconds", "How long the oldest of them has waited; 0 when none waits.", nil, nil)
	storeFree      = prometheus.NewDesc("tocsin_store_free_bytes", "Room on the disk of the embedded broker.", nil, nil)
	storeReserve   = prometheus.NewDesc("tocsin_store_reserve_bytes", "Room that must stay free there: below it nothing new is accepted.", nil, nil)
	watchCount     = prometheus.NewDesc("tocsin_watches", "Watches that run.", nil, nil)
)

func (l *ledger) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{streamMessages, streamBytes, workerLag, articleClass, watchCount, detectorLag, detectorLate, storeFree, storeReserve} {
		ch <- d
	}
}

// Collect asks the broker; what it does not answer in time is left out.
func (l *ledger) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	b := l.app.bus
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, name := range []string{events.StreamArticles, events.StreamEnriched, events.StreamAlerts, events.StreamDead} {
		if info, err := b.Stream(ctx, name); err == nil {
			gauge(streamMessages, float64(info.Messages), name)
			gauge(streamBytes, float64(info.Bytes), name)
		}
	}
	for _, w := range []bus.Worker{enrichers, notifiers} {
		if lag, err := b.Lag(ctx, w); err == nil {
			gauge(workerLag, float64(lag.Waiting+lag.Unacked), w.Name)
		}
	}
	if s := b.Server(); s != nil {
		if d, err := s.Disk(); err == nil {
			gauge(storeFree, float64(d.Free))
			gauge(storeReserve, float64(d.Reserve))
		}
	}
	if x := l.app.alerter; x != nil {
		if n, late, err := x.behind(ctx); err == nil {
			gauge(detectorLag, float64(n))
			gauge(detectorLate, late.Seconds())
		}
		x.mu.RLock()
		counts, watches := x.detector.Counts(), len(x.watches)
		x.mu.RUnlock()
		gauge(watchCount, float64(watches))
		for class, n := range map[string]uint64{"considered": counts.Considered, "duplicate": counts.Duplicates, "stale": counts.Stale} {
			ch <- prometheus.MustNewConstMetric(articleClass, prometheus.CounterValue, float64(n), class)
		}
	}
}

// behind is how many enriched articles the detector has still to consider, and
// how long the oldest of them has waited.
func (x *alerter) behind(ctx context.Context) (n uint64, late time.Duration, err error) {
	at := x.reached.Load()
	info, err := x.app.bus.Stream(ctx, events.StreamEnriched)
	if err != nil || info.Last <= at {
		return 0, 0, err
	}
	_, m, err := bus.Get[struct{}](ctx, x.app.bus, events.StreamEnriched, max(at+1, info.First))
	if errors.Is(err, bus.ErrNotFound) { // taken out of the stream: then the newest tells
		m.Time, err = info.LastTime, nil
	}
	return info.Last - at, max(0, time.Since(m.Time)), err
}

// Balance is the conservation ledger: every accepted article in exactly one
// class. accepted = enriched + dead + in flight, and every enriched article is
// considered by the detector or still before it.
type Balance struct {
	// Accepted is the number of different articles in the stream; Repeats are
	// further messages of an article that is there already.
	Accepted int `json:"accepted"`
	Repeats  int `json:"repeats"`
	Enriched int `json:"enriched"`
	Dead     int `json:"dead"`
	InFlight int `json:"in_flight"`
	// Unread is how many of the enriched the detector has not come to yet.
	Unread int `json:"unread"`
	// Strays are enriched articles that nobody accepted.
	Strays int `json:"strays"`
	// Alerts and Versions count decisions; Doubled are versions stated twice,
	// Gaps are versions that are missing.
	Alerts   int `json:"alerts"`
	Versions int `json:"versions"`
	Doubled  int `json:"doubled"`
	Gaps     int `json:"gaps"`
}

// Balanced reports whether nothing is lost and nothing is said twice.
func (b Balance) Balanced() bool {
	return b.Accepted == b.Enriched+b.Dead+b.InFlight && b.Strays == 0 && b.Doubled == 0 && b.Gaps == 0
}

func (b Balance) String() string {
	word := "balanced"
	if !b.Balanced() {
		word = "NOT BALANCED"
	}
	return fmt.Sprintf("%s: %d accepted = %d enriched + %d dead + %d in flight; %d repeats; %d unread; %d alerts in %d versions, %d doubled, %d missing",
		word, b.Accepted, b.Enriched, b.Dead, b.InFlight, b.Repeats, b.Unread, b.Alerts, b.Versions, b.Doubled, b.Gaps)
}

// Ledger reads all streams and counts. It takes as long as reading them does.
func (a *App) Ledger(ctx context.Context) (Balance, error) {
	var out Balance
	waiting := map[string]bool{}
	err := scan(ctx, a.bus, events.StreamArticles, func(x events.Article, _ bus.Meta) {
		if waiting[x.ID] {
			out.Repeats++
		}
		waiting[x.ID] = true
	})
	if err != nil {
		return out, err
	}
	out.Accepted = len(waiting)
	seen := map[string]bool{}
	if err = scan(ctx, a.bus, events.StreamEnriched, func(e events.Enriched, m bus.Meta) {
		id := e.Article.ID
		switch {
		case seen[id]: // judged again by a newer enricher
		case waiting[id]:
			seen[id] = true
			delete(waiting, id)
			out.Enriched++
		default:
			out.Strays++
		}
		if a.alerter != nil && m.Seq > a.alerter.reached.Load() {
			out.Unread++
		}
	}); err != nil {
		return out, err
	}
	if err = scan(ctx, a.bus, events.StreamDead, func(d events.Dead, _ bus.Meta) {
		if d.Stream == events.StreamArticles {
			if id := deadArticle(d); waiting[id] {
				delete(waiting, id)
				out.Dead++
			}
		}
	}); err != nil {
		return out, err
	}
	out.InFlight = len(waiting)
	return out, a.decisions(ctx, &out)
}

// decisions counts the versions of all alerts.
func (a *App) decisions(ctx context.Context, out *Balance) error {
	last := map[string]int{}
	err := scan(ctx, a.bus, events.StreamAlerts, func(x events.Alert, _ bus.Meta) {
		out.Versions++
		switch was := last[x.ID]; {
		case x.Version <= was:
			out.Doubled++
		default:
			out.Gaps += x.Version - was - 1
			last[x.ID] = x.Version
		}
	})
	out.Alerts = len(last)
	return err
}

// scan reads a stream as it is now, from its first message to its last.
func scan[T any](ctx context.Context, b *bus.Bus, stream string, take func(T, bus.Meta)) error {
	info, err := b.Stream(ctx, stream)
	if err != nil {
		return err
	}
	if info.Messages == 0 {
		return nil
	}
	return scanRange(ctx, b, stream, info.First, info.Last, take)
}

// scanRange reads a stream from one sequence to another, both included; the
// last is one that the stream has.
func scanRange[T any](ctx context.Context, b *bus.Bus, stream string, from, to uint64, take func(T, bus.Meta)) error {
	ctx, done := context.WithCancel(ctx)
	defer done()
	return bus.Follow(ctx, b, bus.Stream{Name: stream}, from, func(v T, m bus.Meta) error {
		if m.Seq <= to {
			take(v, m)
		}
		if m.Seq >= to {
			done()
		}
		return nil
	}, nil)
}
