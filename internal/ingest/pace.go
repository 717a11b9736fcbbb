package ingest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

// pace keeps requests to one host apart, and away from a host that has asked
// to be left alone.
type pace struct {
	now   func() time.Time
	every time.Duration
	burst int

	mu    sync.Mutex
	hosts map[string]*manners
}

type manners struct {
	limit *rate.Limiter
	until time.Time
	used  time.Time
}

const (
	// patience is how long a request waits for its turn at a host; beyond it,
	// the poll is put off.
	patience = 30 * time.Second
	// mostDelay bounds what a Crawl-delay may ask for.
	mostDelay = 30 * time.Second
	mostHosts = 4096
)

func newPace(every time.Duration, burst int, now func() time.Time) *pace {
	return &pace{now: now, every: every, burst: burst, hosts: make(map[string]*manners)}
}

// wait waits for the turn of a request to host. The error is [verdict.After]
// when the host has asked to be left alone for longer than we would wait.
func (p *pace) wait(ctx context.Context, host string) error {
	m := p.of(host)
	p.mu.Lock()
	rest := m.until.Sub(p.now())
	p.mu.Unlock()
	if rest > 0 {
		return verdict.After(rest, fmt.Errorf("%s has asked to be left alone for another %s", host, rest.Round(time.Second)))
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := m.limit.Wait(ctx); err != nil {
		return verdict.After(patience, fmt.Errorf("%s is asked too often already: %w", host, err))
	}
	return nil
}

// rest leaves host alone for d.
func (p *pace) rest(host string, d time.Duration) {
	m := p.of(host)
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(min(d, mostRetry)); until.After(m.until) {
		m.until = until
	}
}

// slow keeps requests to host delay apart, as its robots.txt asks.
func (p *pace) slow(host string, delay time.Duration) {
	if delay = min(delay, mostDelay); delay > p.every {
		m := p.of(host)
		m.limit.SetLimit(rate.Every(delay))
		m.limit.SetBurst(1)
	}
}

func (p *pace) of(host string) *manners {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.hosts[host]
	if m == nil {
		if len(p.hosts) >= mostHosts {
			p.forget()
		}
		m = &manners{limit: rate.NewLimiter(rate.Every(p.every), p.burst)}
		p.hosts[host] = m
	}
	m.used = p.now()
	return m
}

// forget drops hosts that were not asked for an hour and do not rest.
func (p *pace) forget() {
	now := p.now()
	for host, m := range p.hosts {
		if now.Sub(m.used) > time.Hour && now.After(m.until) {
			delete(p.hosts, host)
		}
	}
}
