package ingest

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Metrics is ingest's part of the conservation ledger, and how polling goes.
// Every offer is counted in exactly one of accepted, duplicate, filtered and
// rejected. Labels are of closed sets.
type Metrics struct {
	Accepted   prometheus.Counter
	Duplicates prometheus.Counter
	Filtered   *prometheus.CounterVec // reason
	Rejected   *prometheus.CounterVec // reason
	Dates      *prometheus.CounterVec // kind
	Took       prometheus.Histogram
	Polls      *prometheus.CounterVec // result
	Sources    *prometheus.GaugeVec   // state
	Late       prometheus.Histogram
	Pages      *prometheus.CounterVec // result
	Push       *prometheus.CounterVec // code
}

// NewMetrics makes the metrics and registers them with reg, which may be nil.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Name: "tocsin_ingest_" + name + "_total", Help: help}
	}
	m := &Metrics{
		Accepted:   prometheus.NewCounter(counter("accepted", "Articles stated to the log for the first time.")),
		Duplicates: prometheus.NewCounter(counter("duplicate", "Articles offered that were known.")),
		Filtered:   prometheus.NewCounterVec(counter("filtered", "Articles left out by a rule, by reason."), []string{"reason"}),
		Rejected:   prometheus.NewCounterVec(counter("rejected", "Offers that are no article, by the field that is wrong."), []string{"reason"}),
		Dates:      prometheus.NewCounterVec(counter("odd_dates", "Accepted articles whose own date is missing, before the last week, or in the future."), []string{"kind"}),
		Took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tocsin_ingest_accept_seconds",
			Help: "Time from offer to accepted and marked.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}),
		Polls: prometheus.NewCounterVec(counter("polls", "Polls of sources, by result."), []string{"result"}),
		Sources: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "tocsin_ingest_sources",
			Help: "Sources by state after their last poll here: new, ok, failing, silent, moved or gone.",
		}, []string{"state"}),
		Late: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tocsin_ingest_poll_delay_seconds",
			Help: "How much later than planned a poll began.", Buckets: prometheus.ExponentialBuckets(0.05, 3, 9),
		}),
		Pages: prometheus.NewCounterVec(counter("pages", "Pages fetched to fill items, by result."), []string{"result"}),
		Push:  prometheus.NewCounterVec(counter("push_requests", "Push requests by status."), []string{"code"}),
	}
	if reg != nil {
		reg.MustRegister(m.Accepted, m.Duplicates, m.Filtered, m.Rejected, m.Dates, m.Took, m.Polls, m.Sources, m.Late, m.Pages, m.Push)
	}
	return m
}

// settled counts what became of offers.
func (m *Metrics) settled(results []Result, took time.Duration) {
	if m == nil {
		return
	}
	for _, r := range results {
		switch r.Outcome {
		case Accepted:
			m.Accepted.Inc()
			m.Took.Observe(took.Seconds())
			if kind := oddDate(r.Article); kind != "" {
				m.Dates.WithLabelValues(kind).Inc()
			}
		case Duplicate:
			m.Duplicates.Inc()
		case Filtered:
			m.Filtered.WithLabelValues(r.Reason).Inc()
		case Rejected:
			m.Rejected.WithLabelValues(r.Reason).Inc()
		}
	}
}

// filtered counts one that is left out before it comes to the door.
func (m *Metrics) filtered(reason string) {
	if m != nil {
		m.Filtered.WithLabelValues(reason).Inc()
	}
}

// oddDate names what is odd about an article's own date, which is kept as its
// source gives it and held within bounds by [events.Article.EventTime].
func oddDate(a events.Article) string {
	switch {
	case a.PublishedAt.IsZero():
		return "missing"
	case a.PublishedAt.Before(a.FetchedAt.Add(-events.ClampPast)):
		return "past"
	case a.PublishedAt.After(a.FetchedAt.Add(events.ClampFuture)):
		return "future"
	}
	return ""
}

func (m *Metrics) polled(o outcome) {
	if m != nil {
		m.Polls.WithLabelValues(string(o)).Inc()
	}
}

func (m *Metrics) late(d time.Duration) {
	if m != nil {
		m.Late.Observe(max(d, 0).Seconds())
	}
}

// turned counts a source under its new state; both may be "".
func (m *Metrics) turned(from, to string) {
	if m == nil || from == to {
		return
	}
	if from != "" {
		m.Sources.WithLabelValues(from).Dec()
	}
	if to != "" {
		m.Sources.WithLabelValues(to).Inc()
	}
}

func (m *Metrics) filled(how string) {
	if m != nil {
		m.Pages.WithLabelValues(how).Inc()
	}
}
