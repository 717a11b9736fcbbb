package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify"
)

// memory is both stores, as durable as a test: it survives a notifier, keeps
// JSON as the broker does, and fails or dies on demand.
type memory struct {
	mu      sync.Mutex
	outbox  map[string][]byte
	records map[string][]byte
	revs    map[string]uint64
	// before is asked ahead of each operation; an error is the answer.
	before func(op, key string) error
}

func newMemory() *memory {
	return &memory{outbox: map[string][]byte{}, records: map[string][]byte{}, revs: map[string]uint64{}}
}

// kvKey is what NATS allows as a key of a bucket.
var kvKey = regexp.MustCompile(`^[-/_=.a-zA-Z0-9]+$`)

func (m *memory) enter(ctx context.Context, op, key string) (func(), error) {
	m.mu.Lock()
	if key != "" && !kvKey.MatchString(key) {
		m.mu.Unlock()
		return nil, fmt.Errorf("%q is not a key", key)
	}
	if err := ctx.Err(); err != nil {
		m.mu.Unlock()
		return nil, err
	}
	if m.before != nil {
		if err := m.before(op, key); err != nil {
			m.mu.Unlock()
			return nil, err
		}
	}
	return m.mu.Unlock, nil
}

type outbox struct{ *memory }

func (o outbox) Create(ctx context.Context, e notify.Entry) error {
	leave, err := o.enter(ctx, "create", e.Key)
	if err != nil {
		return err
	}
	defer leave()
	if o.outbox[e.Key] == nil {
		o.outbox[e.Key] = encode(e)
	}
	return nil
}

func (o outbox) Get(ctx context.Context, key string) (e notify.Entry, ok bool, err error) {
	leave, err := o.enter(ctx, "get", key)
	if err != nil {
		return e, false, err
	}
	defer leave()
	b := o.outbox[key]
	if b == nil {
		return e, false, nil
	}
	return e, true, json.Unmarshal(b, &e)
}

func (o outbox) Delete(ctx context.Context, key string) error {
	leave, err := o.enter(ctx, "delete", key)
	if err != nil {
		return err
	}
	defer leave()
	delete(o.outbox, key)
	return nil
}

func (o outbox) Each(ctx context.Context, f func(notify.Entry) error) error {
	leave, err := o.enter(ctx, "each", "")
	if err != nil {
		return err
	}
	all := slices.Sorted(maps.Keys(o.outbox))
	entries := make([]notify.Entry, len(all))
	for i, k := range all {
		if err := json.Unmarshal(o.outbox[k], &entries[i]); err != nil {
			leave()
			return err
		}
	}
	leave()
	for _, e := range entries {
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
}

type deliveries struct{ *memory }

func (d deliveries) Get(ctx context.Context, key string) (r notify.Record, rev uint64, err error) {
	leave, err := d.enter(ctx, "read", key)
	if err != nil {
		return r, 0, err
	}
	defer leave()
	if b := d.records[key]; b != nil {
		return r, d.revs[key], json.Unmarshal(b, &r)
	}
	return r, 0, nil
}

func (d deliveries) Set(ctx context.Context, key string, r notify.Record, rev uint64) error {
	leave, err := d.enter(ctx, "write", key)
	if err != nil {
		return err
	}
	defer leave()
	if d.revs[key] != rev {
		return fmt.Errorf("write %s: %w", key, notify.ErrConflict)
	}
	d.records[key], d.revs[key] = encode(r), rev+1
	return nil
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

var errAway = errors.New("the store is away")

func (m *memory) waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.outbox)
}

// outcomes is what the record says of one channel: "1 delivered", …
func (m *memory) outcomes(t *testing.T, alert, channel string) []string {
	t.Helper()
	r, _, err := deliveries{m}.Get(context.Background(), alert)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range r.Channels[channel].Outcomes {
		out = append(out, fmt.Sprintf("%d %s", o.Version, o.End))
	}
	return out
}
