package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// snapshotKey names the detector's snapshot in its store.
const snapshotKey = "detector"

// A snapshot is taken after this much time or this many articles, whichever is
// first, and when the process stops.
const (
	snapshotEvery    = 5 * time.Minute
	snapshotArticles = 50_000
)

// snapshotMade is which article the fold's state reflects, and how long ago
// that was written down.
type snapshotMade struct {
	position uint64
	created  time.Time // the stream's
	lastID   string
	since    int
	at       time.Time
}

func (s *snapshotMade) take(m bus.Meta) {
	s.position, s.lastID = m.Seq, m.ID
	s.since++
}

func (s *snapshotMade) due() bool {
	if s.at.IsZero() {
		s.at = time.Now()
	}
	return s.since >= snapshotArticles || s.since > 0 && time.Since(s.at) >= snapshotEvery
}

// stream is the stream of enriched articles as the state knows it.
func (s *snapshotMade) stream() bus.Stream {
	return bus.Stream{Name: events.StreamEnriched, Created: s.created, LastID: s.lastID}
}

// snapshotHead is the first line of a snapshot; the detector's own follows.
type snapshotHead struct {
	Position uint64    `json:"position"`
	Created  time.Time `json:"created"`
	LastID   string    `json:"last_id"`
	// Book is the rulebook that the detector had; empty in older snapshots.
	Book string `json:"rulebook,omitempty"`
}

// snapshot writes the state down. It is called between two articles, when all
// that the state decided is in the stream.
func (x *alerter) snapshot(ctx context.Context) error {
	if x.made.since == 0 {
		return nil
	}
	info, err := x.app.bus.Stream(ctx, events.StreamEnriched)
	if err != nil {
		return x.unsaved(err)
	}
	x.made.created = info.Created
	var b bytes.Buffer
	if err := x.writeState(&b); err != nil {
		return err
	}
	size := b.Len()
	if err := x.objects.Put(ctx, snapshotKey, &b); err != nil {
		return x.unsaved(err)
	}
	x.made.since, x.made.at = 0, time.Now()
	x.log.Info("state written down", zap.Uint64("position", x.made.position), zap.Int("bytes", size))
	return nil
}

func (x *alerter) writeState(w io.Writer) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := json.NewEncoder(w).Encode(snapshotHead{x.made.position, x.made.created, x.made.lastID, x.book}); err != nil {
		return err
	}
	return x.detector.Snapshot(w)
}

// unsaved tells that a snapshot could not be kept. The state is still right,
// and the next start has more to read: that is no reason to stop.
func (x *alerter) unsaved(err error) error {
	x.log.Warn("the state could not be written down: the next start reads more of the stream", zap.Error(err))
	x.made.since, x.made.at = 1, time.Now()
	return nil
}

// restore takes up the state that was written down last, under the rulebook
// that it was made by, and readies the fold there. A state that cannot be read
// is told of, and the stream is read from its beginning instead.
func (x *alerter) restore(ctx context.Context) error {
	stream, err := x.app.bus.Stream(ctx, events.StreamEnriched)
	if err != nil {
		return err
	}
	x.books.objects = x.objects
	if err := x.books.open(ctx, stream); err != nil {
		return err
	}
	head, err := x.readState(ctx)
	switch {
	case errors.Is(err, bus.ErrNotFound):
	case errors.Is(err, errState):
		x.log.Error("the state that was written down cannot be read: reading the stream from its beginning", zap.Error(err))
	case err != nil:
		return fmt.Errorf("read the detector's state: %w", err)
	default:
		x.made = snapshotMade{position: head.Position, created: head.Created, lastID: head.LastID, at: time.Now()}
		x.reached.Store(head.Position)
		x.log.Info("state taken up", zap.Uint64("position", head.Position))
		return x.begin(ctx, stream, head.Position, head.Book)
	}
	book := x.books.turns.at(0)
	if x.detector, err = x.past(ctx, book); err != nil {
		return err
	}
	return x.begin(ctx, stream, 0, book)
}

// errState is the error of a state that is there and cannot be taken up.
var errState = errors.New("it is no state of this version")

func (x *alerter) readState(ctx context.Context) (head snapshotHead, err error) {
	r, err := x.objects.Get(ctx, snapshotKey)
	if err != nil {
		return head, err
	}
	defer r.Close()
	in := bufio.NewReader(r)
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &head)
	}
	if err != nil {
		return head, errors.Join(errState, err)
	}
	if x.detector, err = x.past(ctx, head.Book); err != nil {
		return head, err
	}
	if err := x.detector.Restore(in); err != nil {
		return head, errors.Join(errState, err)
	}
	return head, nil
}

// past makes a detector with the rulebook of id; where there is none, or none
// that can be read, with today's.
func (x *alerter) past(ctx context.Context, id string) (*detect.Detector, error) {
	book := x.app.cfg.rulebook(x.watches)
	if id != "" && id != book.id() {
		old, err := x.books.get(ctx, id)
		if err == nil {
			return old.detector()
		}
		x.log.Error("watches of the past cannot be read: articles of then are judged by today's", zap.Error(err))
	}
	return book.detector()
}
