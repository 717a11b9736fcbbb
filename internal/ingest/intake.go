package ingest

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"io"

	"golang.org/x/time/rate"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// intake lets the articles of one body through the door.
type intake struct {
	door    *Door
	by      string
	limit   *rate.Limiter
	receipt *Receipt

	waiting []Offer
	at      []int // their lines
	bytes   int
}

// Bounds of what waits to go through the door together.
const (
	intakeLines = 64
	intakeBytes = 4 << 20
)

// lines takes JSONL. A bad line is told in the receipt, and the rest goes on.
func (in *intake) lines(ctx context.Context, body io.Reader) error {
	lines := NewLines(body)
	for first := true; ; first = false {
		a, err := lines.Article()
		var bad *LineError
		switch {
		case errors.Is(err, io.EOF):
			return in.flush(ctx)
		case errors.As(err, &bad):
			in.door.Metrics.settled([]Result{rejected(a, err)}, 0)
			in.receipt.reject(bad.Line, bad.Err)
			continue
		case err != nil:
			return errors.Join(in.flush(ctx), &readError{err})
		}
		if !first {
			if err := in.limit.Wait(ctx); err != nil {
				return errors.Join(in.flush(ctx), err)
			}
		}
		if err := in.take(ctx, a, lines.Line()); err != nil {
			return err
		}
	}
}

// one takes a body that is one article, over as many lines as it likes.
func (in *intake) one(ctx context.Context, body io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(body, MaxLine+1))
	switch {
	case err != nil:
		return &readError{err}
	case len(b) > MaxLine:
		return &LineError{Line: 1, Err: errLong}
	}
	var a events.Article
	if err := decode(b, &a); err != nil {
		in.door.Metrics.settled([]Result{rejected(a, err)}, 0)
		return &LineError{Line: 1, Err: err}
	}
	if err := errors.Join(in.take(ctx, a, 1), in.flush(ctx)); err != nil {
		return err
	}
	if len(in.receipt.Rejected) > 0 {
		return errRefused
	}
	return nil
}

// errRefused stands for a single article that is none; the receipt says why.
var errRefused = errors.New("the article is refused")

// take collects an article, and lets those collected in when they are enough.
func (in *intake) take(ctx context.Context, a events.Article, line int) error {
	in.waiting = append(in.waiting, Offer{Article: a, By: in.by})
	in.at = append(in.at, line)
	if in.bytes += len(a.Text) + len(a.Title); len(in.waiting) < intakeLines && in.bytes < intakeBytes {
		return nil
	}
	return in.flush(ctx)
}

// flush lets what was collected through the door, and tells it in the receipt.
func (in *intake) flush(ctx context.Context) error {
	results, err := in.door.AcceptAll(ctx, in.waiting)
	for n, r := range results {
		switch r.Outcome {
		case Accepted:
			in.receipt.Accepted++
		case Duplicate:
			in.receipt.Duplicates++
		case Filtered:
			in.receipt.Filtered++
		case Rejected:
			in.receipt.reject(in.at[n], r.Err)
		}
	}
	in.waiting, in.at, in.bytes = in.waiting[:0], in.at[:0], 0
	return err
}

// readError is an error of the body, not of the door.
type readError struct{ err error }

func (e *readError) Error() string { return e.err.Error() }
func (e *readError) Unwrap() error { return e.err }

// isBroken reports whether the body, and not we, is to blame for err.
func isBroken(err error) bool {
	var read *readError
	var corrupt flate.CorruptInputError
	return errors.As(err, &read) || errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader)
}
