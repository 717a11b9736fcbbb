package app

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// kept is a bucket as this process knows it: it is told of every change, its own
// ones too, each key's in their order and each once.
type kept[T any] struct {
	name   string
	bucket *bus.Bucket[T]
	log    *zap.Logger
	// took is called for each change; gone is set for a key that was deleted.
	took func(e bus.Entry[T])

	mu   sync.Mutex
	revs map[string]uint64
}

func keep[T any](ctx context.Context, b *bus.Bus, name string, log *zap.Logger, took func(bus.Entry[T])) (*kept[T], error) {
	bucket, err := bus.OpenBucket[T](ctx, b, name)
	if err != nil {
		return nil, err
	}
	return &kept[T]{name: name, bucket: bucket, log: log, took: took, revs: map[string]uint64{}}, nil
}

// load tells of what is there, and returns.
func (k *kept[T]) load(ctx context.Context) error {
	ctx, done := context.WithCancel(ctx)
	defer done()
	return k.bucket.Watch(ctx, k.tell, done)
}

// run tells of what is there, then of every change, until ctx ends. live is
// called once, when what is there was told.
func (k *kept[T]) run(ctx context.Context, live func()) error {
	live = sync.OnceFunc(live)
	for ctx.Err() == nil {
		err := k.bucket.Watch(ctx, k.tell, live)
		if err != nil && ctx.Err() == nil {
			k.log.Warn("changes are not heard of: trying again", zap.String("bucket", k.name), zap.Error(err))
			pause(ctx, time.Second)
		}
	}
	return nil
}

func (k *kept[T]) tell(e bus.Entry[T], err error) error {
	if err != nil {
		k.log.Error("what is kept cannot be read, and is passed over", zap.String("bucket", k.name), zap.String("key", e.Key), zap.Error(err))
		return nil
	}
	k.take(e)
	return nil
}

// take tells of a change, unless a later one of the key was told already.
func (k *kept[T]) take(e bus.Entry[T]) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e.Rev <= k.revs[e.Key] {
		return
	}
	k.revs[e.Key] = e.Rev
	k.took(e)
}

// put writes key and takes the change. rev is the revision that it replaces, 0
// for none. bus.ErrConflict: there is another.
func (k *kept[T]) put(ctx context.Context, key string, v T, rev uint64) (uint64, error) {
	var now uint64
	var err error
	if rev == 0 {
		now, err = k.bucket.Create(ctx, key, v)
	} else {
		now, err = k.bucket.Update(ctx, key, v, rev)
	}
	if err == nil {
		k.take(bus.Entry[T]{Key: key, Value: v, Rev: now, At: time.Now()})
	}
	return now, err
}
