package events

import "strings"

// Streams, and the subjects that each keeps.
const (
	StreamArticles = "ARTICLES"
	StreamEnriched = "ENRICHED"
	StreamAlerts   = "ALERTS"
	StreamDead     = "DEAD"

	SubjectArticles = "tocsin.article.>"
	SubjectEnriched = "tocsin.enriched.>"
	SubjectAlerts   = "tocsin.alert.>"
	SubjectDead     = "tocsin.dead.>"
)

// CloudEvents types of the messages.
const (
	TypeArticle  = "news.tocsin.article.v1"
	TypeEnriched = "news.tocsin.enriched.v1"
	TypeAlert    = "news.tocsin.alert.v1"
	TypeDead     = "news.tocsin.dead.v1"
)

// Subject is where the article is published: tocsin.article.<source>.
func (a Article) Subject() string { return "tocsin.article." + Token(a.Source) }

// Subject is where the enriched article is published: tocsin.enriched.<lang>.
func (e Enriched) Subject() string { return "tocsin.enriched." + Token(e.Lang) }

// Subject is where every version of the alert is published:
// tocsin.alert.<watch>.<alert>.
func (a Alert) Subject() string { return "tocsin.alert." + Token(a.Watch) + "." + Token(a.ID) }

// DeadSubject is where a worker puts what it could not handle.
func DeadSubject(worker string) string { return "tocsin.dead." + Token(worker) }

// Token makes s one token of a NATS subject: every byte but letters, digits,
// '-' and '_' becomes '_'; lemonde.fr is lemonde_fr. An empty s is "_".
func Token(s string) string {
	if s == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, s)
}
