// Package report tells what watches would have said over a history: alerts as
// lives, near misses, how many a day, how early beside a plain keyword rule,
// and what two sets of watches make of the same history. It knows decisions
// that were made; it decides nothing, and reads no clock.
package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Log hears, in the order of the stream, what was seen and decided. The zero
// value is ready.
type Log struct {
	// Name is what the set of watches is called.
	Name string
	// Since, when set, is from when on a decision counts; what came before
	// taught the baselines only.
	Since time.Time

	first, last time.Time
	articles    int
	sources     map[string]bool
	lives       map[string]*Life
	order       []*Life
	misses      map[missKey]Miss
	bursts      []Burst
	plain       *plain
}

// Miss is a situation that nearly became an alert.
type Miss struct {
	Watch    string    `json:"watch"`
	Story    string    `json:"story,omitempty"`
	Headline string    `json:"headline"`
	At       time.Time `json:"at"`
	Origins  int       `json:"origins"`
	Articles int       `json:"articles"`
	// Lacks says what was missing: "two origins of three within 6h".
	Lacks string `json:"lacks"`
}

// A watch by query has one situation at a time, so a day tells them apart.
type missKey struct{ watch, of string }

func (m Miss) key() missKey {
	return missKey{m.Watch, cmp.Or(m.Story, m.At.UTC().Format(time.DateOnly))}
}

// Burst is something that was louder than usual in the day that ended At.
type Burst struct {
	At time.Time `json:"at"`
	burst.Burst
}

// Beside makes the log run the plain keyword rule over the same articles, for
// comparison. It is said before the first article.
func (l *Log) Beside(words []string) { l.plain = newPlain(words) }

// Article takes an article of the history.
func (l *Log) Article(a *events.Article) {
	at := a.StreamTime()
	counts := !at.Before(l.Since)
	if l.plain != nil {
		l.plain.article(a, at, counts)
	}
	if !counts {
		return
	}
	if l.first.IsZero() || at.Before(l.first) {
		l.first = at
	}
	if at.After(l.last) {
		l.last = at
	}
	if l.sources == nil {
		l.sources = map[string]bool{}
	}
	l.sources[a.Source] = true
	l.articles++
}

// Decided takes a version of an alert, and reports whether it counts. An alert
// that was living before the history that counts is heard of from its next
// version on.
func (l *Log) Decided(a events.Alert) bool {
	if a.At.Before(l.Since) {
		return false
	}
	if l.lives == nil {
		l.lives = map[string]*Life{}
	}
	x := l.lives[a.ID]
	if x == nil {
		x = &Life{ID: a.ID, Watch: a.Watch, Opened: a.At}
		l.lives[a.ID] = x
		l.order = append(l.order, x)
	}
	x.add(a)
	return true
}

// Missed takes a near miss. Told again of the same situation, the latest counts.
func (l *Log) Missed(m Miss) {
	if m.At.Before(l.Since) {
		return
	}
	if l.misses == nil {
		l.misses = map[missKey]Miss{}
	}
	l.misses[m.key()] = m
}

// Loud takes what was louder than usual in the day that ended at.
func (l *Log) Loud(at time.Time, found []burst.Burst) {
	if at.Before(l.Since) {
		return
	}
	for _, b := range found {
		l.bursts = append(l.bursts, Burst{at, b})
	}
}

// Lives lists the alerts in the order of their opening.
func (l *Log) Lives() []*Life { return l.order }

// Misses lists what nearly became an alert and never did, the oldest first.
func (l *Log) Misses() []Miss {
	raised := map[missKey]bool{}
	for _, x := range l.order {
		raised[missKey{x.Watch, x.Last.Story}] = true
		if x.Last.Story == "" {
			raised[missKey{x.Watch, x.Opened.UTC().Format(time.DateOnly)}] = true
		}
	}
	var out []Miss
	for k, m := range l.misses {
		if !raised[k] {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Miss) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Watch, b.Watch), cmp.Compare(a.Story, b.Story))
	})
	return out
}

// Days is how long the history is, in days; a day at least.
func (l *Log) Days() float64 { return max(1, l.last.Sub(l.first).Hours()/24) }
