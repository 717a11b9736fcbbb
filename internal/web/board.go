package web

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Life is an alert with all its versions, oldest first.
type Life struct {
	ID       string         `json:"id"`
	Versions []events.Alert `json:"versions"`
	// Seq is the place of the last version in the stream of alerts.
	Seq uint64 `json:"seq"`
	// Care is what people have said of it and what still holds.
	Care *subscription.Care `json:"care,omitempty"`
}

// Last is the newest version.
func (l Life) Last() events.Alert { return l.Versions[len(l.Versions)-1] }

// Open reports whether the alert is not resolved.
func (l Life) Open() bool { return l.Last().State != events.Resolved }

// lastOpened is the version with which it was last opened.
func (l Life) lastOpened() int {
	for i := len(l.Versions) - 1; i > 0; i-- {
		if l.Versions[i].State == events.Opened {
			return l.Versions[i].Version
		}
	}
	return l.Versions[0].Version
}

// Opened is when the first version was decided.
func (l Life) Opened() time.Time { return l.Versions[0].At }

// keep is how many alerts the board holds, and keepEvidence how many articles
// in all their versions, some 100 MB; the longest resolved go first, then the
// evidence of older versions.
const (
	keep         = 10_000
	keepEvidence = 300_000
)

// Board is every alert as the stream of alerts told it. Its zero value is
// ready.
type Board struct {
	mu    sync.RWMutex
	lives map[string]*Life
	cares map[string]subscription.Care
	last  uint64
	// changed is closed and made anew at each version.
	changed chan struct{}
	recent  []sequenced // for the live stream, newest last
	// evidence is how many articles stand in all versions.
	evidence int
}

type sequenced struct {
	seq   uint64
	alert events.Alert
}

// replay is how many versions a listener that comes back can catch up on.
const replay = 1000

// Add takes the version at seq of the stream of alerts. A version that is
// known already changes nothing.
func (b *Board) Add(a events.Alert, seq uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lives == nil {
		b.lives = map[string]*Life{}
	}
	l := b.lives[a.ID]
	if l == nil {
		l = &Life{ID: a.ID}
		b.lives[a.ID] = l
	}
	if n := len(l.Versions); n > 0 && l.Versions[n-1].Version >= a.Version {
		return
	}
	l.Versions = append(l.Versions, a)
	l.Seq = seq
	b.evidence += len(a.Articles)
	b.forget()
	b.last = max(b.last, seq)
	b.recent = append(b.recent, sequenced{seq, a})
	if len(b.recent) > replay {
		b.recent = slices.Delete(b.recent, 0, len(b.recent)-replay)
	}
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// forget drops the longest resolved alerts while there is too much; when none
// is resolved, the evidence of versions that are not the last.
func (b *Board) forget() {
	for len(b.lives) > keep || b.evidence > keepEvidence {
		var oldest *Life
		for _, l := range b.lives {
			if !l.Open() && (oldest == nil || l.Seq < oldest.Seq) {
				oldest = l
			}
		}
		if oldest == nil {
			b.thin()
			return
		}
		for _, v := range oldest.Versions {
			b.evidence -= len(v.Articles)
		}
		delete(b.lives, oldest.ID)
	}
}

// thin leaves evidence to the last versions alone.
func (b *Board) thin() {
	b.evidence = 0
	for _, l := range b.lives {
		for i := range l.Versions[:len(l.Versions)-1] {
			l.Versions[i].Articles = nil
		}
		b.evidence += len(l.Last().Articles)
	}
}

// Filter chooses alerts. A zero field chooses all.
type Filter struct {
	Watch, State, MinLevel string
	// Story chooses the alerts on one story.
	Story string
	// Words chooses those with these words in their headline, watch, entities or
	// topics, without case or accents.
	Words string
	// Before is a cursor: only alerts whose last version has a lesser place.
	Before uint64
	Limit  int
}

// Alerts lists the alerts that f chooses, the one that changed last first.
func (b *Board) Alerts(f Filter) []Life {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []Life
	words := token.Fold(f.Words)
	for _, l := range b.lives {
		a := l.Last()
		if (f.Watch == "" || a.Watch == f.Watch || slices.Contains(a.Also, f.Watch)) && f.state(a) && (f.Before == 0 || l.Seq < f.Before) &&
			events.LevelRank(a.Level) >= events.LevelRank(f.MinLevel) && (f.Story == "" || a.Story == f.Story) && has(a, words) {
			out = append(out, b.clone(l))
		}
	}
	slices.SortFunc(out, func(x, y Life) int { return cmp.Compare(y.Seq, x.Seq) })
	if f.Limit > 0 && len(out) > f.Limit {
		out = out[:f.Limit]
	}
	return out
}

// has reports whether an alert has the folded words.
func has(a events.Alert, words string) bool {
	if words == "" {
		return true
	}
	return strings.Contains(token.Fold(strings.Join(slices.Concat([]string{a.Headline, a.Watch}, a.Also, a.Entities, a.Topics), " | ")), words)
}

// Watches are the names of the watches that have alerts, in order.
func (b *Board) Watches() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	names := map[string]bool{}
	for _, l := range b.lives {
		names[l.Last().Watch] = true
		for _, n := range l.Last().Also {
			names[n] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// state takes "open" for everything that is not resolved.
func (f Filter) state(a events.Alert) bool {
	return f.State == "" || f.State == a.State || f.State == "open" && a.State != events.Resolved
}

// Listing are the alerts with a version that lists the article, the one that
// changed last first.
func (b *Board) Listing(article string) []Life {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []Life
	for _, l := range b.lives {
		if slices.ContainsFunc(l.Versions, func(a events.Alert) bool {
			return slices.ContainsFunc(a.Articles, func(e events.Evidence) bool { return e.ID == article })
		}) {
			out = append(out, b.clone(l))
		}
	}
	slices.SortFunc(out, func(x, y Life) int { return cmp.Compare(y.Seq, x.Seq) })
	return out
}

// Alert gives one alert.
func (b *Board) Alert(id string) (Life, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	l, ok := b.lives[id]
	if !ok {
		return Life{}, false
	}
	return b.clone(l), true
}

func (b *Board) clone(l *Life) Life {
	c := *l
	c.Versions = slices.Clone(l.Versions)
	if care := b.cares[l.ID].Now(l.lastOpened(), time.Now()); !care.Empty() {
		c.Care = &care
	}
	return c
}

// SetCare takes what people now say of one alert in place of what they said
// before.
func (b *Board) SetCare(c subscription.Care) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.Empty() {
		delete(b.cares, c.Alert)
		return
	}
	if b.cares == nil {
		b.cares = map[string]subscription.Care{}
	}
	b.cares[c.Alert] = c
}

// since gives the versions after seq, and a channel that is closed when there
// are more.
func (b *Board) since(seq uint64) ([]sequenced, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	i, _ := slices.BinarySearchFunc(b.recent, seq+1, func(s sequenced, t uint64) int { return cmp.Compare(s.seq, t) })
	return slices.Clone(b.recent[i:]), b.changed
}

// oldest is the place of the oldest version that a listener can catch up on
// here; 0 when there is none.
func (b *Board) oldest() uint64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.recent) == 0 {
		return 0
	}
	return b.recent[0].seq
}

// position is the place of the newest version.
func (b *Board) position() uint64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.last
}

// wait returns the versions after seq as soon as there are any, or none when
// ctx ends or patience runs out.
func (b *Board) wait(ctx context.Context, seq uint64, patience time.Duration) []sequenced {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		more, changed := b.since(seq)
		if len(more) > 0 {
			return more
		}
		select {
		case <-changed:
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}
