// Package piece tells what kind of piece an article is: news, opinion, live
// coverage, analysis, or a look back.
// It knows the labels that newsrooms put on a piece and the sections of their
// addresses; it has never heard of what the piece is about.
package piece

import (
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Kinds of piece, as [events.Enriched.Kind] has them.
const (
	News        = "news"
	Opinion     = "opinion"
	Live        = "live"
	Analysis    = "analysis"
	Anniversary = "anniversary"
)

// Judgement is a kind and why.
type Judgement struct {
	Kind string
	// Reason is what it rests on: "label Tribune", "address /opinion/",
	// "context.anniversary 0.86: dix ans après"; "" for news, which is what
	// is left when nothing speaks for another kind.
	Reason string
}

// Of judges a. doc is the article's title and text cut into words, lang its
// language ("und": the labels of all languages count). contexts are what the
// text speaks of itself as (context.opinion, context.live, context.analysis,
// context.anniversary), the surest first.
//
// A newsroom's own label says most; then the section that the piece stands in;
// then its words.
func Of(a events.Article, doc token.Doc, lang string, contexts []events.Tag) Judgement {
	if j, ok := labelled(a.Title, doc.Title, lang, len(doc.Title)); ok {
		return j
	}
	if j, ok := labelled(a.Text, doc.Text, lang, opening); ok {
		return j
	}
	if j, ok := section(a.URL); ok {
		return j
	}
	for _, c := range contexts {
		if j, ok := spoken(a, c); ok {
			return j
		}
	}
	return Judgement{Kind: News}
}
