package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// decision is one alert version under the stages, and what is known around it.
type decision struct {
	alert    events.Alert
	seq      uint64
	record   Record // as it was when the decision came in
	now      time.Time
	subs     []subscription.Subscription
	silences []subscription.Silence
	care     subscription.Care
	muted    []job // what a silence or a person took, with the reason in Why
	queued   []job // what is in an outbox
}

// job is a decision on its way to one channel.
type job struct {
	Entry
	sub subscription.Subscription
}

// A stage takes the jobs of one decision and hands on those that go on. What
// it drops it says why. An error stops the decision: it comes again.
type stage func(ctx context.Context, d *decision, jobs []job) ([]job, error)

// Handle takes one alert version, at sequence seq of the alert stream, through
// the stages. When it returns nil every message that must be sent is durable
// in an outbox, and the alert may be acknowledged. An alert that was handled
// before changes nothing.
func (n *Notifier) Handle(ctx context.Context, a events.Alert, seq uint64) error {
	if err := a.Validate(); err != nil {
		return verdict.Permanent(fmt.Errorf("notify of alert %s: %w", a.ID, err))
	}
	n.handling.Lock()
	defer n.handling.Unlock()
	d, err := n.decide(ctx, a, seq)
	if err != nil {
		return fmt.Errorf("notify of alert %s version %d: %w", a.ID, a.Version, err)
	}
	if n.old(ctx, d) {
		return nil
	}
	var jobs []job
	for _, s := range []stage{n.match, n.mute, n.dedup, n.hold, n.queue} {
		if jobs, err = s(ctx, d, jobs); err != nil {
			return fmt.Errorf("notify of alert %s version %d: %w", a.ID, a.Version, err)
		}
	}
	if err := n.handled(ctx, d); err != nil {
		return fmt.Errorf("notify of alert %s version %d: record it: %w", a.ID, a.Version, err)
	}
	return nil
}

func (n *Notifier) decide(ctx context.Context, a events.Alert, seq uint64) (*decision, error) {
	record, _, err := n.records.Get(ctx, recordKey(a.ID))
	if err != nil {
		return nil, fmt.Errorf("read its record: %w", err)
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return &decision{
		alert: a, seq: seq, record: record, now: time.Now().UTC(),
		subs: n.subs, silences: n.silences, care: n.cares[a.ID],
	}, nil
}

// old reports an alert that is no news: it went through the stages before, or
// it is older than what this notifier tells.
func (n *Notifier) old(ctx context.Context, d *decision) bool {
	if d.record.has(d.alert.Version) {
		n.drop(ctx, d, "", "replayed", "handled before")
		return true
	}
	if d.seq < n.since {
		n.drop(ctx, d, "", "history", fmt.Sprintf("sequence %d is before %d", d.seq, n.since))
		return true
	}
	return false
}
