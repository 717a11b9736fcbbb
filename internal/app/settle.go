package app

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Settled waits until everything that was accepted has gone all the way: the
// enricher has nothing left to do, and the detector has read to the end.
func (a *App) Settled(ctx context.Context) error {
	for quiet := 0; quiet < 2; {
		done, err := a.settled(ctx)
		if err != nil {
			return err
		}
		if done {
			quiet++
		} else {
			quiet = 0
		}
		if !pause(ctx, 20*time.Millisecond) {
			return ctx.Err()
		}
	}
	return nil
}

func (a *App) settled(ctx context.Context) (bool, error) {
	lag, err := a.bus.Lag(ctx, enrichers)
	if err != nil {
		return false, fmt.Errorf("ask how far the enricher is: %w", err)
	}
	if lag.Waiting+lag.Unacked > 0 {
		return false, nil
	}
	info, err := a.bus.Stream(ctx, events.StreamEnriched)
	if err != nil {
		return false, fmt.Errorf("ask what was enriched: %w", err)
	}
	if a.alerter != nil && a.alerter.reached.Load() < info.Last {
		return false, nil
	}
	lag, err = a.bus.Lag(ctx, notifiers)
	if err != nil {
		return false, fmt.Errorf("ask how far the notifier is: %w", err)
	}
	return lag.Waiting+lag.Unacked == 0, nil
}
