package egress

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// piped gives c a network in memory, whose server is h, so that the clock of
// a synctest bubble runs it.
func piped(t *testing.T, c *Client, h http.Handler) {
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	tr := c.transport.(*http.Transport)
	tr.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		near, far := net.Pipe()
		select {
		case l.conns <- far:
			return near, nil
		case <-l.closed: // net/http may let a dial live longer than its request
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	t.Cleanup(func() { s.Close(); tr.CloseIdleConnections() })
}

type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func TestSlowness(t *testing.T) {
	drip := func(n int, every time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for {
				if _, err := w.Write(make([]byte, n)); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-time.After(every):
				case <-r.Context().Done():
					return
				}
			}
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    Reason
		from    time.Duration
		to      time.Duration
	}{
		{"one byte a second", drip(1, time.Second), ReasonSlow, 5 * time.Second, 7 * time.Second},
		{"silent after the headers", func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, ReasonSlow, 5 * time.Second, 7 * time.Second},
		{"no headers", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, ReasonTimeout, 10 * time.Second, 11 * time.Second},
		{"steady, but endless", drip(4<<10, time.Second), ReasonTimeout, 30 * time.Second, 31 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cl := open(t)
				piped(t, cl, c.handler)
				start := time.Now()
				_, _, err := get(t, cl, "http://slow.example/")
				if took := time.Since(start); reason(err) != c.want || took < c.from || took > c.to {
					t.Errorf("%v after %s, want reason %q after %s to %s", err, took, c.want, c.from, c.to)
				}
			})
		})
	}
}

func TestAForgottenBodyGivesItsHostBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		piped(t, c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") }))
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://a.example/", nil)
		if _, err := c.Do(req); err != nil { //nolint:bodyclose // that is the test
			t.Fatal(err)
		}
		if _, _, err := get(t, c, "http://a.example/"); err != nil {
			t.Fatal(err)
		}
	})
}

// With 500 hosts that never answer, a good host is not kept waiting once the
// slow ones are known.
func TestSlowHostsDoNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		piped(t, c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "good.example" {
				<-r.Context().Done()
			}
		}))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for i := range 500 {
			go func() {
				for ctx.Err() == nil {
					host := "slow" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + ".example"
					req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/", nil)
					if resp, err := c.Do(req); err == nil {
						resp.Body.Close()
					}
				}
			}()
		}
		time.Sleep(3 * time.Minute)
		for range 20 {
			start := time.Now()
			if _, _, err := get(t, c, "http://good.example/"); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 100*time.Millisecond {
				t.Errorf("took %s", took)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestNoMoreThanSixtyFourAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		var mu sync.Mutex
		now, most := 0, 0
		piped(t, c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
		}))
		start := time.Now()
		var all sync.WaitGroup
		for n := range 3 * total {
			all.Go(func() {
				if _, _, err := get(t, c, fmt.Sprintf("http://h%d.example/", n)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(start); most != total || took != 3*time.Second {
			t.Errorf("%d at once, all in %s", most, took)
		}
	})
}
