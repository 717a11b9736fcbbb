package app

import (
	"context"
	"errors"
	"os"

	"go.uber.org/zap"
)

// Reload reads the configuration and all that it names again. What may change
// while Tocsin runs (sources, watches, subscriptions, entities, topics) takes
// effect together; when anything is wrong, all of the old stays.
func (a *App) Reload() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	ctx, cancel := a.whileOpen()
	defer cancel()
	err := a.reload(ctx)
	result := "success"
	if err != nil {
		result = "failure"
		a.log.Error("the new configuration is wrong: the old one runs on", zap.Error(err))
	} else {
		a.log.Info("configuration reloaded", zap.Int("sources", len(a.cfg.Sources)))
	}
	a.reloads.WithLabelValues(result).Inc()
	return err
}

// whileOpen is a context that ends when the app begins to stop.
func (a *App) whileOpen() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-a.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func (a *App) reload(ctx context.Context) error {
	c, err := LoadConfig(a.cfg.Path, os.Environ())
	if err != nil {
		return err
	}
	c.Publishers, c.Understanding = a.cfg.Publishers, a.cfg.Understanding
	if a.alerter != nil {
		if err := a.alerter.check(c); err != nil {
			return err
		}
	}
	var next *understood
	if a.enricher != nil {
		if next, err = understand(c); err != nil {
			return err
		}
	}
	if a.alerter != nil {
		if err := a.alerter.reload(ctx, c); err != nil {
			return err
		}
	}
	if next != nil {
		a.enricher.u.now.Store(next)
	}
	if a.ingestor != nil {
		a.ingestor.verb.SetSources(c.Sources)
	}
	// What cannot change while it runs stays as it was.
	c.NATS, c.Listen, c.Egress, c.Tokens, c.Channels, c.Log = a.cfg.NATS, a.cfg.Listen, a.cfg.Egress, a.cfg.Tokens, a.cfg.Channels, a.cfg.Log
	a.cfg = c
	return nil
}

// check reports what would be wrong with c for the alerter.
func (x *alerter) check(c Config) error {
	_, err := c.Watches()
	for _, s := range c.Subscriptions {
		known := false
		for _, ch := range x.channels {
			known = known || ch.Name == s.Channel
		}
		if !known {
			err = errors.Join(err, c.wrong("subscriptions", "channel %q of %s is not running: a new channel needs a restart", s.Channel, s.Name))
		}
	}
	return err
}

// reload takes the watches and subscriptions of c. Alerts of a watch that keeps
// its name live on.
func (x *alerter) reload(ctx context.Context, c Config) error {
	ws, err := c.Watches()
	if err != nil {
		return err
	}
	return x.writings.reconfigure(ctx, c, ws)
}
