package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of a trial: articles that a watch is tried on, and alert versions that
// a subscription is; how long one may take, and how many alerts are listed.
const (
	trialArticles     = 5_000
	trialMostArticles = 20_000
	trialVersions     = 1_000
	trialMostVersions = 10_000
	trialTime         = 30 * time.Second
	trialListed       = 50
)

// Test tries a watch on its own examples and on the latest articles. One trial
// runs at a time.
func (s watchShelf) Test(ctx context.Context, in web.Writing, n int, _ bool) (any, error) {
	v, err := s.read(in)
	if len(bytes.TrimSpace(in.Body)) == 0 {
		var ok bool
		if v, ok = s.value(in.Name); !ok {
			return nil, fmt.Errorf("watch %q: %w", in.Name, web.ErrAbsent)
		}
		err = nil
	}
	if err != nil {
		return nil, err
	}
	select {
	case s.w.trials <- struct{}{}:
		defer func() { <-s.w.trials }()
	default:
		return nil, web.ErrBusy
	}
	u, err := s.w.understanding()
	if err != nil {
		return nil, err
	}
	out := web.WatchTrial{Watch: v.Definition(), Examples: examples(v, u), Advice: advice(v, u)}
	out.History, err = s.w.history(ctx, v, min(cmp.Or(n, trialArticles), trialMostArticles))
	return out, err
}

func examples(v watch.Watch, u *Understanding) []web.ExampleTrial {
	out := []web.ExampleTrial{}
	for _, t := range v.Tests {
		one := v
		one.Tests = []watch.Test{t}
		x := web.ExampleTrial{Should: "silent", Title: t.Article.Title, OK: true}
		if t.Fires {
			x.Should = "fires"
		}
		for _, f := range one.Test(u) {
			x.OK, x.Why = false, f.Why
		}
		out = append(out, x)
	}
	return out
}

func advice(v watch.Watch, u *Understanding) []web.Advice {
	lint := watch.Linter{
		Topic: u.Taxonomy().Has, Langs: []string{"en", "fr"},
		Entity: func(id string) bool { _, ok := u.Base().ByID(id); return ok },
	}
	out := []web.Advice{}
	for _, f := range lint.Lint([]watch.Watch{v}) {
		out = append(out, web.Advice{Severity: string(f.Severity), Term: f.Term, Detail: f.Message, Hint: f.Hint})
	}
	return out
}

// history folds the latest articles of the stream with one watch, apart from
// all that runs.
func (w *writings) history(ctx context.Context, v watch.Watch, n int) (web.HistoryTrial, error) {
	out := web.HistoryTrial{Bound: n, Alerts: []web.AlertTrial{}, Near: []web.NearMiss{}}
	c, _ := w.config()
	d, err := c.rulebook([]watch.Watch{v}).detector()
	if err != nil {
		return out, err
	}
	families, err := c.Families()
	if err != nil {
		return out, err
	}
	info, err := w.x.app.bus.Stream(ctx, events.StreamEnriched)
	if err != nil || info.Messages == 0 {
		return out, err
	}
	from := info.First
	if info.Last-info.First >= uint64(n) {
		from = info.Last - uint64(n) + 1
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	err = scanRange(ctx, w.x.app.bus, events.StreamEnriched, from, info.Last, func(e events.Enriched, _ bus.Meta) {
		at := e.Article.StreamTime()
		if out.Articles++; out.From.IsZero() || at.Before(out.From) {
			out.From = at
		}
		if at.After(out.To) {
			out.To = at
		}
		f := families.Find(e.Article.Source)
		if v.Query.Match(query.NewView(&e, query.Source{Country: f.Country, Tier: f.Tier, Family: f.Key})) {
			out.Matched++
		}
		for _, a := range d.Apply(e, 0) {
			if a.State == events.Opened {
				out.Opened++
				out.Alerts = append(out.Alerts, tried(a, a.Reason))
			}
		}
	})
	if ctx.Err() != nil {
		out.Note, err = fmt.Sprintf("stopped after %s", trialTime), nil
	}
	if span := out.To.Sub(out.From); span >= time.Hour {
		out.PerDay = float64(out.Opened) / (span.Hours() / 24)
	}
	slices.Reverse(out.Alerts)
	out.Alerts = out.Alerts[:min(len(out.Alerts), trialListed)]
	for _, m := range slices.Backward(d.NearMisses()) {
		if len(out.Near) < trialListed {
			out.Near = append(out.Near, web.NearMiss(m))
		}
	}
	if w := v.When; out.Note == "" && w.Surprise > 0 && out.To.Sub(out.From) < 7*24*time.Hour {
		out.Note = "the baseline that surprise is judged by covers less than a week here"
	}
	return out, err
}

func tried(a events.Alert, why string) web.AlertTrial {
	return web.AlertTrial{ID: a.ID, At: a.At, Version: a.Version, State: a.State, Watch: a.Watch, Level: a.Level, Headline: a.Headline, Origins: a.Origins, Why: why}
}

// Test lists the latest alert versions that a subscription would tell, and sends
// a test notification only when asked.
func (s subscriptionShelf) Test(ctx context.Context, in web.Writing, n int, send bool) (any, error) {
	v, err := s.read(in)
	if len(bytes.TrimSpace(in.Body)) == 0 {
		var ok bool
		if v, ok = s.value(in.Name); !ok {
			return nil, fmt.Errorf("subscription %q: %w", in.Name, web.ErrAbsent)
		}
		err = nil
	}
	if err == nil {
		err = s.usable(v)
	}
	if err != nil {
		return nil, err
	}
	out := web.SubscriptionTrial{Subscription: v, Alerts: []web.AlertTrial{}}
	heard := map[string]bool{}
	for _, a := range s.w.latest(min(cmp.Or(n, trialVersions), trialMostVersions)) {
		out.Versions++
		ok, why := v.Matches(a)
		if !ok && a.State == events.Resolved && heard[a.ID] {
			ok, why = v.Covers(a) // who heard the beginning hears the end
		}
		if heard[a.ID] = heard[a.ID] || ok; ok {
			out.Told++
			out.Alerts = append(out.Alerts, tried(a, why))
		}
	}
	slices.Reverse(out.Alerts)
	out.Alerts = out.Alerts[:min(len(out.Alerts), trialListed)]
	if send {
		if err := s.w.x.notifier.Test(ctx, v.Channel); err != nil {
			return nil, err
		}
		out.Sent = true
	}
	return out, nil
}

// latest are the last n alert versions, the oldest first.
func (w *writings) latest(n int) []events.Alert {
	var all []events.Alert
	for _, l := range w.x.board.Alerts(web.Filter{}) {
		all = append(all, l.Versions...)
	}
	slices.SortStableFunc(all, func(a, b events.Alert) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID), a.Version-b.Version)
	})
	return all[max(0, len(all)-n):]
}

// Test lists the living alerts that a silence would mute.
func (s silenceShelf) Test(_ context.Context, in web.Writing, _ int, _ bool) (any, error) {
	v, err := s.read(in)
	if len(bytes.TrimSpace(in.Body)) == 0 {
		var ok bool
		if v, ok = s.value(in.Name); !ok || v.Over(time.Now()) {
			return nil, fmt.Errorf("silence %q: %w", in.Name, web.ErrAbsent)
		}
		err = nil
	}
	if err == nil {
		err = v.Validate()
	}
	if err != nil {
		return nil, err
	}
	out := web.SilenceTrial{Silence: v, Alerts: []web.AlertTrial{}}
	for _, l := range s.w.x.board.Alerts(web.Filter{State: "open"}) {
		out.Living++
		if mutes, why := v.Mutes(l.Last(), whenInForce(v)); mutes {
			out.Muted++
			out.Alerts = append(out.Alerts, tried(l.Last(), why))
		}
	}
	out.Alerts = out.Alerts[:min(len(out.Alerts), trialListed)]
	return out, nil
}

// whenInForce is now or, for a silence to come, its beginning.
func whenInForce(s subscription.Silence) time.Time {
	if now := time.Now(); now.After(s.From) {
		return now
	}
	return s.From
}
