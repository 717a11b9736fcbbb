package feed

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tocsin-news/tocsin/internal/source"
)

// maxAnnounced bounds the feeds taken from one page.
const maxAnnounced = 20

// Announced returns the feeds that an HTML page names in its head by
// <link rel="alternate">, absolute, in the page's order.
func Announced(page []byte, base string) []string {
	var found []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for range maxTokens {
		kind := z.Next()
		if kind == html.ErrorToken || len(found) == maxAnnounced {
			return found
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, hasAttributes := z.TagName()
		switch atom.Lookup(name) {
		case atom.Body:
			return found
		case atom.Link:
			if href := announced(z, hasAttributes); href != "" {
				if address := source.Resolve(base, href); address != "" {
					found = append(found, address)
				}
			}
		}
	}
	return found
}

// announced is the address of a link that is an alternate of a feed's type.
func announced(z *html.Tokenizer, more bool) string {
	var rel, kind, href string
	for n := 0; more && n < maxAttributes; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "rel":
			rel = strings.ToLower(string(value))
		case "type":
			kind = strings.ToLower(string(value))
		case "href":
			href = string(value)
		}
	}
	if !strings.Contains(" "+rel+" ", " alternate ") {
		return ""
	}
	if strings.Contains(kind, "rss") || strings.Contains(kind, "atom") || strings.Contains(kind, "feed+json") {
		return href
	}
	return ""
}
