package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// probes answers whether the process lives and whether it is ready. It lives
// while it answers; it is ready when every check says so, with the reason when
// one does not.
type probes struct {
	mu     sync.Mutex
	checks []check
}

type check struct {
	name string
	ask  func() error
}

// add makes ready depend on ask.
func (p *probes) add(name string, ask func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.checks = append(p.checks, check{name, ask})
}

// Ready reports the first check that fails.
func (p *probes) Ready() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.checks {
		if err := c.ask(); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// routes serves the probes and the metrics of reg.
func (p *probes) routes(mux *http.ServeMux, reg *prometheus.Registry) {
	alive := func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok", nil) }
	ready := func(w http.ResponseWriter, _ *http.Request) {
		if err := p.Ready(); err != nil {
			answer(w, http.StatusServiceUnavailable, "not ready", err)
			return
		}
		answer(w, http.StatusOK, "ready", nil)
	}
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /-/healthy", alive)
	mux.HandleFunc("GET /readyz", ready)
	mux.HandleFunc("GET /-/ready", ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{EnableOpenMetrics: true}))
}

func answer(w http.ResponseWriter, status int, word string, err error) {
	body := map[string]string{"status": word}
	if err != nil {
		body["reason"] = err.Error()
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
