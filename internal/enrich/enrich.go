// Package enrich turns an article into an enriched one: language, entities,
// topics, kind of piece, statements, origin and signature, plainly and in that
// order.
// It judges nothing itself, and has never heard of a stream.
package enrich

import (
	"github.com/tocsin-news/tocsin/internal/fingerprint"
	"github.com/tocsin-news/tocsin/internal/lang"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/piece"
	"github.com/tocsin-news/tocsin/internal/speech"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Version is the enricher's version: it changes when the same article may be
// judged otherwise, so that a new judgement has a new id.
const Version = "1"

// Entities finds who and what an article names.
type Entities interface {
	Find(a events.Article, doc token.Doc, lang string) []events.Entity
}

// Topics finds what an article is about, and the contexts that it speaks in.
type Topics interface {
	Read(a events.Article, doc token.Doc, lang string, entities []events.Entity) topic.Reading
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
	topics := e.Topics.Read(a, doc, tongue, entities)
	kind := piece.Of(a, doc, tongue, topics.Contexts)
	return events.Enriched{
		ID:         events.EnrichedID(a.ID, Version),
		Article:    a,
		Lang:       tongue,
		Entities:   orNone(entities),
		Topics:     orNone(topics.Tags),
		Signature:  fingerprint.Of(doc),
		Kind:       kind.Kind,
		KindReason: kind.Reason,
		Origin:     credit(a, doc),
		Says:       speech.Find(a, doc, tongue, entities),
		Enricher:   Version,
	}
}

// credit is the agency that the text names, where the article does not.
func credit(a events.Article, doc token.Doc) *events.Origin {
	if a.Origin != "" {
		return nil
	}
	if o, ok := origin.Agency(a.Title, a.Text, doc); ok {
		return &o
	}
	return nil
}

// orNone makes nothing an empty list, which is what JSON should say.
func orNone[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
