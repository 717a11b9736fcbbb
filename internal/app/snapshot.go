package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
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
	if err := json.NewEncoder(&b).Encode(snapshotHead{x.made.position, info.Created, x.made.lastID}); err != nil {
		return err
	}
	x.mu.RLock()
	err = x.detector.Snapshot(&b)
	x.mu.RUnlock()
	if err != nil {
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

// unsaved tells that a snapshot could not be kept. The state is still right,
// and the next start has more to read: that is no reason to stop.
func (x *alerter) unsaved(err error) error {
	x.log.Warn("the state could not be written down: the next start reads more of the stream", zap.Error(err))
	x.made.since, x.made.at = 1, time.Now()
	return nil
}

// restore takes up the state that was written down last. One that cannot be
// read is told of, and the stream is read from its beginning instead.
func (x *alerter) restore(ctx context.Context) error {
	r, err := x.objects.Get(ctx, snapshotKey)
	if errors.Is(err, bus.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the detector's state: %w", err)
	}
	defer r.Close()
	in := bufio.NewReader(r)
	var head snapshotHead
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &head)
	}
	if err == nil {
		err = x.detector.Restore(in)
	}
	if err != nil {
		x.log.Error("the state that was written down cannot be read: reading the stream from its beginning", zap.Error(err))
		x.detector, err = x.newDetector()
		return err
	}
	x.made = snapshotMade{position: head.Position, created: head.Created, lastID: head.LastID, at: time.Now()}
	x.reached.Store(head.Position)
	x.log.Info("state taken up", zap.Uint64("position", head.Position))
	return nil
}
