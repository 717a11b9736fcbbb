package egress

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests; no label ever holds a host or an address.
type metrics struct {
	requests *prometheus.CounterVec
	refused  *prometheus.CounterVec
	bytes    prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tocsin_egress_requests_total",
			Help: "Outbound requests by class of answer: 2xx, 3xx, 4xx, 5xx, refused (by a rule of ours) or error.",
		}, []string{"class"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tocsin_egress_refused_total",
			Help: "Outbound requests given up by a rule, by reason.",
		}, []string{"reason"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tocsin_egress_received_bytes_total",
			Help: "Bytes of bodies received, as sent.",
		}),
	}
	if reg != nil {
		reg.MustRegister(m.requests, m.refused, m.bytes)
	}
	return m
}

// count counts one request.
func (m *metrics) count(resp *http.Response, err error) {
	switch {
	case err == nil:
		m.requests.WithLabelValues(strconv.Itoa(resp.StatusCode/100) + "xx").Inc()
	case m.gaveUp(err):
		m.requests.WithLabelValues("refused").Inc()
	default:
		m.requests.WithLabelValues("error").Inc()
	}
}

// gaveUp counts err when it is a rule of ours.
func (m *metrics) gaveUp(err error) bool {
	var r *Refused
	if !errors.As(err, &r) {
		return false
	}
	m.refused.WithLabelValues(string(r.Reason)).Inc()
	return true
}
