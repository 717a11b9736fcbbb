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
	blocks [][]byte // written, not yet passed on
	size   int      // of all blocks
	spare  [][]byte // empty blocks
	err    error
	closed bool
	done   chan struct{}
}

// pipeBuffer is how much may wait to be passed on before a write waits too.
const pipeBuffer = 4 << 20

// A block is what is passed on at once, as much as the broker reads at once.
// spareBlocks bounds the empty ones that are kept.
const (
	blockSize   = 64 << 10
	spareBlocks = 32
)

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
	for b.size > pipeBuffer && b.err == nil && !b.closed {
		b.change.Wait()
	}
	switch {
	case b.err != nil:
		return 0, b.err
	case b.closed:
		return 0, net.ErrClosed
	}
	b.put(p)
	b.change.Broadcast()
	return len(p), nil
}

// put copies p into blocks, which do not move once they are there.
func (b *buffered) put(p []byte) {
	b.size += len(p)
	for len(p) > 0 {
		last := len(b.blocks) - 1
		if last < 0 || len(b.blocks[last]) == cap(b.blocks[last]) {
			b.blocks, last = append(b.blocks, b.block()), last+1
		}
		to := b.blocks[last]
		n := min(len(p), cap(to)-len(to))
		b.blocks[last], p = append(to, p[:n]...), p[n:]
	}
}

func (b *buffered) block() []byte {
	n := len(b.spare)
	if n == 0 {
		return make([]byte, 0, blockSize)
	}
	block := b.spare[n-1]
	b.spare = b.spare[:n-1]
	return block
}

// pass passes on what is written, until the connection fails or closes.
func (b *buffered) pass() {
	defer close(b.done)
	var blocks [][]byte
	for {
		blocks = b.next(blocks)
		if len(blocks) == 0 {
			return
		}
		for _, block := range blocks {
			if _, err := b.Conn.Write(block); err != nil {
				b.fail(err)
				return
			}
		}
	}
}

// next takes back the blocks that were passed on, and gives those that were
// written since; it waits for the first. None: the connection is closed.
func (b *buffered) next(passed [][]byte) [][]byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, block := range passed[:min(len(passed), spareBlocks-len(b.spare))] {
		b.spare = append(b.spare, block[:0])
	}
	for len(b.blocks) == 0 && !b.closed {
		b.change.Wait()
	}
	blocks := b.blocks
	b.blocks, b.size = nil, 0
	b.change.Broadcast()
	return blocks
}

func (b *buffered) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
	b.change.Broadcast()
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
