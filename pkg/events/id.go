package events

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
)

// Ids are derived from content, so that saying a thing twice is saying it
// once. Each is 32 hexadecimal digits: the first 128 bits of a SHA-256.

// ArticleID is H(source, key, content): key is the canonical URL or, where an
// item has none, its guid; content is this revision's title and text. White
// space is folded first, so that a re-indented page is the same article.
func ArticleID(source, key, title, text string) string {
	return hash("article", source, key, foldSpace(title), foldSpace(text))
}

// EnrichedID is H(article, enricher version).
func EnrichedID(articleID, enricher string) string {
	return hash("enriched", articleID, enricher)
}

// AlertID is H(watch, story). For a watch that is not by story, story is the
// key under which its matches were counted together.
func AlertID(watch, story string) string {
	return hash("alert", watch, story)
}

// NotificationKey is H(alert, version, channel): the idempotency key under
// which a receiver sees one version once, however often it was sent.
func NotificationKey(alertID string, version int, channel string) string {
	return hash("notification", alertID, strconv.Itoa(version), channel)
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p))))
		h.Write([]byte{':'})
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func foldSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}
