package app

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// badLine is a TCP proxy that delays, dribbles, goes silent and hangs up.
type badLine struct {
	ln net.Listener
	to string

	mu    sync.Mutex
	open  map[net.Conn]bool
	quiet bool // nothing passes, and nobody is told
	all   sync.WaitGroup
}

func newBadLine(t *testing.T, to string) *badLine {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &badLine{ln: ln, to: to, open: map[net.Conn]bool{}}
	l.all.Go(l.serve)
	t.Cleanup(func() {
		_ = ln.Close()
		l.hangUp()
		l.all.Wait()
	})
	return l
}

func (l *badLine) serve() {
	for {
		near, err := l.ln.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.to)
		if err != nil {
			_ = near.Close()
			continue
		}
		l.mu.Lock()
		l.open[near], l.open[far] = true, true
		l.mu.Unlock()
		l.all.Go(func() { l.carry(near, far) })
		l.all.Go(func() { l.carry(far, near) })
	}
}

// carry passes bytes on, a few at a time, each a little late.
func (l *badLine) carry(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf[:1+rand.IntN(len(buf))])
		if err != nil {
			return
		}
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		for l.silent() {
			time.Sleep(5 * time.Millisecond)
		}
		if _, err := io.Copy(to, &oneByOne{buf[:n]}); err != nil {
			return
		}
	}
}

func (l *badLine) silent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.quiet && len(l.open) > 0
}

func (l *badLine) silence(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quiet = on
}

// hangUp resets every connection.
func (l *badLine) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
	clear(l.open)
}

// oneByOne gives its bytes in pieces that no message ends with.
type oneByOne struct{ rest []byte }

func (o *oneByOne) Read(p []byte) (int, error) {
	if len(o.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 1+rand.IntN(700))], o.rest)
	o.rest = o.rest[n:]
	return n, nil
}

// The line to the broker delays, cuts messages in pieces, goes silent and hangs
// up, again and again: the results are the same, only later.
func TestABadLineToTheBroker(t *testing.T) {
	broker, err := bus.StartServer(t.Context(), bus.Config{Dir: t.TempDir(), Listen: freePort(t), Sync: "2m"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Stop)
	l := newBadLine(t, broker.Address())
	c := Config{Listen: "127.0.0.1:0", NATS: bus.Config{URL: "nats://" + l.ln.Addr().String()}, Path: filepath.Join(t.TempDir(), "tocsin.yaml")}
	withWatches(t, allianceWatch)(&c)
	r := run(t, c)

	trouble, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		for n := 0; pause(trouble, time.Duration(50+rand.IntN(300))*time.Millisecond); n++ {
			if n%2 == 0 {
				l.hangUp()
				continue
			}
			l.silence(true)
			pause(trouble, time.Duration(rand.IntN(800))*time.Millisecond)
			l.silence(false)
		}
		l.silence(false)
	})
	r.offer(t, "2024-11-23T13:00", "2024-11-25T00:00", 30*time.Millisecond)
	stop()
	done.Wait()
	r.settle(t)
	asOneReader(t, r)
	if b, err := r.Ledger(t.Context()); err != nil || !b.Balanced() || b.InFlight != 0 || b.Dead != 0 || b.Unread != 0 {
		t.Error(b, err)
	}
	if n := r.counter(t, "tocsin_bus_reconnects_total"); n == 0 {
		t.Error("the line was never lost: the test says nothing")
	}
}
