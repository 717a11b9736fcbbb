package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Bucket keeps the current value of each key, as JSON of T. Any text but the
// empty one is a key.
type Bucket[T any] struct {
	name string
	kv   jetstream.KeyValue
}

// Entry is a key with its value, as [Bucket.Watch] tells of it.
type Entry[T any] struct {
	Key   string
	Value T
	// Rev is the revision that [Bucket.Update] expects.
	Rev uint64
	// Deleted is whether the key is gone; Value is empty then.
	Deleted bool
	At      time.Time
}

// OpenBucket opens a bucket that Ensure has made.
func OpenBucket[T any](ctx context.Context, b *Bus, name string) (*Bucket[T], error) {
	kv, err := b.js.KeyValue(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, err)
	}
	return &Bucket[T]{name: name, kv: kv}, nil
}

// Get returns the value of key and its revision; ok is whether there is one.
func (b *Bucket[T]) Get(ctx context.Context, key string) (v T, rev uint64, ok bool, err error) {
	e, err := b.kv.Get(ctx, toKey(key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return v, 0, false, nil
	}
	if err != nil {
		return v, 0, false, b.failed("get", key, err)
	}
	if err := decode(e.Value(), &v); err != nil {
		return v, e.Revision(), true, b.failed("read", key, err)
	}
	return v, e.Revision(), true, nil
}

// Put sets key to v, whatever it was, and returns the new revision.
func (b *Bucket[T]) Put(ctx context.Context, key string, v T) (rev uint64, err error) {
	return b.write("put", key, v, func(k string, data []byte) (uint64, error) { return b.kv.Put(ctx, k, data) })
}

// Create sets key to v if it has no value. ErrConflict: it has one.
func (b *Bucket[T]) Create(ctx context.Context, key string, v T) (rev uint64, err error) {
	return b.write("create", key, v, func(k string, data []byte) (uint64, error) { return b.kv.Create(ctx, k, data) })
}

// Update sets key to v if its revision is rev. ErrConflict: it is not.
func (b *Bucket[T]) Update(ctx context.Context, key string, v T, rev uint64) (uint64, error) {
	return b.write("update", key, v, func(k string, data []byte) (uint64, error) { return b.kv.Update(ctx, k, data, rev) })
}

func (b *Bucket[T]) write(what, key string, v T, do func(string, []byte) (uint64, error)) (uint64, error) {
	data, err := encode(v)
	if err != nil {
		return 0, b.failed(what, key, fmt.Errorf("%w: %w", errEncode, err))
	}
	rev, err := do(toKey(key), data)
	if err != nil {
		return 0, b.failed(what, key, err)
	}
	return rev, nil
}

// Delete removes key; one that is not there is not an error.
func (b *Bucket[T]) Delete(ctx context.Context, key string) error {
	if err := b.kv.Delete(ctx, toKey(key)); err != nil {
		return b.failed("delete", key, err)
	}
	return nil
}

// DeleteRev removes key if its revision is rev. ErrConflict: it is not.
func (b *Bucket[T]) DeleteRev(ctx context.Context, key string, rev uint64) error {
	if err := b.kv.Delete(ctx, toKey(key), jetstream.LastRevision(rev)); err != nil {
		return b.failed("delete", key, err)
	}
	return nil
}

// Keys lists the keys that have a value, in no order.
func (b *Bucket[T]) Keys(ctx context.Context) ([]string, error) {
	l, err := b.kv.ListKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: list keys: %w", b.name, err)
	}
	defer func() { _ = l.Stop() }()
	var keys []string
	for k := range l.Keys() {
		keys = append(keys, fromKey(k))
	}
	return keys, ctx.Err()
}

// Watch tells of each key's value, first as it is now, then of every change,
// until ctx ends (then it returns nil) or tell returns an error. live, which
// may be nil, is called once, when the values of now have been told. A value
// that cannot be read is told with a zero Value and the error.
func (b *Bucket[T]) Watch(ctx context.Context, tell func(Entry[T], error) error, live func()) error {
	w, err := b.kv.WatchAll(ctx)
	if err != nil {
		return fmt.Errorf("bucket %s: watch: %w", b.name, err)
	}
	defer func() { _ = w.Stop() }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.Updates():
			if !ok {
				if ctx.Err() != nil {
					return nil
				}
				return fmt.Errorf("bucket %s: watch: the broker ended it", b.name)
			}
			if e == nil {
				if live != nil {
					live()
				}
				continue
			}
			if err := tell(b.entry(e)); err != nil {
				return err
			}
		}
	}
}

func (b *Bucket[T]) entry(e jetstream.KeyValueEntry) (Entry[T], error) {
	entry := Entry[T]{Key: fromKey(e.Key()), Rev: e.Revision(), At: e.Created()}
	if e.Operation() != jetstream.KeyValuePut {
		entry.Deleted = true
		return entry, nil
	}
	if err := decode(e.Value(), &entry.Value); err != nil {
		var none T
		entry.Value = none
		return entry, b.failed("read", entry.Key, err)
	}
	return entry, nil
}

func (b *Bucket[T]) failed(what, key string, err error) error {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrKeyExists):
		err = ErrConflict
	case errors.As(err, &api):
		err = brokerError(err)
	}
	return fmt.Errorf("bucket %s: %s %q: %w", b.name, what, key, err)
}
