package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"golang.org/x/sys/unix"
)

// The disk is nearly full when less than this share of it, and less than this
// many bytes, is free. Stopping before the last byte keeps the broker able to
// finish what it has accepted.
const (
	leastFreeShare = 0.15
	leastFreeBytes = 2 << 30
)

// diskEvery is how often the embedded broker looks at its disk.
const diskEvery = 2 * time.Second

// Trouble is why the broker cannot take new articles, or nil: its disk is
// nearly full ([ErrFull]), or a stream could not be written and takes nothing
// until the broker starts again, which it does by itself once there is room.
func (s *Server) Trouble() error {
	if t := s.trouble.Load(); t != nil {
		return *t
	}
	return nil
}

// Full reports whether new articles must wait: whether there is a [Server.Trouble].
func (s *Server) Full() bool { return s.Trouble() != nil }

func (s *Server) guardDisk(ctx context.Context) {
	for pause(ctx, diskEvery) {
		s.look()
		if t := s.Trouble(); t != nil && !nearlyFull(s.cfg.Dir) {
			s.revive()
			s.look()
		}
	}
}

// look notes how the broker and its disk are, and says so when it is news.
func (s *Server) look() {
	was, is := s.Trouble(), s.diagnose()
	switch {
	case is == nil:
		s.trouble.Store(nil)
		if was != nil {
			s.log.Info("the broker can store again", "dir", s.cfg.Dir)
		}
	case was == nil:
		s.log.Error("nothing new is accepted until the broker can store", "dir", s.cfg.Dir, "err", is)
		fallthrough
	default:
		s.trouble.Store(&is)
	}
}

func (s *Server) diagnose() error {
	s.mu.Lock()
	broker := s.broker
	s.mu.Unlock()
	if nearlyFull(s.cfg.Dir) {
		return ErrFull
	}
	if broker == nil {
		return errors.New("the embedded broker is stopped")
	}
	if h := broker.Healthz(&server.HealthzOptions{}); h.Error != "" {
		return fmt.Errorf("the embedded broker cannot store: %s", h.Error)
	}
	return nil
}

// revive starts the broker again: after a write that failed it would leave the
// stream alone for ever.
func (s *Server) revive() {
	s.log.Warn("the broker had stopped storing: starting it again")
	s.halt()
	if err := s.start(); err != nil {
		s.log.Error("the broker could not be started again", "err", err)
	}
}

// Disk is the room of a disk, in bytes.
type Disk struct {
	Size, Free uint64
	// Reserve is what must stay free: below it nothing new is accepted.
	Reserve uint64
}

// Disk is the room of the disk that the broker stores on.
func (s *Server) Disk() (Disk, error) { return diskOf(s.cfg.Dir) }

func diskOf(dir string) (Disk, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return Disk{}, fmt.Errorf("look at the disk of %s: %w", dir, err)
	}
	block := uint64(fs.Bsize)
	d := Disk{Size: fs.Blocks * block, Free: fs.Bavail * block}
	d.Reserve = uint64(min(float64(d.Size)*leastFreeShare, leastFreeBytes))
	return d, nil
}

func nearlyFull(dir string) bool {
	d, err := diskOf(dir)
	return err == nil && d.Free < d.Reserve
}
