package page

import (
	"net/url"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// A finder finds the element that holds an article's text, nil for none. It may
// change the tree.
type finder interface {
	find(doc *html.Node, address string) *html.Node
}

// mozilla is Mozilla's Readability, in Go.
type mozilla struct{}

// maxCost bounds what Readability may be given: it weighs every block with all
// that is within, so its time is the text times the depth at which it stands. A
// page of a newspaper costs about two million.
const maxCost = 100_000_000

func (mozilla) find(doc *html.Node, address string) *html.Node {
	if cost(doc, 0) > maxCost {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true // see readLinked
	parser.KeepClasses = true   // see prune
	article, err := parser.ParseAndMutate(doc, u)
	if err != nil {
		return nil
	}
	return article.Node
}

// cost is the bytes of text, and a few for each element, times their depth.
func cost(n *html.Node, depth int) int {
	total := 16 * depth
	if n.Type == html.TextNode {
		total += len(n.Data) * depth
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		total += cost(c, depth+1)
	}
	return total
}

// Sizes that decide, in bytes of text: below tiny a text is none; a JSON-LD body
// is taken instead of a tiny text when it has the size of an article.
const (
	tiny  = 100
	ample = 400
)

// bodyOf is what is known of a page when its text is sought.
type bodyOf struct {
	whole   []paragraph // all blocks of the page
	heading int         // where the headline stands among them, -1 for unknown
	title   string
	linked  string // the body as JSON-LD has it
}

// text finds the article's text in the tree, which it changes. What the finder
// finds is cleaned of what stands beside the words, and completed with the lead
// that many pages keep above the text's own element. Where the finder finds
// nothing, the page's densest run of text serves.
func (b bodyOf) text(doc *html.Node, by finder, address string) string {
	var found []paragraph
	if n := by.find(doc, address); n != nil {
		prune(n)
		found = trim(cut(n), b.title)
	}
	if front := b.front(found); front != nil {
		found = front
	}
	if size(found) < tiny {
		if other := trim(region(b.whole[b.heading+1:]), b.title); size(other) > size(found) {
			found = other
		}
	}
	if size(found) < 2*tiny && len(b.linked) > ample {
		return b.linked
	}
	return join(append(b.lead(found), found...))
}

// front returns the article under the headline when what was found stands far
// behind it, with enough prose between to be an article: a page that goes on
// with other articles, or with a long list of sources. Otherwise nil.
func (b bodyOf) front(found []paragraph) []paragraph {
	start := indexOf(b.whole, found)
	if b.heading < 0 || b.whole[b.heading].text != b.title || start-b.heading <= maxLead {
		return nil
	}
	front := trim(region(b.whole[b.heading+1:start]), b.title)
	if len(front) >= 3 && size(front) > 2*ample && size(front)/len(front) > 120 {
		return front
	}
	return nil
}

// maxLead is how far, in blocks, a lead may stand from the text.
const maxLead = 20

// lead returns the running text between the page's heading and what was found.
func (b bodyOf) lead(found []paragraph) []paragraph {
	start := indexOf(b.whole, found)
	if b.heading < 0 || start <= b.heading || start-b.heading > maxLead {
		return nil
	}
	var kept []paragraph
	for _, p := range b.whole[b.heading+1 : start] {
		plain := !p.beside && !p.heading && !p.item
		if plain && len(p.text) >= 60 && p.linked*3 < len(p.text) {
			kept = append(kept, p)
		}
	}
	return trim(kept, b.title)
}

// around returns the short lines about the heading, those behind it first:
// where pages put byline and date.
func around(whole []paragraph, heading int) []string {
	if heading < 0 {
		return nil
	}
	var lines []string
	for _, p := range whole[heading+1 : min(len(whole), heading+maxLead)] {
		lines = appendShort(lines, p)
	}
	for i := heading - 1; i >= max(0, heading-5); i-- {
		lines = appendShort(lines, whole[i])
	}
	return lines
}

func appendShort(lines []string, p paragraph) []string {
	if p.heading || len(p.text) > 120 {
		return lines
	}
	return append(lines, p.text)
}

// headingOf is where the page's heading stands: the title itself, else the
// first main heading, else -1.
func headingOf(whole []paragraph, title string) int {
	first := -1
	for i, p := range whole {
		if p.heading && p.text == title {
			return i
		}
		if first < 0 && p.main {
			first = i
		}
	}
	return first
}

// indexOf is where in the whole page what was found begins, -1 for unknown.
func indexOf(whole, found []paragraph) int {
	for _, f := range found[:min(len(found), 3)] {
		if len(f.text) <= 30 {
			continue
		}
		for i, p := range whole {
			if p.text == f.text {
				return i
			}
		}
	}
	return -1
}
