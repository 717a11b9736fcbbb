package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// Least speed of a body: minRate bytes a second, looked at after grace.
const (
	minRate = 1 << 10
	grace   = 5 * time.Second
)

// Bound on what a body may decode to: ratio times what was sent, once more
// than free bytes came out.
const (
	ratio = 200
	free  = 1 << 20
)

// body bounds an answer's body in size, speed and time, and gives the host's
// slot back when it is done with.
type body struct {
	most    int64
	metrics *metrics
	slots   *slots
	host    string
	ctx     context.Context
	cancel  context.CancelCauseFunc
	done    func()
	total   *time.Timer
	ended   sync.Once

	decoded io.Reader
	out     int64
	err     error

	mu      sync.Mutex
	wire    io.ReadCloser
	pulse   *time.Timer
	in      int64         // bytes from the wire
	waited  time.Duration // time spent waiting for them
	reading time.Time     // since when a read waits; zero when none does
}

// attach puts b in the place of resp's body.
func (b *body) attach(resp *http.Response) error {
	b.mu.Lock()
	b.wire = resp.Body
	b.pulse = time.AfterFunc(grace, b.watch)
	b.mu.Unlock()
	if resp.ContentLength > b.most && resp.Request.Method != http.MethodHead {
		return tooLarge(b.most)
	}
	d, err := decoder(resp.Header, wireReader{b})
	if err != nil {
		return err
	}
	b.decoded, resp.Body = d, b
	if resp.Header.Get("Content-Encoding") != "" {
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
		resp.ContentLength, resp.Uncompressed = -1, true
	}
	return nil
}

func tooLarge(most int64) error {
	return refuse(ReasonSize, "the body is larger than %d KiB", most>>10)
}

// Read gives decoded bytes until a bound is passed.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.decoded.Read(p)
	b.out += int64(n)
	switch {
	case b.out > b.most:
		n, err = n-int(b.out-b.most), tooLarge(b.most)
	case b.out > free && b.out > ratio*b.received():
		err = refuse(ReasonRatio, "the body decodes to more than %d times what was sent", ratio)
	case err != nil && !errors.Is(err, io.EOF):
		err = cause(b.ctx, err)
	}
	if err != nil {
		b.err = err
		b.metrics.gaveUp(err)
		b.stop(err)
	}
	return n, err
}

// Close gives up what was not read.
func (b *body) Close() error {
	b.stop(nil)
	return nil
}

// stop ends the request once. A request that was given up for a reason makes
// its host doubtful.
func (b *body) stop(why error) {
	b.ended.Do(func() {
		b.total.Stop()
		b.cancel(why)
		b.mu.Lock()
		if b.pulse != nil {
			b.pulse.Stop()
		}
		wire, in := b.wire, b.in
		b.mu.Unlock()
		if wire != nil {
			_ = wire.Close()
		}
		b.metrics.bytes.Add(float64(in))
		b.slots.ended(b.host, why == nil || errors.Is(why, io.EOF))
		b.done()
	})
}

func (b *body) received() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.in
}

// watch runs once a second after the grace, and stops a body that drips. Only
// time spent waiting for the other side counts.
func (b *body) watch() {
	b.mu.Lock()
	waited := b.waited
	if !b.reading.IsZero() {
		waited += time.Since(b.reading)
	}
	slow := waited > grace && float64(b.in) < minRate*waited.Seconds()
	if !slow && b.ctx.Err() == nil {
		b.pulse.Reset(time.Second)
	}
	b.mu.Unlock()
	if slow {
		b.stop(refuse(ReasonSlow, "the body comes at less than 1 KiB/s"))
	}
}

// wireReader counts what comes, and how long it took.
type wireReader struct{ b *body }

func (w wireReader) Read(p []byte) (int, error) {
	b := w.b
	b.mu.Lock()
	b.reading = time.Now()
	b.mu.Unlock()
	n, err := b.wire.Read(p)
	b.mu.Lock()
	b.in += int64(n)
	b.waited += time.Since(b.reading)
	b.reading = time.Time{}
	over := b.in > b.most
	b.mu.Unlock()
	if over {
		return n, tooLarge(b.most)
	}
	return n, err
}
