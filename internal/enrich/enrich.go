// Package enrich turns an article into an enriched one: language, then
// entities, then topics, then the signature, plainly and in that order.
// It judges nothing itself, and has never heard of a stream.
package enrich

import (
	"github.com/tocsin-news/tocsin/internal/fingerprint"
	"github.com/tocsin-news/tocsin/internal/lang"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Version is the enricher's version: it changes when the same article may be
// judged otherwise, so that a new judgement has a new id.
const Version = "1"

// Entities finds who and what an article names.
type Entities interface {
	Find(a events.Article, doc token.Doc, lang string) []events.Entity
}

// Topics finds what an article is about.
type Topics interface {
	Tag(a events.Article, doc token.Doc, lang string, entities []events.Entity) []events.Tag
}

// Enricher holds the nouns that judge.
type Enricher struct {
	Entities Entities
	Topics   Topics
}

// Enrich says what is understood of a. The same article gives the same answer.
func (e Enricher) Enrich(a events.Article) events.Enriched {
	doc := token.Of(a.Title, a.Text)
	tongue := lang.Identify(a.Title, a.Text)
	entities := e.Entities.Find(a, doc, tongue)
	out := events.Enriched{
		ID:        events.EnrichedID(a.ID, Version),
		Article:   a,
		Lang:      tongue,
		Entities:  orNone(entities),
		Topics:    orNone(e.Topics.Tag(a, doc, tongue, entities)),
		Signature: fingerprint.Of(doc),
		Enricher:  Version,
	}
	if o, ok := origin.Agency(a.Title, a.Text, doc); ok && a.Origin == "" {
		out.Origin = &o
	}
	return out
}

// orNone makes nothing an empty list, which is what JSON should say.
func orNone[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
