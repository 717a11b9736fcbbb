package bus

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"
)

// Objects keeps large things by name, each whole or not at all: the
// detector's snapshots.
type Objects struct {
	name  string
	store jetstream.ObjectStore
}

// OpenObjects opens an object store that Ensure has made.
func OpenObjects(ctx context.Context, b *Bus, name string) (*Objects, error) {
	store, err := b.js.ObjectStore(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("open object store %s: %w", name, err)
	}
	return &Objects{name: name, store: store}, nil
}

// Put reads r to its end and keeps it under key. A reader sees what was there
// before until all of the new is there.
func (o *Objects) Put(ctx context.Context, key string, r io.Reader) error {
	if _, err := o.store.Put(ctx, jetstream.ObjectMeta{Name: key}, r); err != nil {
		return fmt.Errorf("object store %s: put %s: %w", o.name, key, brokerError(err))
	}
	return nil
}

// Get opens what is kept under key; the caller closes it. Its last Read fails
// when the content does not match its digest. ErrNotFound: there is nothing.
func (o *Objects) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	r, err := o.store.Get(ctx, key)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, fmt.Errorf("object store %s: %s: %w", o.name, key, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("object store %s: get %s: %w", o.name, key, err)
	}
	return r, nil
}

// Delete removes what is kept under key; nothing there is not an error.
func (o *Objects) Delete(ctx context.Context, key string) error {
	err := o.store.Delete(ctx, key)
	if err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return fmt.Errorf("object store %s: delete %s: %w", o.name, key, err)
	}
	return nil
}
