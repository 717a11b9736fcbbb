// Package notify tells people and programs of alerts: each alert version goes
// to the channels that subscribe to it.
//
//	Alert → match → mute → dedup → hold → queue → outbox of each channel
//	outbox → order, supersede → send → record → done
//
// The first line is [Notifier.Handle], and it ends before the alert is
// acknowledged; the second is one worker per channel in [Notifier.Run], so that
// one channel's trouble is its own.
//
// What holds, whatever crashes:
//
//   - An alert version that was handled is told on each of its channels at
//     least once, until the receiver takes it or refuses it for good; a refusal
//     is itself told on another channel, and logged.
//   - It is sent more than once only when the notifier died between the
//     receiver's yes and the record of it, and then with the same key.
//   - A channel never sees version n of an alert after version n+1. An
//     "updated" version that waits (the channel fails, a subscription holds it
//     back, or somebody snoozed it) is superseded by the next version, which
//     carries all of it; openings, escalations and ends are always sent.
//   - An acknowledgement, a snooze or a silence changes who is told and when,
//     never what is decided, and leaves its reason in the record.
//   - Reading the whole alert stream again tells nobody anything.
//
// Several notifiers may work on the same stores, as when one takes over from
// another: a claim in the record keeps two from sending on one thread, and each
// adopts what others left behind. It knows alerts, subscriptions and channels.
// It must not know how alerts come about, nor where its two stores are kept.
package notify

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Config is what a Notifier is made of.
type Config struct {
	// Channels are configured and opened, see [Open]; their order is the order
	// in which they stand in for one another.
	Channels      []Opened
	Subscriptions []subscription.Subscription
	Silences      []subscription.Silence
	Cares         []subscription.Care
	// Since is the first sequence of the alert stream that may be told. What
	// came before it is history, and told nobody: set it when the records are
	// younger than the stream.
	Since      uint64
	Outbox     Outbox
	Deliveries Deliveries
	Log        *slog.Logger
	// Metrics takes the measures; nil for none.
	Metrics prometheus.Registerer
	// GiveUp is how long a message is tried before that counts as refused;
	// zero is 72 hours.
	GiveUp time.Duration
	// ID tells notifiers on the same stores apart, and stays the same over a
	// restart, so that what was being sent at a crash is sent again at once. ""
	// is the host's name.
	ID string
}

// Opened is a channel that is ready to send.
type Opened struct {
	channel.Config
	channel.Channel
}

// DefaultGiveUp is [Config.GiveUp] where it is not set.
const DefaultGiveUp = 72 * time.Hour

// Notifier tells channels of alerts. Its methods may be called side by side.
type Notifier struct {
	id      string // its name in claims
	since   uint64
	outbox  Outbox
	records Deliveries
	log     *slog.Logger
	metrics *metrics
	giveUp  time.Duration

	workers map[string]*worker
	order   []string // names of the channels as configured

	orphaned map[string]int // of adopt's goroutine: messages of channels that are gone

	handling sync.Mutex // one alert is handled at a time

	mu       sync.RWMutex
	subs     []subscription.Subscription
	silences []subscription.Silence
	cares    map[string]subscription.Care // by alert
}

// New checks cfg whole and makes a Notifier of it. Nothing runs yet.
func New(cfg Config) (*Notifier, error) {
	n := &Notifier{
		id:      cfg.ID,
		since:   cfg.Since,
		outbox:  cfg.Outbox,
		records: cfg.Deliveries,
		log:     cfg.Log,
		giveUp:  cfg.GiveUp,
		workers: make(map[string]*worker, len(cfg.Channels)),
	}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	if n.id == "" {
		n.id, _ = os.Hostname()
	}
	if n.giveUp <= 0 {
		n.giveUp = DefaultGiveUp
	}
	n.metrics = newMetrics(cfg.Metrics, n)
	for _, c := range cfg.Channels {
		if n.workers[c.Name] != nil {
			return nil, channel.Wrong("channels", "give each its own name", "%q is there twice", c.Name)
		}
		n.workers[c.Name] = newWorker(n, c)
		n.order = append(n.order, c.Name)
	}
	for _, c := range cfg.Channels {
		if c.Fallback != "" && n.workers[c.Fallback] == nil {
			return nil, fmt.Errorf("channel %s: %w", c.Name, channel.Wrong("fallback", "the name of a channel", "%q is none", c.Fallback))
		}
	}
	if err := n.SetSubscriptions(cfg.Subscriptions); err != nil {
		return nil, err
	}
	if err := n.SetSilences(cfg.Silences); err != nil {
		return nil, err
	}
	for _, c := range cfg.Cares {
		n.SetCare(c)
	}
	return n, nil
}

// SetSubscriptions replaces the subscriptions, when all of them are right.
func (n *Notifier) SetSubscriptions(subs []subscription.Subscription) error {
	if err := subscription.All(subs, n.order); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.subs = slices.Clone(subs)
	return nil
}

// SetSilences replaces the silences, when all of them are right.
func (n *Notifier) SetSilences(silences []subscription.Silence) error {
	for _, s := range silences {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("silence %s: %w", s.ID, err)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.silences = slices.Clone(silences)
	return nil
}

// Run reads what waits in the outbox and sends it and whatever [Handle] adds,
// until ctx ends. What is being sent then is let finish, for as long as one
// try may take. It returns nil after ctx has ended and all workers are gone.
func (n *Notifier) Run(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error { n.adopt(ctx); return nil })
	for _, name := range n.order {
		g.Go(func() error { n.workers[name].run(ctx); return nil })
	}
	return g.Wait()
}

// Test sends a test alert on the channel at once, past outbox and records.
func (n *Notifier) Test(ctx context.Context, name string) error {
	w := n.workers[name]
	if w == nil {
		return channel.Wrong("channel", fmt.Sprintf("one of: %v", n.order), "%q is not configured", name)
	}
	return TestNotification(ctx, w.opened)
}

// Record is all that was decided and done about one alert.
func (n *Notifier) Record(ctx context.Context, alertID string) (Record, error) {
	r, _, err := n.records.Get(ctx, recordKey(alertID))
	return r, err
}

func recordKey(alertID string) string { return events.Token(alertID) }
