package detect

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/s2"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/story"
)

// A snapshot is "tocsin-detect", a version byte, the length and the xxhash64 of
// what follows, and that: the state, gob-encoded and S2-compressed.
const (
	snapshotMagic   = "tocsin-detect"
	snapshotVersion = 2
	// maxSnapshot bounds what Restore reads.
	maxSnapshot = 8 << 30
)

// ErrSnapshot is what [Detector.Restore] returns for what is no snapshot of
// this version, or was cut or changed. The way out is to fold from the
// beginning of the stream.
var ErrSnapshot = errors.New("not a whole snapshot of this version: start without it, and the stream is read from its beginning")

type snapshot struct {
	Position  uint64
	Now, Leap time.Time
	LeapFrom  string
	LeapSeen  int
	Seen      []glimpse
	Stories   story.State
	Series    burst.Monitor
	Rhythm    burst.Rhythm
	Due, Owed time.Time
	Counts    Counts
	Misses    []NearMiss
	Rules     []ruleState
}

type ruleState struct {
	Name, Hash, By string
	Base           burst.Series
	Recent         []tick
	Cases          []caseState
}

type caseState struct {
	Key   uint64
	Hits  []hitState
	Alert *life
}

type hitState struct {
	Article       string
	At            time.Time
	Page          uint64
	Late          bool
	Match         bool
	Names, Topics []string
}

// Snapshot writes the whole state, with its position.
func (d *Detector) Snapshot(w io.Writer) error {
	var body bytes.Buffer
	pack := s2.NewWriter(&body, s2.WriterConcurrency(1))
	if err := gob.NewEncoder(pack).Encode(d.snapshot()); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	if err := pack.Close(); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	head := append([]byte(snapshotMagic), snapshotVersion)
	head = binary.BigEndian.AppendUint64(head, uint64(body.Len()))
	head = binary.BigEndian.AppendUint64(head, xxhash.Sum64(body.Bytes()))
	if _, err := w.Write(head); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	if _, err := body.WriteTo(w); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return nil
}

// Restore puts back a state that Snapshot wrote, in place of what the detector
// knows, for the watches that it has. On an error the detector is as it was.
func (d *Detector) Restore(r io.Reader) error {
	head := make([]byte, len(snapshotMagic)+1+16)
	if _, err := io.ReadFull(r, head); err != nil {
		return fmt.Errorf("read snapshot: %w", ErrSnapshot)
	}
	size := binary.BigEndian.Uint64(head[len(head)-16:])
	if string(head[:len(snapshotMagic)]) != snapshotMagic || head[len(snapshotMagic)] != snapshotVersion || size > maxSnapshot {
		return fmt.Errorf("read snapshot: %w", ErrSnapshot)
	}
	var body bytes.Buffer
	if n, err := io.CopyN(&body, r, int64(size)); err != nil || uint64(n) != size {
		return fmt.Errorf("read snapshot: %w", ErrSnapshot)
	}
	if xxhash.Sum64(body.Bytes()) != binary.BigEndian.Uint64(head[len(head)-8:]) {
		return fmt.Errorf("read snapshot: checksum differs: %w", ErrSnapshot)
	}
	var s snapshot
	if err := gob.NewDecoder(s2.NewReader(&body)).Decode(&s); err != nil {
		return fmt.Errorf("read snapshot: %w", errors.Join(ErrSnapshot, err))
	}
	return d.take(s)
}

func (d *Detector) snapshot() snapshot {
	s := snapshot{
		Position: d.position, Now: d.clock.now, Leap: d.clock.leap, LeapFrom: d.clock.from, LeapSeen: d.clock.seen,
		Seen: d.seen.queue, Stories: d.stories.State(), Rhythm: d.rhythm, Series: d.series, Due: d.due, Owed: d.owed, Counts: d.counts, Misses: d.misses,
	}
	for _, r := range d.rules {
		s.Rules = append(s.Rules, r.state())
	}
	return s
}

func (r *rule) state() ruleState {
	out := ruleState{Name: r.watch.Name, Hash: r.hash, By: r.watch.By, Base: r.base, Recent: r.recent}
	for _, s := range r.sorted() {
		k := uint64(0)
		if s.story != nil {
			k = s.story.Seq + 1
		}
		c := caseState{Key: k, Alert: s.alert}
		for _, h := range s.hits {
			if !h.Member.Gone {
				c.Hits = append(c.Hits, hitState{h.Member.ID, h.At, h.Page, h.Late, h.Match, h.Names, h.Topics})
			}
		}
		out.Cases = append(out.Cases, c)
	}
	return out
}

// take puts the state back.
func (d *Detector) take(s snapshot) error {
	d.position, d.due, d.owed, d.counts, d.misses, d.rhythm, d.series = s.Position, s.Due, s.Owed, s.Counts, s.Misses, s.Rhythm, s.Series
	d.clock = clock{now: s.Now.UTC(), leap: s.Leap, from: s.LeapFrom, seen: s.LeapSeen}
	if s.Now.IsZero() {
		d.clock.now = time.Time{}
	}
	d.seen = memory{known: make(map[uint64]struct{}, len(s.Seen)), queue: s.Seen}
	for _, g := range s.Seen {
		d.seen.known[g.Key] = struct{}{}
	}
	d.stories = story.Restore(d.weights, s.Stories)
	bySeq := map[uint64]*story.Story{}
	for _, st := range d.stories.Stories() {
		bySeq[st.Seq+1] = st
	}
	for _, r := range d.rules {
		r.base, r.recent, r.cases = burst.Series{}, nil, map[uint64]*situation{}
		r.begin(d.clock.now)
		if i := slices.IndexFunc(s.Rules, func(o ruleState) bool { return o.Name == r.watch.Name && o.By == r.watch.By }); i >= 0 {
			r.take(d, s.Rules[i], bySeq)
		}
	}
	return nil
}

func (r *rule) take(d *Detector, s ruleState, bySeq map[uint64]*story.Story) {
	if s.Hash == r.hash {
		r.base, r.recent = s.Base, s.Recent
	}
	for _, c := range s.Cases {
		x := &situation{rule: r, story: bySeq[c.Key], alert: c.Alert}
		for _, h := range c.Hits {
			if m, ok := d.stories.Member(h.Article); ok {
				x.hits = append(x.hits, hit{Member: m, At: h.At.UTC(), Page: h.Page, Late: h.Late, Match: h.Match, Names: h.Names, Topics: h.Topics})
			}
		}
		r.cases[c.Key] = x
	}
}
