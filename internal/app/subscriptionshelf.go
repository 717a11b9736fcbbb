package app

import (
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/web"
)

// subscriptionShelf are the subscriptions as the API has them.
type subscriptionShelf struct {
	*shelf[subscription.Subscription]
	w *writings
}

func (s subscriptionShelf) read(in web.Writing) (subscription.Subscription, error) {
	v := subscription.Subscription{Name: in.Name}
	if err := web.ReadJSON(in.Body, &v); err != nil {
		return v, err
	}
	return v, same("name", v.Name, in.Name)
}

func (s subscriptionShelf) Put(ctx context.Context, in web.Writing) (web.Document, bool, error) {
	v, err := s.read(in)
	if err != nil {
		return web.Document{}, false, err
	}
	return s.set(ctx, in, &v)
}

func (w *writings) configuredSubscriptions() map[string]configured[subscription.Subscription] {
	c, _ := w.config()
	out := make(map[string]configured[subscription.Subscription], len(c.Subscriptions))
	for i, v := range c.Subscriptions {
		out[v.Name] = configured[subscription.Subscription]{v, fmt.Sprintf("%s: subscriptions[%d]", c.Path, i)}
	}
	return out
}

func (w *writings) usableSubscription(v subscription.Subscription) error {
	if err := v.Validate(); err != nil {
		return err
	}
	return subscription.All([]subscription.Subscription{v}, w.channels())
}

func (w *writings) channels() []string {
	var names []string
	for _, ch := range w.x.channels {
		names = append(names, ch.Name)
	}
	return names
}

// allSubscriptions are the configuration's and those that people wrote, but for
// those that cannot be any more: their channel is gone.
func (w *writings) allSubscriptions() []subscription.Subscription {
	c, _ := w.config()
	out := slices.Clone(c.Subscriptions)
	for _, v := range w.subscriptions.values(w.configuredSubscriptions()) {
		if err := w.usableSubscription(v); err != nil {
			w.x.log.Warn("a subscription that somebody wrote tells nobody", zap.String("subscription", v.Name), zap.Error(err))
			continue
		}
		out = append(out, v)
	}
	return out
}

func (w *writings) subscriptionsChanged(context.Context) error {
	w.changing.Lock()
	defer w.changing.Unlock()
	return w.x.notifier.SetSubscriptions(w.allSubscriptions())
}
