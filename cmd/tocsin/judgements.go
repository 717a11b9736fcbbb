package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// judgements says in lines what was understood of an article, each with the
// words that it rests on. The first is about the whole.
func judgements(e events.Enriched) []string {
	out := []string{strings.Join(about(e), " · ")}
	for _, s := range e.Says {
		out = append(out, fmt.Sprintf("%s by %s: %s", s.Stance, speaker(e, s), s.Words.Of(e.Article)))
	}
	for _, t := range e.Topics {
		out = append(out, fmt.Sprintf("%s %.2f (%s): %s", t.Topic, t.Score, t.Rule, words(e.Article, t.Evidence)))
	}
	for _, x := range e.Entities {
		out = append(out, fmt.Sprintf("%s %s %s%s: %s (%s)", x.Kind, cmp.Or(x.ID, "?"), x.Name, where(x), words(e.Article, x.Mentions), x.Reason))
	}
	return out
}

func about(e events.Enriched) []string {
	out := []string{e.Article.Source, e.Lang}
	switch {
	case e.KindReason != "":
		out = append(out, e.Kind+" ("+e.KindReason+")")
	case e.Kind != "":
		out = append(out, e.Kind)
	}
	if e.Article.Origin != "" {
		out = append(out, "from "+e.Article.Origin)
	}
	if e.Origin != nil {
		out = append(out, "from "+e.Origin.Key+" ("+e.Origin.Evidence.Of(e.Article)+")")
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// where is an entity's country and, of a place, its coordinates in degrees.
func where(x events.Entity) string {
	var out []string
	if x.Country != "" {
		out = append(out, x.Country)
	}
	if x.Lat != nil && x.Lon != nil {
		out = append(out, fmt.Sprintf("%.2f %.2f", *x.Lat, *x.Lon))
	}
	if out == nil {
		return ""
	}
	return " [" + strings.Join(out, " ") + "]"
}

// speaker is the name of who says s.
func speaker(e events.Enriched, s events.Statement) string {
	for _, x := range e.Entities {
		if x.ID != "" && x.ID == s.Speaker {
			return x.Name
		}
	}
	return cmp.Or(s.Speaker, "somebody")
}

func words(a events.Article, ms []events.Mention) string {
	var out []string
	for _, m := range ms {
		if w := m.Of(a); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return strings.Join(out, ", ")
}
