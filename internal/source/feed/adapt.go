package feed

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// What the adapters share: small questions to the tree.

// maxList bounds authors, categories and enclosures of one item.
const maxList = 64

// allItems finds the items in the order of the text, wherever they stand.
func allItems(doc *document) []*node {
	var found []*node
	var walk func(n *node)
	walk = func(n *node) {
		for _, p := range n.parts {
			switch {
			case p.node == nil:
			case p.node.isItem():
				if len(found) < MaxItems {
					found = append(found, p.node)
				}
			default:
				walk(p.node)
			}
		}
	}
	walk(doc.top)
	return found
}

// find returns the first element of that name, depth first.
func find(n *node, local string) *node {
	for _, p := range n.parts {
		if p.node == nil {
			continue
		}
		if p.node.local == local {
			return p.node
		}
		if found := find(p.node, local); found != nil {
			return found
		}
	}
	return nil
}

func (n *node) kidsOf(local string) []*node {
	if n == nil {
		return nil
	}
	return n.kids("*", local)
}

// atomKid and atomKids look for Atom's words with its namespace or none.
func atomKid(n *node, local string) *node {
	if n == nil {
		return nil
	}
	return cmp.Or(n.kid("atom", local), n.kid("", local))
}

func atomKids(n *node, local string) []*node {
	return append(n.kids("atom", local), n.kids("", local)...)
}

// atomLink is the address in the first link with that relation; for
// "alternate" one to a page before others. A link without a relation is an
// alternate. An address written as the element's text is taken too.
func atomLink(n *node, rel string) string {
	found := ""
	for _, link := range atomKids(n, "link") {
		href := cmp.Or(link.attr("href"), link.words())
		if !strings.EqualFold(cmp.Or(link.attr("rel"), "alternate"), rel) || href == "" {
			continue
		}
		if kind := link.attr("type"); rel != "alternate" || kind == "" || strings.Contains(kind, "html") {
			return href
		}
		found = cmp.Or(found, href)
	}
	return found
}

// entryLink is the address of an entry: its alternate, else what it relates to,
// else its own.
func entryLink(n *node) string {
	return cmp.Or(atomLink(n, "alternate"), atomLink(n, "related"), atomLink(n, "via"), atomLink(n, "self"))
}

func (f *Feed) links(n *node, base string) {
	f.Self = source.Resolve(base, atomLink(n, "self"))
	f.Next = source.Resolve(base, atomLink(n, "next"))
	f.Hub = source.Resolve(base, atomLink(n, "hub"))
}

// texts collects the texts of all children of the given (space, word) pairs.
func texts(n *node, pairs ...string) []string {
	var found []string
	for i := 0; i < len(pairs); i += 2 {
		for _, k := range n.kids(pairs[i], pairs[i+1]) {
			if s := k.words(); s != "" && len(found) < maxList {
				found = append(found, s)
			}
		}
	}
	return found
}

// date reads the first that is given and readable, and notes those that are not.
func (f *Feed) date(lang string, given ...string) time.Time {
	for _, s := range given {
		if s == "" {
			continue
		}
		if at, ok := source.Date(s, lang); ok {
			return at
		}
		f.note("date not read: %.60q", s)
	}
	return time.Time{}
}

// add keeps an item unless its element says nothing at all. One that has no
// more than, say, a picture for its title is kept too: whether it is worth
// anything is for others to decide, and to count.
func (f *Feed) add(item Item, n *node) {
	if item.ID == "" && n.silent() {
		f.note("item %d is empty", len(f.Items)+1)
		return
	}
	f.Items = append(f.Items, item)
}

// silent reports whether an element has neither text nor attributes within.
func (n *node) silent() bool {
	for _, p := range n.parts {
		if strings.TrimSpace(p.text) != "" {
			return false
		}
		if p.node != nil && (len(p.node.attributes) > 0 || !p.node.silent()) {
			return false
		}
	}
	return true
}

func (i *Item) enclose(url, kind, length string) {
	if url == "" || len(i.Enclosures) == maxList {
		return
	}
	n, _ := strconv.ParseInt(length, 10, 64)
	i.Enclosures = append(i.Enclosures, Enclosure{URL: url, Type: kind, Length: max(n, 0)})
}

// line is marked-up text as one line.
func line(markup string) string { return source.Line(source.PlainText(markup), events.MaxTitle) }

// listed parts a list with commas.
func listed(s string) []string {
	var found []string
	for _, word := range strings.Split(s, ",") {
		if word = line(word); word != "" && len(found) < maxList {
			found = append(found, word)
		}
	}
	return found
}
