package bus

import "github.com/prometheus/client_golang/prometheus"

// metrics is what the bus counts. Labels are streams, workers and buckets,
// all of them few and fixed.
type metrics struct {
	connected   prometheus.Gauge
	reconnects  prometheus.Counter
	asyncErrors prometheus.Counter

	published  *prometheus.CounterVec // stream
	duplicates *prometheus.CounterVec // stream
	refused    *prometheus.CounterVec // stream
	recut      *prometheus.CounterVec // stream
	batchSize  *prometheus.HistogramVec

	delivered   *prometheus.CounterVec // worker
	redelivered *prometheus.CounterVec // worker
	acked       *prometheus.CounterVec // worker
	retried     *prometheus.CounterVec // worker
	parked      *prometheus.CounterVec // worker
	dead        *prometheus.CounterVec // worker
	deadFailed  *prometheus.CounterVec // worker
	panics      *prometheus.CounterVec // worker
	recreated   *prometheus.CounterVec // worker
	latency     *prometheus.HistogramVec
	pending     *prometheus.GaugeVec // worker
	inHand      *prometheus.GaugeVec // worker

	missing    *prometheus.CounterVec // stream
	unreadable *prometheus.CounterVec // stream
	position   *prometheus.GaugeVec   // stream
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		connected:   gauge("connected", "1 while the broker is connected."),
		reconnects:  counter("reconnects_total", "Times the broker was lost and found again."),
		asyncErrors: counter("async_errors_total", "Errors that the broker's client reported on its own."),

		published:  counters("published_total", "Messages that a stream has acknowledged for the first time.", "stream"),
		duplicates: counters("duplicates_total", "Messages that a stream already had.", "stream"),
		refused:    counters("publish_failures_total", "Tries to publish that failed.", "stream"),
		recut:      counters("batches_recut_total", "Batches refused for a duplicate and cut again.", "stream"),
		batchSize: histograms("batch_messages", "Messages in a published batch.",
			prometheus.ExponentialBuckets(1, 2, 11), "stream"),

		delivered:   counters("delivered_total", "Messages handed to a worker, each time counted.", "worker"),
		redelivered: counters("redelivered_total", "Messages handed to a worker again.", "worker"),
		acked:       counters("acked_total", "Messages that a worker has finished.", "worker"),
		retried:     counters("retried_total", "Messages sent back to be tried later.", "worker"),
		parked:      counters("parked_total", "Messages of a newer version, set aside for a newer program.", "worker"),
		dead:        counters("dead_letters_total", "Messages given up and kept as dead letters.", "worker"),
		deadFailed:  counters("dead_letter_failures_total", "Dead letters that could not be kept: the message stays unacknowledged.", "worker"),
		panics:      counters("panics_total", "Panics of a handler, recovered.", "worker"),
		recreated:   counters("consumer_recreated_total", "Times a stuck or deleted consumer was made again.", "worker"),
		latency: histograms("handle_seconds", "Time from delivery to acknowledgement.",
			prometheus.ExponentialBuckets(0.0005, 2, 16), "worker"),
		pending: gauges("pending_messages", "Messages that wait for a worker.", "worker"),
		inHand:  gauges("in_hand_messages", "Messages that a worker has in hand.", "worker"),

		missing:    counters("missing_messages_total", "Messages that a reader found gone from a stream.", "stream"),
		unreadable: counters("unreadable_messages_total", "Messages that a reader could not decode and passed over.", "stream"),
		position:   gauges("follow_position", "Last sequence that a reader has taken in.", "stream"),
	}
	if r != nil {
		r.MustRegister(
			m.connected, m.reconnects, m.asyncErrors,
			m.published, m.duplicates, m.refused, m.recut, m.batchSize,
			m.delivered, m.redelivered, m.acked, m.retried, m.parked, m.dead, m.deadFailed, m.panics, m.recreated,
			m.latency, m.pending, m.inHand,
			m.missing, m.unreadable, m.position,
		)
	}
	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "tocsin", Subsystem: "bus", Name: name, Help: help})
}

func counters(name, help, label string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "tocsin", Subsystem: "bus", Name: name, Help: help}, []string{label})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "tocsin", Subsystem: "bus", Name: name, Help: help})
}

func gauges(name, help, label string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "tocsin", Subsystem: "bus", Name: name, Help: help}, []string{label})
}

func histograms(name, help string, buckets []float64, label string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "tocsin", Subsystem: "bus", Name: name, Help: help,
		Buckets: buckets, NativeHistogramBucketFactor: 1.1,
	}, []string{label})
}
