package feed

import (
	"html"
	"slices"
	"strings"
)

// document is a tree under construction: what is open, outermost first.
type document struct {
	top   *node
	stack []*node
	items int
	nodes int
}

// node is an element. Names are in lower case; space is the usual short name
// of the namespace ("dc", "media"), "" for the feed's own words.
type node struct {
	space, local string
	raw          string // as written, to match the end tag
	attributes   []attribute
	parts        []part
	spaces       map[string]string // declared here: prefix → short name
}

// part is a text or an element.
type part struct {
	text string
	node *node
}

func newDocument() *document {
	top := &node{}
	return &document{top: top, stack: []*node{top}}
}

func (d *document) last() *node { return d.stack[len(d.stack)-1] }

func (d *document) open() bool { return len(d.stack) > 1 }

// root is the first element.
func (d *document) root() *node {
	for _, p := range d.top.parts {
		if p.node != nil {
			return p.node
		}
	}
	return nil
}

func (d *document) text(s string) {
	if s == "" || len(d.stack) == 1 {
		return
	}
	n := d.last()
	n.parts = append(n.parts, part{text: s})
}

func (d *document) start(name string, attributes []attribute, closed bool) {
	n := &node{raw: name, attributes: attributes}
	n.declare()
	n.space, n.local = d.resolve(name, n)
	if len(d.stack) > maxDepth && !n.isItem() {
		return // its text goes to the deepest element that is kept
	}
	if n.isItem() {
		d.items++
		d.closeItem()
	}
	if n.space == "" && field(n.local) && d.last().space == "" && leaf(d.last().local) {
		d.stack = d.stack[:len(d.stack)-1]
	}
	d.nodes++
	parent := d.last()
	parent.parts = append(parent.parts, part{node: n})
	if !closed && !(n.space == "" && void(n.local)) {
		d.stack = append(d.stack, n)
	}
}

// end closes the innermost open element of that name and all within it. A tag
// that closes nothing is passed over.
func (d *document) end(name string) {
	for i := len(d.stack) - 1; i > 0; i-- {
		if d.stack[i].raw == name {
			d.stack = d.stack[:i]
			return
		}
	}
}

// closeItem closes an item that is still open: items hold no items.
func (d *document) closeItem() {
	for i := len(d.stack) - 1; i > 0; i-- {
		if d.stack[i].isItem() {
			d.stack = d.stack[:i]
			return
		}
	}
}

// finish drops the fields that were open when the text ended: half a title is
// no title.
func (d *document) finish() {
	for i := 1; i < len(d.stack); i++ {
		n, parent := d.stack[i], d.stack[i-1]
		if n.isItem() || slices.Contains(containers, n.local) {
			continue
		}
		parent.parts = slices.DeleteFunc(parent.parts, func(p part) bool { return p.node == n })
		return
	}
}

var containers = []string{"rss", "rdf", "channel", "feed", "urlset", "sitemapindex", "url", "sitemap", "news", "opml", "body", "outline"}

func (n *node) isItem() bool { return n.local == "item" || n.local == "entry" }

// leaf and field are the words of RSS that hold text only, and those that show
// that such a one was not closed.
func leaf(name string) bool {
	switch name {
	case "title", "link", "guid", "pubdate", "category", "comments":
		return true
	}
	return false
}

func field(name string) bool { return leaf(name) || name == "description" || name == "enclosure" }

func void(name string) bool {
	return name == "br" || name == "img" || name == "hr" || name == "wbr"
}

func (n *node) is(space, local string) bool { return n.space == space && n.local == local }

func (n *node) attr(names ...string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attributes {
		if slices.Contains(names, a.name) {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// kids yields the child elements that match, in order. A space of "*" is any.
func (n *node) kids(space, local string) []*node {
	var found []*node
	for _, p := range n.parts {
		if p.node != nil && p.node.local == local && (space == "*" || p.node.space == space) {
			found = append(found, p.node)
		}
	}
	return found
}

// kid is the first child that matches and says something, or nil.
func (n *node) kid(space, local string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.parts {
		if k := p.node; k != nil && k.local == local && k.space == space && (len(k.parts) > 0 || len(k.attributes) > 0) {
			return k
		}
	}
	return nil
}

// value is the text of the first child that matches, trimmed.
func (n *node) value(space, local string) string {
	if k := n.kid(space, local); k != nil {
		return k.words()
	}
	return ""
}

// words is all text within, trimmed.
func (n *node) words() string {
	if n == nil {
		return ""
	}
	if len(n.parts) == 1 && n.parts[0].node == nil {
		return strings.TrimSpace(n.parts[0].text)
	}
	var b strings.Builder
	n.write(&b, func(*strings.Builder, *node, bool) {}, func(s string) string { return s })
	return strings.TrimSpace(b.String())
}

// markup is what is within, as HTML: text that was escaped or in CDATA is HTML
// already; with literal set it is text and is escaped.
func (n *node) markup(literal bool) string {
	if n == nil {
		return ""
	}
	same := func(s string) string { return s }
	if literal {
		same = html.EscapeString
	}
	var b strings.Builder
	n.write(&b, writeTag, same)
	return strings.TrimSpace(b.String())
}

func (n *node) write(b *strings.Builder, tag func(*strings.Builder, *node, bool), text func(string) string) {
	for _, p := range n.parts {
		if p.node == nil {
			b.WriteString(text(p.text))
			continue
		}
		tag(b, p.node, true)
		p.node.write(b, tag, text)
		tag(b, p.node, false)
	}
}

func writeTag(b *strings.Builder, n *node, start bool) {
	switch {
	case !start && void(n.local):
	case !start:
		b.WriteString("</" + n.local + ">")
	default:
		b.WriteString("<" + n.local)
		if href := n.attr("href"); href != "" {
			b.WriteString(` href="` + html.EscapeString(href) + `"`)
		}
		b.WriteString(">")
	}
}
