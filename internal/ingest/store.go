package ingest

import (
	"context"
	"errors"
)

// Store keeps one value a key, for all who ingest. The revision 0 stands for
// "no such key": Get gives it with the zero value, and Put with it creates. A
// Put whose revision is not the last fails with [ErrConflict] and writes
// nothing; else it returns the new revision. Keys are letters, digits, and
// "-_=./".
type Store[T any] interface {
	Get(ctx context.Context, key string) (v T, revision uint64, err error)
	Put(ctx context.Context, key string, v T, revision uint64) (uint64, error)
}

// ErrConflict is what a [Store] answers to a write whose revision is no longer
// the last.
var ErrConflict = errors.New("somebody else has written in between")
