package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// The rooms ask for small interfaces; here the bus serves them.

// publisher states articles to the bus.
type publisher struct{ bus *bus.Bus }

func (p publisher) Publish(ctx context.Context, a events.Article) (duplicate bool, err error) {
	ack, err := bus.Publish(ctx, p.bus, a.Subject(), events.TypeArticle, a.ID, a)
	if errors.Is(err, bus.ErrTooLarge) {
		return false, verdict.Permanent(err)
	}
	return ack.Duplicate, err
}

// PublishAll states many articles at once: the stream syncs once for all.
func (p publisher) PublishAll(ctx context.Context, all []events.Article) error {
	outs := make([]bus.Out, len(all))
	for i, a := range all {
		outs[i] = bus.Out{Subject: a.Subject(), Type: events.TypeArticle, ID: a.ID, Value: a}
	}
	_, err := bus.PublishAll(ctx, p.bus, outs)
	if errors.Is(err, bus.ErrTooLarge) {
		return verdict.Permanent(err)
	}
	return err
}

// versioned is a bucket whose writes name the revision that they replace, 0
// for none. conflict is the room's own word for having come too late.
type versioned[T any] struct {
	bucket   *bus.Bucket[T]
	conflict error
}

func store[T any](b *bus.Bucket[T], conflict error) versioned[T] { return versioned[T]{b, conflict} }

func (v versioned[T]) Get(ctx context.Context, key string) (T, uint64, error) {
	value, rev, _, err := v.bucket.Get(ctx, key)
	return value, rev, err
}

func (v versioned[T]) Put(ctx context.Context, key string, value T, rev uint64) (uint64, error) {
	var now uint64
	var err error
	if rev == 0 {
		now, err = v.bucket.Create(ctx, key, value)
	} else {
		now, err = v.bucket.Update(ctx, key, value, rev)
	}
	if errors.Is(err, bus.ErrConflict) {
		return 0, fmt.Errorf("%w: %s", v.conflict, key)
	}
	return now, err
}

// deliveries keeps the notifier's records.
type deliveries struct{ versioned[notify.Record] }

func (d deliveries) Set(ctx context.Context, key string, r notify.Record, rev uint64) error {
	_, err := d.Put(ctx, key, r, rev)
	return err
}

// outbox keeps the notifier's entries.
type outbox struct{ bucket *bus.Bucket[notify.Entry] }

func (o outbox) Create(ctx context.Context, e notify.Entry) error {
	_, err := o.bucket.Create(ctx, e.Key, e)
	if errors.Is(err, bus.ErrConflict) {
		return nil // there already
	}
	return err
}

func (o outbox) Get(ctx context.Context, key string) (notify.Entry, bool, error) {
	e, _, ok, err := o.bucket.Get(ctx, key)
	return e, ok, err
}

func (o outbox) Delete(ctx context.Context, key string) error { return o.bucket.Delete(ctx, key) }

func (o outbox) Each(ctx context.Context, f func(notify.Entry) error) error {
	keys, err := o.bucket.Keys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		e, ok, err := o.Get(ctx, k)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
}
