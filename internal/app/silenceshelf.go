package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// silenceShelf are the silences as the API has them.
type silenceShelf struct {
	*shelf[subscription.Silence]
	w *writings
}

func (s silenceShelf) read(in web.Writing) (subscription.Silence, error) {
	v := subscription.Silence{ID: in.Name, Author: in.By, From: time.Now().UTC().Truncate(time.Second)}
	if err := web.ReadJSON(in.Body, &v); err != nil {
		return v, err
	}
	if err := same("id", v.ID, in.Name); err != nil {
		return v, err
	}
	if v.Over(time.Now()) && !v.Until.IsZero() {
		return v, &events.FieldError{Field: "until", Problem: "is over: " + v.Until.Format(time.RFC3339), Hint: "a time to come"}
	}
	return v, nil
}

func (s silenceShelf) Put(ctx context.Context, in web.Writing) (web.Document, bool, error) {
	v, err := s.read(in)
	if err != nil {
		return web.Document{}, false, err
	}
	return s.set(ctx, in, &v)
}

// Documents are the silences that are not over.
func (s silenceShelf) Documents() []web.Document {
	return slices.DeleteFunc(s.shelf.Documents(), over)
}

// Document is the silence of an id, if it is not over.
func (s silenceShelf) Document(id string) (web.Document, bool) {
	d, ok := s.shelf.Document(id)
	if !ok || over(d) {
		return web.Document{}, false
	}
	return d, true
}

func over(d web.Document) bool { return d.Value.(subscription.Silence).Over(time.Now()) }

// allSilences are those that people wrote, but for those that this version
// cannot read.
func (w *writings) allSilences() []subscription.Silence {
	return slices.DeleteFunc(w.silences.values(nil), func(s subscription.Silence) bool {
		err := s.Validate()
		if err != nil {
			w.x.log.Error("a silence cannot be read: it mutes nothing", zap.String("silence", s.ID), zap.Error(err))
		}
		return err != nil
	})
}

func (w *writings) silencesChanged(context.Context) error {
	w.changing.Lock()
	defer w.changing.Unlock()
	return w.x.notifier.SetSilences(w.allSilences())
}

// sweepEvery is how often silences that are over are forgotten; goneFor is how
// long it is remembered who took a document away.
const (
	sweepEvery = time.Minute
	goneFor    = 90 * 24 * time.Hour
)

func (w *writings) sweep(ctx context.Context) error {
	for {
		now := time.Now()
		w.forgetSilences(ctx, now)
		w.watches.forgetGone(ctx, now.Add(-goneFor))
		w.subscriptions.forgetGone(ctx, now.Add(-goneFor))
		w.silences.forgetGone(ctx, now.Add(-goneFor))
		if !pause(ctx, sweepEvery) {
			return nil
		}
	}
}

func (w *writings) forgetSilences(ctx context.Context, now time.Time) {
	for _, d := range w.silences.Documents() {
		if s := d.Value.(subscription.Silence); !s.Over(now) {
			continue
		}
		// Somebody may have made it longer meanwhile: then it stays.
		if err := w.silences.bucket.DeleteRev(ctx, d.Name, d.Rev); err != nil && !errors.Is(err, bus.ErrConflict) {
			w.x.log.Warn("a silence that is over cannot be forgotten yet", zap.String("silence", d.Name), zap.Error(err))
		}
	}
}
