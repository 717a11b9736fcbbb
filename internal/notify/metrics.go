package notify

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

// metrics counts what becomes of messages. Labels are the names and kinds of
// the configured channels and a few fixed words.
type metrics struct {
	messages *prometheus.CounterVec   // channel, kind, end
	tries    *prometheus.CounterVec   // channel, kind, result
	drops    *prometheus.CounterVec   // channel, reason
	seconds  *prometheus.HistogramVec // channel, kind
	delay    *prometheus.HistogramVec // channel, kind
}

func newMetrics(reg prometheus.Registerer, n *Notifier) *metrics {
	m := &metrics{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tocsin_notify_messages_total",
			Help: "Messages that came to an end, by channel and end (delivered, failed, superseded, muted).",
		}, []string{"channel", "kind", "end"}),
		tries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tocsin_notify_tries_total",
			Help: "Tries to send a message, by channel and result (taken, refused, retry, throttled).",
		}, []string{"channel", "kind", "result"}),
		drops: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tocsin_notify_dropped_total",
			Help: "Alert versions not told on a channel, by reason (unmatched, muted, duplicate, replayed, history).",
		}, []string{"channel", "reason"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:                        "tocsin_notify_send_seconds",
			Help:                        "How long one try took.",
			Buckets:                     []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 15},
			NativeHistogramBucketFactor: 1.1,
		}, []string{"channel", "kind"}),
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:                        "tocsin_notify_delivery_seconds",
			Help:                        "From the decision's arrival at the notifier to the receiver's yes, waiting and tries included.",
			Buckets:                     prometheus.ExponentialBuckets(.01, 4, 12),
			NativeHistogramBucketFactor: 1.1,
		}, []string{"channel", "kind"}),
	}
	if reg != nil {
		reg.MustRegister(m.messages, m.tries, m.drops, m.seconds, m.delay, outboxes{n})
	}
	return m
}

func (m *metrics) ended(c Opened, end string) {
	m.messages.WithLabelValues(c.Name, c.Kind, end).Inc()
}

func (m *metrics) delivered(c Opened, e Entry) {
	m.delay.WithLabelValues(c.Name, c.Kind).Observe(max(time.Since(e.Queued).Seconds(), 0))
}

func (m *metrics) dropped(channel, reason string) { m.drops.WithLabelValues(channel, reason).Inc() }

func (m *metrics) tried(c Opened, took time.Duration, err error) {
	result := "retry"
	if _, asked := verdict.Delay(err); asked {
		result = "throttled"
	}
	switch {
	case err == nil:
		result = "taken"
	case verdict.IsPermanent(err):
		result = "refused"
	}
	m.tries.WithLabelValues(c.Name, c.Kind, result).Inc()
	m.seconds.WithLabelValues(c.Name, c.Kind).Observe(took.Seconds())
}

// outboxes measures the outboxes when they are asked for.
type outboxes struct{ n *Notifier }

var (
	depth = prometheus.NewDesc("tocsin_notify_outbox_messages",
		"Messages that wait for the channel.", []string{"channel", "kind"}, nil)
	age = prometheus.NewDesc("tocsin_notify_outbox_oldest_seconds",
		"How long the oldest message has been waiting for the channel; 0 when none does.", []string{"channel", "kind"}, nil)
	up = prometheus.NewDesc("tocsin_notify_channel_up",
		"0 while the channel's circuit breaker is open or half open, else 1.", []string{"channel", "kind"}, nil)
)

// Describe is of [prometheus.Collector].
func (outboxes) Describe(ch chan<- *prometheus.Desc) { ch <- depth; ch <- age; ch <- up }

// Collect is of [prometheus.Collector].
func (o outboxes) Collect(ch chan<- prometheus.Metric) {
	for _, h := range o.n.Health() {
		seconds, works := 0.0, 0.0
		if h.Waiting > 0 {
			seconds = max(time.Since(h.Oldest).Seconds(), 0)
		}
		if h.Up {
			works = 1
		}
		for desc, v := range map[*prometheus.Desc]float64{depth: float64(h.Waiting), age: seconds, up: works} {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, h.Name, h.Kind)
		}
	}
}
