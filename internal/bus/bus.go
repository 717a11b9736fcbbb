package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bus is a connection to the broker, and the broker itself when it is
// embedded. It is safe for use by several goroutines.
type Bus struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	nc      *nats.Conn
	js      jetstream.JetStream
	server  *Server // nil when the broker is elsewhere
	owned   bool    // whether Close stops the server
	aside   bool    // whether it is a line beside another's connection
	synced  bool    // whether the broker syncs each write
	health  *health
}

// Open connects to the broker that c names, or starts it. When the broker is
// away it waits and tries again until ctx ends. Once open, the bus reconnects
// for as long as it lives. Open does not create streams: see [Bus.Ensure].
func Open(ctx context.Context, c Config, h Hooks) (*Bus, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if !c.Embedded {
		return connect(ctx, c, h, nil)
	}
	s, err := StartServer(ctx, c, h.Log)
	if err != nil {
		return nil, err
	}
	b, err := connect(ctx, c, h, s)
	if err != nil {
		s.Stop()
		return nil, err
	}
	b.owned = true
	return b, nil
}

// Attach opens a bus on a broker that somebody else has started and will stop.
func Attach(ctx context.Context, s *Server, c Config, h Hooks) (*Bus, error) {
	return connect(ctx, c, h, s)
}

const (
	connectFirst = 100 * time.Millisecond
	connectMost  = 5 * time.Second
)

func connect(ctx context.Context, c Config, h Hooks, s *Server) (*Bus, error) {
	b := &Bus{cfg: c, log: h.Log, server: s, metrics: newMetrics(h.Metrics), health: newHealth()}
	b.synced = c.Sync == "" || c.Sync == SyncAlways
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if err := b.dial(ctx); err != nil {
		return nil, err
	}
	b.metrics.connected.Set(1)
	b.log.Info("connected to the broker", "at", b.where())
	return b, nil
}

// dial connects b, and waits for a broker that is away until ctx ends.
func (b *Bus) dial(ctx context.Context) (err error) {
	for try := 1; ; try++ {
		if b.nc, err = nats.Connect(b.cfg.URL, b.options()...); err == nil {
			break
		}
		if !worthWaiting(err) {
			return fmt.Errorf("connect to the broker: %w", err)
		}
		if try == 1 {
			b.log.Warn("the broker is away: waiting for it", "url", b.cfg.URL, "err", err)
		}
		if !pause(ctx, backoff(try, connectFirst, connectMost)) {
			return fmt.Errorf("connect to the broker at %s: %w: %w", b.cfg.URL, err, ctx.Err())
		}
	}
	if b.js, err = jetstream.New(b.nc); err != nil {
		b.nc.Close()
		return fmt.Errorf("connect to the broker: %w", err)
	}
	return nil
}

// line is b on a connection of its own, so that one worker's traffic does not
// stand in line behind another's. Its user closes its connection.
func (b *Bus) line(ctx context.Context, name string) (*Bus, error) {
	own := *b
	own.aside = true
	own.cfg.Name = name
	if err := own.dial(ctx); err != nil {
		return nil, err
	}
	return &own, nil
}

// worthWaiting is false for what no waiting mends: bad settings.
func worthWaiting(err error) bool {
	return !errors.Is(err, nats.ErrInvalidArg) && !errors.Is(err, nats.ErrNoUserCB)
}

func (b *Bus) options() []nats.Option {
	o := []nats.Option{
		nats.Name(or(b.cfg.Name, "tocsin")),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, 500*time.Millisecond),
		// Nothing is kept back while the broker is away: a publish fails at
		// once, and its caller waits and tries again.
		nats.ReconnectBufSize(-1),
		nats.IgnoreAuthErrorAbort(),
		nats.PingInterval(10 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(b.disconnected),
		nats.ReconnectHandler(b.reconnected),
		nats.ErrorHandler(b.async),
	}
	if b.server != nil {
		o = append(o, nats.InProcessServer(b.server))
	}
	if b.cfg.CredsFile != "" {
		o = append(o, nats.UserCredentials(b.cfg.CredsFile))
	}
	if b.cfg.User != "" {
		o = append(o, nats.UserInfoHandler(b.userInfo))
	}
	if p := b.cfg.inboxes(); p != "" {
		o = append(o, nats.CustomInboxPrefix(p))
	}
	return o
}

// userInfo is who this is. A password that cannot be read is none: the broker
// refuses it, and the next try reads again.
func (b *Bus) userInfo() (user, password string) {
	text, err := os.ReadFile(b.cfg.PasswordFile)
	if err != nil {
		b.log.Error("the broker's password cannot be read", "err", err)
	}
	return b.cfg.User, strings.TrimSpace(string(text))
}

func (b *Bus) disconnected(_ *nats.Conn, err error) {
	if b.aside {
		return // the main connection reports
	}
	b.metrics.connected.Set(0)
	if err != nil { // nil: we close it ourselves
		b.log.Warn("the broker went away: reconnecting", "err", err)
	}
}

func (b *Bus) reconnected(*nats.Conn) {
	if b.aside {
		return
	}
	b.metrics.connected.Set(1)
	b.metrics.reconnects.Inc()
	b.log.Info("the broker is back", "at", b.where())
}

// where is where the broker is, for a person.
func (b *Bus) where() string {
	if b.server != nil {
		return "in-process"
	}
	return b.nc.ConnectedUrlRedacted()
}

func (b *Bus) async(_ *nats.Conn, sub *nats.Subscription, err error) {
	subject := ""
	if sub != nil {
		subject = sub.Subject
	}
	b.metrics.asyncErrors.Inc()
	b.log.Error("the broker's client reports an error", "subject", subject, "err", err)
}

// Close closes the connection, and stops the broker if it is embedded. Let
// every Consume and Follow return first.
func (b *Bus) Close() {
	_ = b.nc.FlushTimeout(time.Second) // acks on their way
	b.nc.Close()
	if b.owned {
		b.server.Stop()
	}
}

// Server is the embedded broker; nil when the broker is elsewhere.
func (b *Bus) Server() *Server { return b.server }

// Ready reports nil when the bus can carry messages, else what is wrong.
func (b *Bus) Ready() error {
	if !b.nc.IsConnected() {
		return fmt.Errorf("the broker is away (%s)", b.nc.Status())
	}
	if b.server != nil && b.server.Trouble() != nil {
		return b.server.Trouble()
	}
	return b.health.worst()
}

// room reports why stream cannot take anything new now, as far as that is
// known. Only articles are refused: what was accepted goes on while it can.
func (b *Bus) room(stream string) error {
	if b.server == nil || stream != events.StreamArticles {
		return nil
	}
	t := b.server.Trouble()
	if t == nil || errors.Is(t, ErrFull) {
		return t
	}
	return fmt.Errorf("%w (%w)", ErrFull, t)
}

// trouble notes what keeps place from working; nil clears it. It reports
// whether that is news.
func (b *Bus) trouble(place string, err error) bool { return b.health.note(place, err) }
