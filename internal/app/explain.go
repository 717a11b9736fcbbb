package app

import (
	"context"
	"encoding/json"
	"slices"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// deadArticle is the id of the article that a dead letter was.
func deadArticle(d events.Dead) string {
	var a events.Article
	if json.Unmarshal(d.Data, &a) != nil || a.ID == "" {
		if ids := d.Header["ce-id"]; len(ids) > 0 {
			return ids[0]
		}
	}
	return a.ID
}

// leastShown is how many articles a story has before the console lists it.
const leastShown = 2

// stories are the live stories, the latest first.
func (x *alerter) stories() []web.Story {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []web.Story
	for _, s := range x.detector.Stories(leastShown) {
		out = append(out, shown(s))
	}
	return out
}

func (x *alerter) story(id string) (web.Story, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s, ok := x.detector.Story(id)
	return shown(s), ok
}

func shown(s detect.StoryView) web.Story {
	out := web.Story{ID: s.ID, Headline: s.Headline, Phase: s.Phase, First: s.First, Last: s.Last, Count: s.Articles, Articles: s.Members, Origins: s.Origins}
	for _, l := range s.Langs {
		out.Langs = append(out.Langs, web.Tongue(l))
	}
	for _, e := range s.Audit {
		out.Audit = append(out.Audit, web.Change(e))
	}
	return out
}

// explain walks an alert back to the words that it rests on: the detector has
// the clauses and the origins, the stream has the words.
func (x *alerter) explain(ctx context.Context, id string) (web.Explanation, bool) {
	x.mu.Lock() // explaining uses what the fold does
	why, ok := x.detector.Explain(id)
	if !ok {
		x.mu.Unlock()
		return web.Explanation{}, false
	}
	families := x.families
	near := nearby(x.detector.NearMisses(), why.Alert)
	var asked *query.Query
	for _, w := range x.watches {
		if w.Name == why.Alert.Watch {
			asked = w.Query
		}
	}
	x.mu.Unlock()
	out := web.Explanation{Alert: why.Alert, Query: why.Query, Missing: why.Missing, Baseline: web.Baseline(why.Baseline), Near: near}
	for _, v := range why.Versions {
		out.Versions = append(out.Versions, web.Version(v))
	}
	for _, c := range why.Clauses {
		out.Clauses = append(out.Clauses, web.Clause{Name: c.Name, Asked: c.Want, Seen: c.Have, Met: c.Met})
	}
	if why.Story != nil {
		s := shown(*why.Story)
		out.Story = &web.Standing{ID: s.ID, Phase: s.Phase, Langs: s.Langs, Lead: web.Lead(s.Langs)}
	}
	texts := grounds{x: x, families: families, asked: asked, late: why.Late}
	for _, e := range why.Alert.Articles {
		out.Articles = append(out.Articles, texts.of(ctx, e))
	}
	out.Origins = web.Originate(out.Articles)
	texts.share(out.Articles)
	return out, true
}

// nearMisses are all near misses, the latest first.
func (x *alerter) nearMisses() []web.NearMiss {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []web.NearMiss
	for _, m := range slices.Backward(x.detector.NearMisses()) {
		out = append(out, web.NearMiss(m))
	}
	return out
}

// nearby are the near misses of an alert's watch or story, the latest first.
func nearby(all []detect.NearMiss, a events.Alert) []web.NearMiss {
	var out []web.NearMiss
	for _, m := range slices.Backward(all) {
		if len(out) < mostNear && (m.Watch == a.Watch || m.Story != "" && m.Story == a.Story) {
			out = append(out, web.NearMiss(m))
		}
	}
	return out
}

// mostNear is how many near misses are told with an alert.
const mostNear = 10

// enriched finds one article in the stream.
func (x *alerter) enriched(ctx context.Context, id string) (events.Enriched, bool) {
	e, _, ok := x.enrichedAt(ctx, id)
	return e, ok
}

// enrichedAt is enriched, with the article's place.
func (x *alerter) enrichedAt(ctx context.Context, id string) (events.Enriched, bus.Meta, bool) {
	seq, ok := x.index.get(id)
	if !ok {
		if err := x.index.fill(ctx, x.app.bus, x.reached.Load()); err != nil {
			x.log.Warn("the articles cannot be looked through", zap.Error(err))
		}
		seq, ok = x.index.get(id)
	}
	if !ok {
		return events.Enriched{}, bus.Meta{}, false
	}
	e, m, err := bus.Get[events.Enriched](ctx, x.app.bus, events.StreamEnriched, seq)
	return e, m, err == nil && e.Article.ID == id
}
