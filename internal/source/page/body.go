package page

import (
	"net/url"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// body finds the article's text in the tree, which it may change.
func body(doc *html.Node, about linked, title, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	found, err := parser.ParseAndMutate(doc, u)
	if err != nil || found.Node == nil {
		return about.body
	}
	return render(found.Node)
}
