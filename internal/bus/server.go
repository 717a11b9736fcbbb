package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Server is a broker that runs in this process and stores in one directory.
// It survives kill -9: what it acknowledged is there at the next start. While
// its disk is nearly full it says so through [Server.Trouble], and should the
// disk fill up altogether it starts again by itself once there is room.
type Server struct {
	cfg Config
	log *slog.Logger

	mu     sync.Mutex
	broker *server.Server

	trouble atomic.Pointer[error]
	stop    context.CancelFunc
	done    chan struct{}
}

// startWait bounds the time that a broker may take to recover its streams and
// accept connections.
const startWait = 60 * time.Second

// StartServer starts a broker as c tells (Dir, Listen, Sync) and returns when
// it is ready. Who starts it stops it.
func StartServer(ctx context.Context, c Config, log *slog.Logger) (*Server, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Server{cfg: c, log: log, done: make(chan struct{})}
	if err := s.start(); err != nil {
		return nil, err
	}
	s.look()
	guard, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go func() {
		defer close(s.done)
		s.guardDisk(guard)
	}()
	return s, nil
}

func (s *Server) options() (*server.Options, error) {
	every, err := syncEvery(s.cfg.Sync)
	if err != nil {
		return nil, err
	}
	o := &server.Options{
		ServerName:   "tocsin",
		StoreDir:     s.cfg.Dir,
		JetStream:    true,
		NoSigs:       true,
		NoLog:        true,
		MaxPayload:   maxMessage,
		MaxPending:   256 << 20,
		DontListen:   true,
		SyncAlways:   every == 0,
		SyncInterval: every,
		// The store is bounded by MaxBytes and by the disk, not by a share of
		// the disk as it was at the start.
		JetStreamMaxStore: 1 << 50,
	}
	if s.cfg.Listen == "" {
		return o, nil
	}
	host, port, err := net.SplitHostPort(s.cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("bus: listen is %q: use host:port, such as 127.0.0.1:4222: %w", s.cfg.Listen, err)
	}
	o.Host, o.DontListen = host, false
	if o.Port, err = strconv.Atoi(port); err != nil {
		return nil, fmt.Errorf("bus: listen is %q: the port is not a number", s.cfg.Listen)
	}
	if o.Port == 0 {
		o.Port = server.RANDOM_PORT
	}
	return o, nil
}

func (s *Server) start() error {
	o, err := s.options()
	if err != nil {
		return err
	}
	if err := writable(s.cfg.Dir); err != nil {
		return err
	}
	broker, err := server.NewServer(o)
	if err != nil {
		return fmt.Errorf("start the embedded broker: %w", err)
	}
	broker.SetLoggerV2(brokerLog{s.log}, false, false, false)
	broker.Start()
	if !broker.ReadyForConnections(startWait) {
		stopBroker(broker)
		return fmt.Errorf("start the embedded broker: not ready after %s: is %s readable, or %s taken?", startWait, s.cfg.Dir, s.cfg.Listen)
	}
	if !broker.JetStreamEnabled() {
		stopBroker(broker)
		return fmt.Errorf("start the embedded broker: it cannot store in %s: another process may be using it", s.cfg.Dir)
	}
	s.mu.Lock()
	s.broker = broker
	s.mu.Unlock()
	return nil
}

// writable makes dir and proves that a file can be written there.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("start the embedded broker: make its directory: %w", err)
	}
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("start the embedded broker: write in its directory: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Stop stops the broker and returns when its files are closed.
func (s *Server) Stop() {
	s.stop()
	<-s.done
	s.halt()
}

func (s *Server) halt() {
	s.mu.Lock()
	broker := s.broker
	s.broker = nil
	s.mu.Unlock()
	if broker != nil {
		stopBroker(broker)
	}
}

func stopBroker(broker *server.Server) {
	broker.Shutdown()
	broker.WaitForShutdown()
}

// URL is where clients from outside connect; empty when it does not listen.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broker == nil || s.cfg.Listen == "" {
		return ""
	}
	return s.broker.ClientURL()
}

// Address is the host:port that clients from outside connect to, as it was
// set; empty when there is none.
func (s *Server) Address() string { return s.cfg.Listen }

// InProcessConn gives a connection that does not leave the process
// (nats.InProcessConnProvider).
func (s *Server) InProcessConn() (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broker == nil {
		return nil, errors.New("the embedded broker is stopped")
	}
	c, err := s.broker.InProcessConn()
	if err != nil {
		return nil, err
	}
	return newBuffered(c), nil
}

// StoreDir is where the broker keeps its streams.
func (s *Server) StoreDir() string { return filepath.Join(s.cfg.Dir, "jetstream") }

// brokerLog hands the broker's log lines on.
type brokerLog struct{ log *slog.Logger }

func (l brokerLog) Noticef(f string, v ...any) { l.log.Debug("broker: " + fmt.Sprintf(f, v...)) }
func (l brokerLog) Warnf(f string, v ...any)   { l.log.Warn("broker: " + fmt.Sprintf(f, v...)) }
func (l brokerLog) Errorf(f string, v ...any)  { l.log.Error("broker: " + fmt.Sprintf(f, v...)) }
func (l brokerLog) Fatalf(f string, v ...any)  { l.log.Error("broker: " + fmt.Sprintf(f, v...)) }
func (l brokerLog) Debugf(string, ...any)      {}
func (l brokerLog) Tracef(string, ...any)      {}
