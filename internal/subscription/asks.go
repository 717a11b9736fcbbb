package subscription

import (
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// maxQuery bounds a silence's query, in bytes: it is asked of every alert.
const maxQuery = 4 << 10

// told are the fields that an alert can answer for.
var told = []query.Field{query.Any, query.Title, query.Text, query.Topic, query.Entity}

// asks reads the query; nil when there is none.
func (s Silence) asks() (*query.Query, error) {
	if s.Query == "" {
		return nil, nil
	}
	if len(s.Query) > maxQuery {
		return nil, wrong("query", "several silences do as well", "has %d bytes, more than %d", len(s.Query), maxQuery)
	}
	q, err := query.Parse(s.Query)
	if err != nil {
		return nil, err
	}
	if q.Broad() {
		return nil, wrong("query", "say what must be there too, beside NOT", "asks for nothing")
	}
	query.Terms(q.Root, func(t *query.Term, _ bool) {
		switch {
		case err != nil:
		case !slices.Contains(told, t.Field):
			err = wrong("query", "words, title: text: topic: and entity:\"a name\"; the source has a field of its own", "asks for %s:, which an alert does not tell", t.Field)
		case t.Field == query.Entity && t.Value != "":
			err = wrong("query", `a name, such as entity:"NATO"`, "asks for entity:%s, and an alert tells names", t.Value)
		}
	})
	return q, err
}

// answers asks the query of what the alert says: its headline and titles, the
// names and the topics.
func (s Silence) answers(a events.Alert) bool {
	q, err := s.asks()
	if q == nil || err != nil {
		return s.Query == ""
	}
	titles := make([]string, len(a.Articles))
	for i, e := range a.Articles {
		titles[i] = e.Title
	}
	e := events.Enriched{Article: events.Article{Title: a.Headline, Text: strings.Join(titles, "\n")}, Lang: events.Und}
	for _, name := range a.Entities {
		e.Entities = append(e.Entities, events.Entity{Name: name, Kind: events.Misc})
	}
	for _, t := range a.Topics {
		e.Topics = append(e.Topics, events.Tag{Topic: t, Score: 1})
	}
	return q.Match(query.NewView(&e, query.Source{}))
}

// alone reports whether all of the evidence comes from the source.
func (s Silence) alone(a events.Alert) bool {
	return len(a.Articles) > 0 && !slices.ContainsFunc(a.Articles, func(e events.Evidence) bool { return !globbed(s.Source, e.Source) })
}
