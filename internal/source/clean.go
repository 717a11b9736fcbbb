package source

import (
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Clean makes a an article as Tocsin keeps it: canonical URL, plain bounded
// title and text, then [Complete]. It is for the door where articles come in,
// once; an id that a carries is derived anew when its words or its URL change,
// because the id speaks of them.
func Clean(a *events.Article) {
	before := *a
	a.Title = Line(a.Title, events.MaxTitle)
	a.Text = Paragraphs(a.Text, events.MaxText)
	if canonical, err := Canonical(a.URL); err == nil {
		a.URL = canonical
	}
	a.Source = strings.ToLower(Line(a.Source, events.MaxSource))
	a.Lang = Lang(a.Lang)
	a.Authors = names(a.Authors)
	if a.Title != before.Title || a.Text != before.Text || a.URL != before.URL {
		a.ID = ""
	}
	Complete(a)
}

// Complete fills what is absent and changes nothing that is there, so that
// offsets into the text hold: source from the URL, id from source, canonical
// URL, title and text. It is for filters, which read what was cleaned before.
func Complete(a *events.Article) {
	if a.Source == "" {
		a.Source = Domain(a.URL)
	}
	if a.ID != "" {
		return
	}
	key := a.URL
	if canonical, err := Canonical(a.URL); err == nil {
		key = canonical
	}
	a.ID = events.ArticleID(a.Source, key, a.Title, a.Text)
}

// Lang returns a declared language as BCP 47 writes it: "fr_FR" is "fr-FR",
// "EN" is "en"; "" for what cannot be a tag.
func Lang(declared string) string {
	declared = strings.TrimSpace(declared)
	if i := strings.IndexAny(declared, ",; "); i > 0 {
		declared = declared[:i]
	}
	parts := strings.Split(strings.ReplaceAll(declared, "_", "-"), "-")
	if n := len(parts[0]); n < 2 || n > 3 || len(declared) > events.MaxLang {
		return ""
	}
	for i, part := range parts {
		if !alphanumeric(part) {
			return ""
		}
		switch {
		case i > 0 && len(part) == 2:
			parts[i] = strings.ToUpper(part)
		case i > 0 && len(part) == 4:
			parts[i] = strings.ToUpper(part[:1]) + strings.ToLower(part[1:])
		default:
			parts[i] = strings.ToLower(part)
		}
	}
	return strings.Join(parts, "-")
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		if !unreserved(s[i]) || strings.IndexByte("-._~", s[i]) >= 0 {
			return false
		}
	}
	return s != ""
}

// maxAuthor bounds one author's name, in characters.
const maxAuthor = 128

func names(given []string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, name := range given {
		name = Line(name, maxAuthor)
		if name == "" || seen[name] || len(kept) == events.MaxAuthors {
			continue
		}
		seen[name] = true
		kept = append(kept, name)
	}
	return kept
}
