package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// authors are the names of those who wrote the article: as JSON-LD says, else
// the metadata, else what the page marks as a byline. Names that are only the
// site's own serve when there are no others.
func authors(h *head, about linked, lines []string) []string {
	tiers := [][]string{
		about.authors,
		h.all("author", "article:author", "dc.creator", "dcterms.creator", "dcterm.creator", "parsely-author", "sailthru.author", "byl", "citation_author", "article:author_name", "twitter:data1"),
		h.bylines,
		signed(lines),
	}
	var fallback []string
	for i, tier := range tiers {
		found := people(tier)
		if i >= len(tiers)-2 {
			found = found[:min(len(found), maxBylines)]
		}
		own := slices.DeleteFunc(slices.Clone(found), h.isSite)
		if len(own) > 0 {
			return own
		}
		if len(fallback) == 0 {
			fallback = found
		}
	}
	return fallback
}

// signed returns the lines that begin as a byline does.
func signed(lines []string) []string {
	var found []string
	for _, line := range lines {
		for _, word := range by {
			if len(line) > len(word) && strings.EqualFold(line[:len(word)], word) && len(strings.Fields(line)) < 12 {
				name := strings.TrimSpace(line[len(word):])
				if r, _ := utf8.DecodeRuneInString(name); unicode.IsUpper(r) && (line[len(word)] == ' ' || strings.HasSuffix(word, ":")) {
					found = append(found, line)
					break
				}
			}
		}
	}
	return found
}

// maxBylines is how many names are believed that the page only marks by class.
const maxBylines = 2

func (h *head) all(keys ...string) []string {
	var found []string
	for _, key := range keys {
		found = append(found, h.metas[key]...)
	}
	return found
}

// people keeps what can be a name, each once.
func people(given []string) []string {
	var found []string
	for _, s := range given {
		for _, name := range byline(s) {
			if isName(name) && !slices.Contains(found, name) && len(found) < events.MaxAuthors {
				found = append(found, name)
			}
		}
	}
	return found
}

// by are the words that stand before a name, in lower case.
var by = []string{
	"written by", "posted by", "published by", "reported by", "by:", "by", "author:", "autor:", "autorin:", "auteur:", "autor", "text:", "von:", "von",
	"par", "por:", "por", "da", "di", "door", "av", "af", "autorzy:", "geschrieben von", "verfasst von", "ein beitrag von", "text und interview:", "автор:",
}

// byline parts a byline into names: "By Jane Doe and John Roe | 3 May".
func byline(s string) []string {
	s = source.Line(source.PlainText(s), maxByline)
	for range 2 {
		for _, word := range by {
			if len(s) > len(word) && strings.EqualFold(s[:len(word)], word) && (s[len(word)] == ' ' || strings.HasSuffix(word, ":")) {
				s = strings.TrimSpace(s[len(word):])
				break
			}
		}
	}
	for _, end := range []string{" | ", " • ", " · ", " - ", " – ", " / ", "(", " am ", " on "} {
		s, _, _ = strings.Cut(s, end)
	}
	for _, and := range []string{" and ", " und ", " et ", " y ", " e ", ", ", ";", " & "} {
		s = strings.ReplaceAll(s, and, "\n")
	}
	names := strings.Split(s, "\n")
	for i := range names {
		names[i] = strings.Trim(names[i], " ,;:|-–")
	}
	return names
}

// notNames are what forms, placeholders and buttons say where a name would be.
var notNames = []string{"name", "admin", "wordpressadmin", "administrator", "redaktion", "editor", "no author", "author", "autor", "staff", "unknown", "anonymous", "guest", "reply", "says", "about the author", "by", "von", "par", "por"}

func isName(s string) bool {
	if s == "" || len(s) > 80 || len(strings.Fields(s)) > 7 || strings.Contains(s, "://") || strings.Contains(s, "@") || strings.ContainsAny(s, "*%{}<>?!") {
		return false
	}
	if slices.Contains(notNames, strings.ToLower(s)) || strings.HasPrefix(strings.ToLower(s), "name ") {
		return false
	}
	if startsWith(strings.ToLower(s), credits) {
		return false
	}
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits < 4 && strings.IndexFunc(s, unicode.IsLetter) >= 0
}
