package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// match makes a job of each channel that some subscription wants told. Where
// two subscriptions want the same channel, the one that holds back less wins.
func (n *Notifier) match(ctx context.Context, d *decision, _ []job) ([]job, error) {
	var jobs []job
	at := map[string]int{}
	for _, s := range d.subs {
		ok, why := s.Matches(d.alert)
		if !ok && d.alert.State == events.Resolved && n.knows(d, s.Channel) {
			ok, why = s.Covers(d.alert) // who heard the beginning hears the end
		}
		if !ok {
			n.drop(ctx, d, s.Channel, "unmatched", why)
			continue
		}
		e := Entry{
			Key:     events.NotificationKey(d.alert.ID, d.alert.Version, s.Channel),
			Channel: s.Channel, Seq: d.seq, Alert: d.alert, Queued: d.now, Why: why,
			NotBefore: s.HeldUntil(d.alert, d.now),
		}
		i, there := at[s.Channel]
		switch {
		case !there:
			at[s.Channel] = len(jobs)
			jobs = append(jobs, job{e, s})
		case e.NotBefore.Before(jobs[i].NotBefore):
			jobs[i] = job{e, s}
		}
	}
	return jobs, nil
}

// knows reports whether the channel was told of the alert, or is about to be.
func (n *Notifier) knows(d *decision, channel string) bool {
	return d.record.told(channel) || n.workers[channel].queue.has(d.alert.ID)
}

// mute takes out what a silence covers, and the updates of what somebody has in
// hand. That is noted in the record, so that the console can say why nobody was
// told.
func (n *Notifier) mute(ctx context.Context, d *decision, jobs []job) ([]job, error) {
	why, muted := d.mutedBy()
	if !muted {
		return jobs, nil
	}
	for _, j := range jobs {
		j.Why = why
		d.muted = append(d.muted, j)
		n.drop(ctx, d, j.Channel, Muted, why)
	}
	return nil, nil
}

func (d *decision) mutedBy() (why string, muted bool) {
	if quiet, why := d.care.Quiets(d.alert, d.record.Opened, d.now); quiet {
		return why, true
	}
	for _, s := range d.silences {
		if mutes, why := s.Mutes(d.alert, d.now); mutes {
			return why, true
		}
	}
	return "", false
}

// muted reports what has come over e since it was queued. A report of a failure
// is never silenced.
func (n *Notifier) muted(e Entry) (why string, muted bool) {
	if e.Undelivered != nil {
		return "", false
	}
	if why, quiet := n.quiet(e, time.Now()); quiet {
		return why, true
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, s := range n.silences {
		if mutes, why := s.Mutes(e.Alert, time.Now().UTC()); mutes {
			return why, true
		}
	}
	return "", false
}

// dedup takes out what came to an end on its channel: an earlier run got
// further than its acknowledgement shows.
func (n *Notifier) dedup(ctx context.Context, d *decision, jobs []job) ([]job, error) {
	kept := jobs[:0]
	for _, j := range jobs {
		if d.record.ended(j.Entry) {
			n.drop(ctx, d, j.Channel, "duplicate", "it ended on this channel before")
			continue
		}
		kept = append(kept, j)
	}
	return kept, nil
}

// gapFor is how long a version waits for an earlier one that is still missing:
// another notifier may be about to queue that.
const gapFor = 2 * time.Second

// hold says when what is held back may leave: what a subscription holds, and
// what overtook an earlier version on its way here.
func (n *Notifier) hold(ctx context.Context, d *decision, jobs []job) ([]job, error) {
	gap := d.alert.Version > 1 && !d.record.has(d.alert.Version-1)
	for i := range jobs {
		j := &jobs[i]
		if until := d.now.Add(gapFor); gap && j.NotBefore.Before(until) {
			j.NotBefore = until
		}
		if !j.NotBefore.IsZero() {
			n.log.DebugContext(ctx, "alert held back", "alert", d.alert.ID, "version", d.alert.Version,
				"channel", j.Channel, "until", j.NotBefore, "subscription", j.sub.Name)
		}
	}
	return jobs, nil
}

// queue writes each job to its channel's outbox, then wakes the worker.
func (n *Notifier) queue(ctx context.Context, d *decision, jobs []job) ([]job, error) {
	for _, j := range jobs {
		if err := n.outbox.Create(ctx, j.Entry); err != nil {
			return nil, fmt.Errorf("write it to the outbox of %s: %w", j.Channel, err)
		}
		n.workers[j.Channel].queue.add(j.Entry)
	}
	d.queued = jobs
	return jobs, nil
}

// handled records that the decision went through the stages.
func (n *Notifier) handled(ctx context.Context, d *decision) error {
	return n.amend(ctx, d.alert.ID, func(r *Record) bool {
		r.handle(d.alert.Version)
		if d.alert.State == events.Opened {
			r.Opened = max(r.Opened, d.alert.Version)
		}
		for _, j := range d.queued {
			r.queue(j.Entry)
		}
		for _, j := range d.muted {
			r.end(j.Entry, Outcome{End: Muted, At: d.now, Reason: j.Why})
		}
		return true
	})
}

// drop counts what is not told, and says why to who asks for it.
func (n *Notifier) drop(ctx context.Context, d *decision, channel, reason, why string) {
	n.metrics.dropped(channel, reason)
	n.log.DebugContext(ctx, "alert not told", "alert", d.alert.ID, "version", d.alert.Version,
		"channel", channel, "reason", reason, "why", why)
}
