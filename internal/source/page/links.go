package page

import (
	"fmt"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tocsin-news/tocsin/internal/source"
)

// Link is one link of a page: its absolute address and its words.
type Link struct{ URL, Title string }

// maxLinks bounds the links taken from one page.
const maxLinks = 500

// Links returns the links that a CSS selector chooses, each address once, in
// the page's order. The selector names the links, or elements that hold them. A
// <base> of the page's own site is heeded.
func Links(raw []byte, contentType, address, selector string) ([]Link, error) {
	choose, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil, fmt.Errorf("selector %q: %w (use CSS, such as \"article a\")", selector, err)
	}
	doc, err := parse(raw, contentType)
	if err != nil {
		return nil, err
	}
	base := baseOf(doc, address)
	var links []Link
	seen := map[string]bool{}
	for _, n := range cascadia.QueryAll(doc, choose) {
		for _, a := range anchors(n) {
			found := source.Resolve(base, attr(a, "href"))
			key, err := source.Canonical(found)
			if err != nil || seen[key] || len(links) == maxLinks {
				continue
			}
			seen[key] = true
			links = append(links, Link{URL: found, Title: source.Line(text(a), maxHeading)})
		}
	}
	return links, nil
}

func anchors(n *html.Node) []*html.Node {
	if n.DataAtom == atom.A {
		return []*html.Node{n}
	}
	var found []*html.Node
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			found = append(found, d)
		}
	}
	return found
}

func baseOf(doc *html.Node, address string) string {
	for d := range doc.Descendants() {
		if d.DataAtom != atom.Base || attr(d, "href") == "" {
			continue
		}
		if base := source.Resolve(address, attr(d, "href")); base != "" && source.Domain(base) == source.Domain(address) {
			return base
		}
		break
	}
	return address
}
