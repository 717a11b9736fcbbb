package app

import (
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
	err := a.reload()
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

func (a *App) reload() error {
	c, err := LoadConfig(a.cfg.Path, os.Environ())
	if err != nil {
		return err
	}
	if a.alerter != nil {
		if err := a.alerter.check(c); err != nil {
			return err
		}
	}
	if a.enricher != nil {
		if err := a.enricher.u.Reload(c); err != nil {
			return err
		}
	}
	if a.alerter != nil {
		if err := a.alerter.reload(c); err != nil {
			return err
		}
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

// reload takes the watches and subscriptions of c. The state is written down
// first by the next snapshot; alerts of a watch that keeps its name live on.
func (x *alerter) reload(c Config) error {
	ws, err := c.Watches()
	if err != nil {
		return err
	}
	if err := x.notifier.SetSubscriptions(c.Subscriptions); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.detector.SetWatches(ws); err != nil {
		return err
	}
	x.watches = ws
	return nil
}
