package app

import (
	"context"
	"errors"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/subscription"
)

// cares keeps what people say of alerts. It changes who is told and when; the
// detector never hears of it, so that a replay decides the same.
type cares struct{ *kept[subscription.Care] }

func (x *alerter) keepCares(ctx context.Context) (cares, error) {
	k, err := keep(ctx, x.app.bus, bus.Care, x.log, func(e bus.Entry[subscription.Care]) {
		c := e.Value
		c.Alert = e.Key // also where it is deleted
		x.notifier.SetCare(c)
		x.board.SetCare(c)
	})
	return cares{k}, err
}

// SetCare changes what is said of one alert. What is taken back is written as
// nothing said, so that it has a revision of its own.
func (c cares) SetCare(ctx context.Context, alert string, edit func(*subscription.Care)) (subscription.Care, error) {
	for {
		now, rev, _, err := c.bucket.Get(ctx, alert)
		if err != nil {
			return now, err
		}
		now.Alert = alert
		edit(&now)
		if rev == 0 && now.Empty() {
			return now, nil
		}
		_, err = c.put(ctx, alert, now, rev)
		if !errors.Is(err, bus.ErrConflict) {
			return now, err
		}
	}
}
