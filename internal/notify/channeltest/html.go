package channeltest

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// HTML reads s as a browser does: only the given tags, each without attributes
// but an <a> with an http or https href and nothing else. It returns the text as
// it shows.
func HTML(t *testing.T, s string, tags ...string) string {
	t.Helper()
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		switch tok.Type {
		case html.TextToken:
			b.WriteString(tok.Data)
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if !slices.Contains(tags, tok.Data) {
				t.Errorf("a tag %s in %q", tok, s)
			}
			if tok.Data == "br" || tok.Data == "p" || tok.Data == "li" {
				b.WriteByte('\n')
			}
		default:
			t.Errorf("%s in %q", tok, s)
		}
		for _, a := range tok.Attr {
			if tok.Data != "a" || a.Key != "href" || !strings.HasPrefix(a.Val, "http") {
				t.Errorf("an attribute %s=%q in %q", a.Key, a.Val, s)
			}
		}
	}
	return b.String()
}

// Web fails the test for an address that is not plain http or https.
func Web(t *testing.T, url string) {
	t.Helper()
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || strings.ContainsAny(url, " <>\"'\\\n") {
		t.Errorf("a link to %q", url)
	}
}
