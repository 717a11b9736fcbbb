package bus

import (
	"context"
	"time"

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

// Full reports whether the broker's disk is nearly full. New articles must
// wait then; what was accepted goes on.
func (s *Server) Full() bool { return s.full.Load() }

func (s *Server) guardDisk(ctx context.Context) {
	for pause(ctx, diskEvery) {
		was, is := s.full.Load(), nearlyFull(s.cfg.Dir)
		s.full.Store(is)
		switch {
		case is && !was:
			s.log.Error("the broker's disk is nearly full: nothing new is accepted until there is room", "dir", s.cfg.Dir)
		case was && !is:
			s.log.Info("the broker's disk has room again", "dir", s.cfg.Dir)
		}
		if !is {
			s.revive()
		}
	}
}

// revive starts the broker again after it has given up storing because its
// disk was full.
func (s *Server) revive() {
	s.mu.Lock()
	broker := s.broker
	s.mu.Unlock()
	if broker == nil || broker.JetStreamEnabled() {
		return
	}
	s.log.Warn("the broker had stopped storing: starting it again")
	s.halt()
	if err := s.start(); err != nil {
		s.log.Error("the broker could not be started again", "err", err)
	}
}

func nearlyFull(dir string) bool {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return false
	}
	free := float64(fs.Bavail) * float64(fs.Bsize)
	size := float64(fs.Blocks) * float64(fs.Bsize)
	return free < min(size*leastFreeShare, leastFreeBytes)
}
