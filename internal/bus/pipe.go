package bus

import (
	"net"
	"sync"
	"time"
)

// buffered is the client's end of an in-process connection, with what a socket
// has and a net.Pipe lacks: a buffer. Without one each write waits until the
// broker has read it, and has done what it says.
type buffered struct {
	net.Conn

	mu     sync.Mutex
	change *sync.Cond
	buf    []byte // written, not yet passed on
	err    error
	closed bool
	done   chan struct{}
}

// pipeBuffer is how much may wait to be passed on before a write waits too.
const pipeBuffer = 4 << 20

// pipeLast is how long Close waits for what was written to be passed on.
const pipeLast = time.Second

func newBuffered(c net.Conn) *buffered {
	b := &buffered{Conn: c, done: make(chan struct{})}
	b.change = sync.NewCond(&b.mu)
	go b.pass()
	return b
}

// Write takes p, and returns before it is passed on.
func (b *buffered) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.buf) > pipeBuffer && b.err == nil && !b.closed {
		b.change.Wait()
	}
	switch {
	case b.err != nil:
		return 0, b.err
	case b.closed:
		return 0, net.ErrClosed
	}
	b.buf = append(b.buf, p...)
	b.change.Broadcast()
	return len(p), nil
}

// pass passes on what is written, until the connection fails or closes.
func (b *buffered) pass() {
	defer close(b.done)
	var chunk []byte
	for {
		b.mu.Lock()
		for len(b.buf) == 0 && !b.closed {
			b.change.Wait()
		}
		if len(b.buf) == 0 {
			b.mu.Unlock()
			return
		}
		chunk, b.buf = b.buf, chunk[:0]
		b.change.Broadcast()
		b.mu.Unlock()
		if _, err := b.Conn.Write(chunk); err != nil {
			b.mu.Lock()
			b.err = err
			b.change.Broadcast()
			b.mu.Unlock()
			return
		}
		if cap(chunk) > pipeBuffer {
			chunk = nil
		}
	}
}

// Close passes on what was written, within reason, and closes.
func (b *buffered) Close() error {
	b.mu.Lock()
	b.closed = true
	b.change.Broadcast()
	b.mu.Unlock()
	_ = b.Conn.SetWriteDeadline(time.Now().Add(pipeLast))
	<-b.done
	return b.Conn.Close()
}

// SetWriteDeadline does nothing: a write waits only while the buffer is full,
// and Close ends that.
func (b *buffered) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline bounds reads alone, for the same reason.
func (b *buffered) SetDeadline(t time.Time) error { return b.SetReadDeadline(t) }
