package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// writings are what people write of what they want: watches, subscriptions and
// silences, beside those of the configuration.
type writings struct {
	x *alerter
	// cfg is the configuration that counts; changing is held while another, or
	// another document, is made to count.
	changing sync.Mutex
	cfgMu    sync.RWMutex
	cfg      Config
	own      []watch.Watch // of the configuration

	watches       shelf[watch.Watch]
	subscriptions shelf[subscription.Subscription]
	silences      shelf[subscription.Silence]

	// trials has room for the one that runs.
	trials chan struct{}
	lazy   sync.Mutex
	u      *Understanding
}

// How many documents of a kind people may write.
const (
	mostWatches       = 10_000
	mostSubscriptions = 1_000
	mostSilences      = 1_000
)

func newWritings(x *alerter, c Config, own []watch.Watch) *writings {
	w := &writings{x: x, cfg: c, own: own, trials: make(chan struct{}, 1)}
	w.watches = shelf[watch.Watch]{
		most: mostWatches, changed: w.watchesChanged, usable: w.usableWatch,
		configured: w.configuredWatches, show: func(v watch.Watch) any { return v.Definition() },
	}
	w.subscriptions = shelf[subscription.Subscription]{
		most: mostSubscriptions, changed: w.subscriptionsChanged, usable: w.usableSubscription,
		configured: w.configuredSubscriptions, show: func(v subscription.Subscription) any { return v },
	}
	w.silences = shelf[subscription.Silence]{
		most: mostSilences, changed: w.silencesChanged, usable: subscription.Silence.Validate,
		configured: func() map[string]configured[subscription.Silence] { return nil }, show: func(v subscription.Silence) any { return v },
	}
	return w
}

// open takes in what is there.
func (w *writings) open(ctx context.Context) error {
	b, log := w.x.app.bus, w.x.log
	return errors.Join(
		openShelf(ctx, &w.watches, b, bus.Watches, log),
		openShelf(ctx, &w.subscriptions, b, bus.Subscriptions, log),
		openShelf(ctx, &w.silences, b, bus.Silences, log),
	)
}

// run makes changes of other processes count, and forgets silences that are
// over, until ctx ends.
func (w *writings) run(ctx context.Context, g *errgroup.Group) {
	w.watches.follow(ctx, g)
	w.subscriptions.follow(ctx, g)
	w.silences.follow(ctx, g)
	g.Go(func() error { return w.sweep(ctx) })
}

// config is the configuration that counts, with its own watches.
func (w *writings) config() (Config, []watch.Watch) {
	w.cfgMu.RLock()
	defer w.cfgMu.RUnlock()
	return w.cfg, w.own
}

// reconfigure makes c count in place of the configuration of before, with what
// people wrote: whole, or not at all.
func (w *writings) reconfigure(ctx context.Context, c Config, own []watch.Watch) error {
	w.changing.Lock()
	defer w.changing.Unlock()
	if err := w.x.adopt(ctx, c, slices.Concat(own, w.watches.values(byName(own)))); err != nil {
		return err
	}
	w.cfgMu.Lock()
	w.cfg, w.own = c, own
	w.cfgMu.Unlock()
	return w.x.notifier.SetSubscriptions(w.allSubscriptions())
}

// named is what is wrong with a name that is also a key.
func named(field, name string) error {
	if subscription.Named(name) {
		return nil
	}
	return &events.FieldError{Field: field, Problem: fmt.Sprintf("is %q", name), Hint: "letters, digits, - and _, 64 at most"}
}

// same reports a document that names itself otherwise than its address does.
func same(field, body, path string) error {
	if body == path {
		return nil
	}
	return &events.FieldError{Field: field, Problem: fmt.Sprintf("is %q, and the address says %q", body, path), Hint: "leave it out, or write it the same"}
}
