package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Ensure makes the broker's streams, buckets and object store agree with the
// topology: it creates what is missing and updates what may be updated. It can
// be called any number of times, by several processes at once. What cannot be
// changed in place (another storage, fewer subjects kept by another stream) is
// an error that says what to do. A worker without the right to manage streams
// does not call it.
func (b *Bus) Ensure(ctx context.Context) error {
	for _, s := range streams {
		cfg := s.config(b.cfg)
		if err := b.ensureStream(ctx, cfg); err != nil {
			return err
		}
	}
	for _, s := range buckets {
		if _, err := b.js.CreateOrUpdateKeyValue(ctx, s.config(b.cfg)); err != nil {
			return ensureError("bucket", s.name, err)
		}
	}
	if _, err := b.js.CreateOrUpdateObjectStore(ctx, snapshotsConfig(b.cfg)); err != nil {
		return ensureError("object store", Snapshots, err)
	}
	return nil
}

func (b *Bus) ensureStream(ctx context.Context, cfg jetstream.StreamConfig) error {
	_, err := b.js.CreateOrUpdateStream(ctx, cfg)
	if err != nil {
		return ensureError("stream", cfg.Name, err)
	}
	return nil
}

func ensureError(what, name string, err error) error {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return fmt.Errorf("ensure %s %s: %w: start the broker with JetStream (nats-server -js)", what, name, err)
	case errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamNameInUse:
		return fmt.Errorf("ensure %s %s: it exists with settings that cannot be changed in place: %w: back it up, delete it and start again, or restore the old settings", what, name, err)
	case errors.As(err, &api) && api.ErrorCode == errCodeStreamInvalidConfig:
		return fmt.Errorf("ensure %s %s: the broker refuses the settings: %w: it may be an older broker, or the change cannot be made in place", what, name, err)
	}
	return fmt.Errorf("ensure %s %s: %w", what, name, err)
}
