package app

import (
	"context"
	"encoding/json"
	"slices"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/detect"
	"github.com/tocsin-news/tocsin/internal/origin"
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
	x.mu.RLock()
	why, ok := x.detector.Explain(id)
	families := x.families
	var asked *query.Query
	for _, w := range x.watches {
		if ok && w.Name == why.Alert.Watch {
			asked = w.Query
		}
	}
	x.mu.RUnlock()
	if !ok {
		return web.Explanation{}, false
	}
	out := web.Explanation{Alert: why.Alert, Query: why.Query, Missing: why.Missing, Baseline: web.Baseline(why.Baseline)}
	for _, c := range why.Clauses {
		out.Clauses = append(out.Clauses, web.Clause{Name: c.Name, Asked: c.Want, Seen: c.Have, Met: c.Met})
	}
	for _, e := range why.Alert.Articles {
		g := web.Grounds{Evidence: e, Counts: !ignored(why, e.ID)}
		if asked != nil {
			x.ground(ctx, &g, asked, families)
		}
		out.Articles = append(out.Articles, g)
	}
	return out, true
}

func ignored(why detect.Explanation, id string) bool {
	same := func(e events.Evidence) bool { return e.ID == id }
	return slices.ContainsFunc(why.Ignored, same)
}

// ground adds the words of one article that the query matched.
func (x *alerter) ground(ctx context.Context, g *web.Grounds, asked *query.Query, families *origin.Families) {
	e, ok := x.enriched(ctx, g.ID)
	if !ok {
		return
	}
	f := families.Find(e.Article.Source)
	why := asked.Explain(query.NewView(&e, query.Source{Country: f.Country, Tier: f.Tier, Family: f.Key}))
	var marks []web.Mark
	for _, ev := range why.Evidence {
		for _, m := range ev.Mentions {
			marks = append(marks, web.Mark{Mention: m, Term: ev.Term})
		}
	}
	g.Lang = e.Lang
	g.Title = web.Cut(e.Article.Title, events.FieldTitle, marks)
	g.Text = web.Cut(e.Article.Text, events.FieldText, marks)
}

// enriched finds one article in the stream.
func (x *alerter) enriched(ctx context.Context, id string) (events.Enriched, bool) {
	seq, ok := x.index.get(id)
	if !ok {
		if err := x.index.fill(ctx, x.app.bus, x.reached.Load()); err != nil {
			x.log.Warn("the articles cannot be looked through", zap.Error(err))
		}
		seq, ok = x.index.get(id)
	}
	if !ok {
		return events.Enriched{}, false
	}
	e, _, err := bus.Get[events.Enriched](ctx, x.app.bus, events.StreamEnriched, seq)
	return e, err == nil && e.Article.ID == id
}
