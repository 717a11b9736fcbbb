package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// paragraph is one block of running text, and what it was on the page.
type paragraph struct {
	text    string // one line
	linked  int    // bytes of text within links
	heading bool
	main    bool // the heading is a first-level one
	caption bool
	item    bool // of a list
	beside  bool // marked as standing beside the article
}

// cut parts the text within n into its blocks.
func cut(n *html.Node) []paragraph {
	c := cutter{}
	c.walk(n, paragraph{}, false)
	c.flush(paragraph{})
	return c.done
}

type cutter struct {
	done   []paragraph
	text   strings.Builder
	linked int
}

func (c *cutter) walk(n *html.Node, within paragraph, link bool) {
	if n.Type == html.TextNode {
		c.text.WriteString(n.Data)
		if link {
			c.linked += len(strings.TrimSpace(n.Data))
		}
		return
	}
	tag := tagOf(n)
	if unseen(tag) {
		return
	}
	outer, inner := within, within.in(n, tag)
	own := block(tag)
	if own {
		c.flush(outer)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child, inner, link || tag == atom.A)
	}
	if own {
		c.flush(inner)
	}
	if tag == atom.Td || tag == atom.Th {
		c.text.WriteByte(' ')
	}
}

// in is what a block is when it stands within n.
func (p paragraph) in(n *html.Node, tag atom.Atom) paragraph {
	switch tag {
	case atom.H1:
		p.heading, p.main = true, true
	case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.heading = true
	case atom.Figcaption:
		p.caption = true
	case atom.Li:
		p.item = true
	}
	p.beside = p.beside || beside(n)
	return p
}

// flush ends the block at hand.
func (c *cutter) flush(p paragraph) {
	p.text, p.linked = strings.Join(strings.Fields(c.text.String()), " "), c.linked
	c.text.Reset()
	c.linked = 0
	if p.text != "" {
		c.done = append(c.done, p)
	}
}

// tagOf is the element's kind by its name: Readability renames elements and
// leaves the atom as it was.
func tagOf(n *html.Node) atom.Atom {
	if n.Type != html.ElementNode {
		return 0
	}
	return atom.Lookup([]byte(n.Data))
}

func unseen(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Button, atom.Form:
		return true
	}
	return false
}

func block(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Br, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Tr, atom.Table, atom.Blockquote, atom.Hr,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section, atom.Article, atom.Figure,
		atom.Figcaption, atom.Pre, atom.Dt, atom.Dd, atom.Dl, atom.Aside, atom.Header, atom.Footer, atom.Main,
		atom.Address, atom.Details, atom.Summary, atom.Nav, atom.Form, atom.Fieldset:
		return true
	}
	return false
}

func size(all []paragraph) int {
	n := 0
	for _, p := range all {
		n += len(p.text)
	}
	return n
}

func join(all []paragraph) string {
	var b strings.Builder
	for _, p := range all {
		b.WriteString(p.text)
		b.WriteByte('\n')
	}
	return b.String()
}
