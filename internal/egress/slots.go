package egress

import (
	"context"
	"sync"
)

// Limits of what runs at once.
const (
	total    = 64 // requests in all
	doubtful = 16 // of them to hosts whose last request failed
)

// slots keeps one request at a time to a host, and total in all. A host that
// failed waits in a lane of its own, so that five hundred slow servers do not
// hold up the good ones.
type slots struct {
	all, doubt chan struct{}

	mu    sync.Mutex
	hosts map[string]*host
}

type host struct {
	turn  chan struct{}
	users int
	bad   bool
}

// hostsKept is how many hosts without a request are remembered.
const hostsKept = 8192

func newSlots() *slots {
	return &slots{all: make(chan struct{}, total), doubt: make(chan struct{}, doubtful), hosts: make(map[string]*host)}
}

// take waits for name's turn, then for a free slot. The caller gives both back
// with release.
func (s *slots) take(ctx context.Context, name string) (release func(), err error) {
	h := s.enter(name)
	if err := wait(ctx, h.turn); err != nil {
		s.leave(name, h)
		return nil, err
	}
	lanes := []chan struct{}{s.all}
	if s.isBad(h) {
		lanes = []chan struct{}{s.doubt, s.all}
	}
	for i, lane := range lanes {
		if err := wait(ctx, lane); err != nil {
			leaveLanes(lanes[:i])
			<-h.turn
			s.leave(name, h)
			return nil, err
		}
	}
	return func() {
		leaveLanes(lanes)
		<-h.turn
		s.leave(name, h)
	}, nil
}

func wait(ctx context.Context, lane chan struct{}) error {
	select {
	case lane <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func leaveLanes(lanes []chan struct{}) {
	for _, lane := range lanes {
		<-lane
	}
}

func (s *slots) enter(name string) *host {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hosts[name]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		s.hosts[name] = h
	}
	h.users++
	return h
}

// leave forgets a host that nobody uses, unless it is worth remembering.
func (s *slots) leave(name string, h *host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.users--
	if h.users == 0 && (!h.bad || len(s.hosts) > hostsKept) {
		delete(s.hosts, name)
	}
}

func (s *slots) isBad(h *host) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.bad
}

// ended remembers whether name's request came to a good end.
func (s *slots) ended(name string, well bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.hosts[name]; h != nil {
		h.bad = !well
	}
}
