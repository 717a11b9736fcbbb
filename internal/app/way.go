package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/ingest"
	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Bounds of an article's way: messages looked through for one that is not
// understood, other articles of its story, and watches that nearly matched.
const (
	wayArticles = 2_000
	wayDead     = 1_000
	wayMembers  = 20
	wayNear     = 20
)

// Why follows one article through every gate.
func (a archive) Why(ctx context.Context, id string) (web.Way, error) {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	way := web.Way{Watches: []web.WatchGate{}, Alerts: []web.AlertGate{}}
	e, m, ok := a.x.enrichedAt(ctx, id)
	if !ok {
		return a.unread(ctx, id, way)
	}
	way.Article = web.ArticleLineOf(e)
	way.Accepted = a.accepted(ctx, e.Article)
	way.Enriched = understoodGate(e, m)
	x := a.x
	x.mu.Lock() // the trace uses what the fold does
	trace, position := x.detector.Trace(id), x.folded
	watches := x.watches
	x.mu.Unlock()
	way.Detected = &web.Detected{State: "passed", Position: position}
	switch {
	case trace.Considered:
		way.Detected.State = "considered"
	case m.Seq > position:
		way.Detected.State = "waiting"
	}
	if trace.Story != nil {
		way.Origin = &web.Counted{Origin: trace.Evidence.Origin, Why: trace.Evidence.Why, Trusted: trace.Trusted}
		way.Story = a.joined(ctx, e, *trace.Story)
	}
	way.Watches, way.Unmatched = a.watchGates(e, watches, trace.Watches)
	way.Alerts = a.alertGates(ctx, id)
	way.Summary = summary(way)
	return way, nil
}

// accepted is what the door knows of an article's address.
func (a archive) accepted(ctx context.Context, art events.Article) web.Accepted {
	out := web.Accepted{At: art.FetchedAt, Revision: art.Revision}
	seen, err := bus.OpenBucket[ingest.Record](ctx, a.x.app.bus, bus.Seen)
	if err != nil {
		out.Note = "what was seen cannot be read now"
		return out
	}
	for _, key := range ingest.Keys(art) {
		r, _, ok, err := seen.Get(ctx, key)
		if err != nil || !ok {
			continue
		}
		for _, v := range r.Versions {
			if v.ID == art.ID && out.By == "" {
				out.By = v.By
			}
			out.Versions = append(out.Versions, web.AcceptedVersion{ID: v.ID, By: v.By, Revision: v.Revision, At: time.Unix(v.At, 0).UTC()})
		}
		return out
	}
	out.Note = "the door has forgotten it: it remembers an address for 30 days"
	return out
}

func understoodGate(e events.Enriched, m bus.Meta) *web.Understood {
	u := &web.Understood{
		Seq: m.Seq, At: m.Time.UTC(), Enricher: e.Enricher, Lang: e.Lang, Kind: e.Kind, KindReason: e.KindReason,
		Topics: e.Topics, Entities: len(e.Entities),
	}
	for _, x := range e.Entities {
		if x.ID != "" {
			u.Linked++
		}
	}
	return u
}

// joined compares the article with the latest others of its story.
func (a archive) joined(ctx context.Context, e events.Enriched, s detect.StoryView) *web.Joined {
	out := &web.Joined{ID: s.ID, Headline: s.Headline, Articles: s.Articles, Shared: []web.Shared{}}
	out.Founded = len(s.Members) > 0 && s.Members[0].ID == e.Article.ID
	for _, c := range s.Audit {
		out.Audit = append(out.Audit, web.Change(c))
	}
	own := marksOf(e)
	counts := map[string]int{}
	for _, m := range slices.Backward(s.Members) {
		if m.ID == e.Article.ID || out.Of == wayMembers {
			continue
		}
		other, _, ok := a.x.enrichedAt(ctx, m.ID)
		if !ok {
			continue
		}
		out.Of++
		for what := range marksOf(other) {
			if own[what] {
				counts[what]++
			}
		}
	}
	for what, n := range counts {
		out.Shared = append(out.Shared, web.Shared{What: what, Articles: n})
	}
	slices.SortFunc(out.Shared, func(p, q web.Shared) int { return cmp.Or(q.Articles-p.Articles, strings.Compare(p.What, q.What)) })
	return out
}

// marksOf are an article's linked names and its topics.
func marksOf(e events.Enriched) map[string]bool {
	out := map[string]bool{}
	for _, x := range e.Entities {
		if x.ID != "" {
			out[x.Name] = true
		}
	}
	for _, t := range e.Topics {
		out[t.Topic] = true
	}
	return out
}

// watchGates asks every watch of the article: those that match or follow its
// story, then those that lack one thing.
func (a archive) watchGates(e events.Enriched, watches []watch.Watch, tracked []detect.Tracking) (gates []web.WatchGate, rest int) {
	gates = []web.WatchGate{}
	view := query.NewView(&e, a.x.family(e.Article.Source))
	var near []web.WatchGate
	for i := range watches {
		w := &watches[i]
		g := web.WatchGate{Watch: w.Name}
		k := slices.IndexFunc(tracked, func(t detect.Tracking) bool { return t.Watch == w.Name })
		if k >= 0 {
			t := tracked[k]
			g.Late, g.Alert = t.Late, t.Alert
			for _, c := range t.Clauses {
				g.Clauses = append(g.Clauses, web.Clause{Name: c.Name, Asked: c.Want, Seen: c.Have, Met: c.Met})
			}
		}
		switch matches := w.Query.Match(view); {
		case matches:
			g.Outcome = "matched"
			for _, ev := range w.Query.Explain(view).Evidence {
				g.Terms = append(g.Terms, ev.Term)
			}
			gates = append(gates, g)
		case k >= 0:
			g.Outcome, g.Missing = "followed", w.Query.Explain(view).Missing
			gates = append(gates, g)
		default:
			x := w.Query.Explain(view)
			if len(x.Missing) != 1 || len(x.Evidence) == 0 || len(near) == wayNear {
				rest++
				continue
			}
			g.Outcome, g.Missing = "near", x.Missing
			for _, ev := range x.Evidence {
				g.Terms = append(g.Terms, ev.Term)
			}
			near = append(near, g)
		}
	}
	return append(gates, near...), rest
}

// alertGates are the alerts that list the article, and what was told of them.
func (a archive) alertGates(ctx context.Context, id string) []web.AlertGate {
	out := []web.AlertGate{}
	for _, l := range a.x.board.Listing(id) {
		g := web.AlertGate{ID: l.ID, Watch: l.Last().Watch, State: l.Last().State, Level: l.Last().Level, Told: []web.TellGate{}}
		for _, v := range slices.Backward(l.Versions) {
			if slices.ContainsFunc(v.Articles, func(e events.Evidence) bool { return e.ID == id }) {
				g.Version = v.Version
			}
		}
		r, err := a.x.notifier.Record(ctx, l.ID)
		if err != nil {
			a.x.log.Warn("the record of an alert cannot be read", zap.String("alert", l.ID), zap.Error(err))
		}
		g.Told = append(g.Told, tellings(r)...)
		out = append(out, g)
	}
	return out
}

// tellings is what became of an alert's versions on each channel.
func tellings(r notify.Record) []web.TellGate {
	var out []web.TellGate
	for name, t := range r.Channels {
		for _, o := range t.Outcomes {
			out = append(out, web.TellGate{Channel: name, Version: o.Version, End: o.End, At: o.At, Tries: o.Tries, Reason: o.Reason})
		}
		for _, v := range t.Waiting {
			out = append(out, web.TellGate{Channel: name, Version: v, End: "waiting"})
		}
	}
	slices.SortFunc(out, func(a, b web.TellGate) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), a.Version-b.Version)
	})
	return out
}

// summary says how far the article came.
func summary(w web.Way) string {
	matched := 0
	for _, g := range w.Watches {
		if g.Outcome == "matched" {
			matched++
		}
	}
	switch {
	case w.Detected.State == "waiting":
		return "understood; the detector has not come to it yet"
	case len(w.Alerts) > 0:
		return fmt.Sprintf("evidence of %s; %s matched", some(len(w.Alerts), "alert"), some(matched, "watch"))
	case matched > 0:
		return fmt.Sprintf("%s matched, and no alert came of it: see which clause is not met", some(matched, "watch"))
	case w.Detected.State == "passed":
		return "understood, and no longer in the detector's window: it was too old when it came, or has left since"
	}
	return "considered; no watch matched"
}

func some(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "ch") {
		what += "e"
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// unread finds an article that was not understood: among the latest accepted,
// and among the dead letters.
func (a archive) unread(ctx context.Context, id string, way web.Way) (web.Way, error) {
	b, found := a.x.app.bus, false
	info, err := b.Stream(ctx, events.StreamArticles)
	if err != nil {
		return way, err
	}
	if info.Messages > 0 {
		first := info.First
		if info.Last-first >= wayArticles {
			first = info.Last - wayArticles + 1
		}
		err = scanRange(ctx, b, events.StreamArticles, first, info.Last, func(art events.Article, m bus.Meta) {
			if art.ID != id {
				return
			}
			found = true
			way.Article = web.ArticleLineOf(events.Enriched{Article: art, Lang: art.Lang})
			way.Accepted = a.accepted(ctx, art)
			way.Accepted.Seq = m.Seq
		})
		if err != nil && !errors.Is(err, bus.ErrRegressed) {
			return way, err
		}
	}
	letters, err := bus.DeadLetters(ctx, b, "", 0, wayDead)
	if err != nil {
		return way, err
	}
	for _, l := range letters {
		if l.Stream == events.StreamArticles && deadArticle(l.Dead) == id {
			way.Dead = &web.DeadGate{Seq: l.Seq, At: l.At, Worker: l.Worker, Reason: l.Reason}
		}
	}
	switch {
	case way.Dead != nil:
		way.Summary = "it could not be understood: it is a dead letter"
	case found:
		way.Summary = "accepted; the enricher has not come to it yet"
	default:
		return way, errNotIndexed
	}
	return way, nil
}
