package app

import (
	"context"
	"slices"

	"github.com/tocsin-news/tocsin/internal/fingerprint"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// grounds finds what each article of an alert says, and why it is evidence.
type grounds struct {
	x        *alerter
	families *origin.Families
	asked    *query.Query // nil when the watch is gone
	late     []events.Evidence
	sketches map[string]fingerprint.Sketch
}

// of walks one article back to its words.
func (g *grounds) of(ctx context.Context, ev events.Evidence) web.Grounds {
	f := g.families.Find(ev.Source)
	out := web.Grounds{
		Evidence: ev, Family: f.Key, Trusted: f.Trusted(),
		Late: slices.ContainsFunc(g.late, func(l events.Evidence) bool { return l.ID == ev.ID }),
	}
	e, ok := g.x.enriched(ctx, ev.ID)
	if !ok {
		out.Gone = true
		return out
	}
	if s, err := fingerprint.Parse(e.Signature); err == nil {
		if g.sketches == nil {
			g.sketches = map[string]fingerprint.Sketch{}
		}
		g.sketches[ev.ID] = s
	}
	out.Understood(e)
	if g.asked == nil {
		out.Matches = true // as far as anybody knows: the watch is gone
		return out
	}
	why := g.asked.Explain(query.NewView(&e, query.Source{Country: f.Country, Tier: f.Tier, Family: f.Key}))
	out.Matches, out.Lacks = why.Match, why.Missing
	var marks []web.Mark
	for _, ev := range why.Evidence {
		for _, m := range ev.Mentions {
			marks = append(marks, web.Mark{Mention: m, Term: ev.Term})
		}
	}
	out.Marked(e.Article, marks)
	return out
}

// share measures how much of each article that brings no origin is copied from
// the one that had brought it.
func (g *grounds) share(articles []web.Grounds) {
	for i := range articles {
		r := articles[i].Repeats
		if r == nil {
			continue
		}
		mine, ok := g.sketches[articles[i].ID]
		theirs, known := g.sketches[r.ID]
		if ok && known {
			r.Shared, _ = fingerprint.Containment(mine, theirs)
		}
	}
}
