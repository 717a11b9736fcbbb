package page

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tocsin-news/tocsin/internal/source"
)

// head is what a page says of itself outside its text: metas by name, property
// and itemprop in lower case, JSON-LD blocks, and the few elements that carry
// title, byline and date.
type head struct {
	metas     map[string][]string
	linked    []string
	lang      string
	title     string   // <title>
	headings  []string // of the first level
	lesser    []string // of the second and third
	domain    string   // of the page's address
	canonical string
	bylines   []string // text of elements that are marked as the author's name
	times     []string // datetime of <time>, those marked as publication first
	marked    []string // text of elements whose class says date
}

// Bounds of what is kept of each.
const (
	maxKept    = 32
	maxByline  = 200
	maxHeading = 1000
)

func (h *head) meta(names ...string) string {
	for _, name := range names {
		for _, v := range h.metas[name] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

func readHead(doc *html.Node, address string) *head {
	h := &head{metas: map[string][]string{}, domain: source.Domain(address)}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			h.element(n)
		}
	}
	return h
}

func (h *head) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		h.lang = cmp.Or(attr(n, "lang"), attr(n, "xml:lang"))
	case atom.Title:
		h.title = cmp.Or(h.title, source.Line(text(n), maxHeading))
	case atom.Meta:
		h.addMeta(n)
	case atom.Link:
		if h.canonical == "" && hasWord(attr(n, "rel"), "canonical") {
			h.canonical = attr(n, "href")
		}
	case atom.Script:
		if len(h.linked) < maxKept {
			h.linked = append(h.linked, text(n))
		}
	case atom.H1, atom.H2, atom.H3:
		h.addHeading(n)
	case atom.Time:
		h.addTime(n)
	}
	h.addMarked(n)
}

func (h *head) addMeta(n *html.Node) {
	value := strings.TrimSpace(attr(n, "content"))
	if value == "" {
		return
	}
	for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
		name := strings.ToLower(strings.TrimSpace(attr(n, key)))
		if name != "" && len(h.metas[name]) < maxKept && len(h.metas) < 1000 {
			h.metas[name] = append(h.metas[name], value)
		}
	}
}

func (h *head) addHeading(n *html.Node) {
	s := source.Line(text(n), maxHeading)
	switch {
	case s == "":
	case n.DataAtom == atom.H1 && len(h.headings) < maxKept:
		h.headings = append(h.headings, s)
	case n.DataAtom != atom.H1 && len(h.lesser) < maxKept:
		h.lesser = append(h.lesser, s)
	}
}

func (h *head) addTime(n *html.Node) {
	value := cmp.Or(attr(n, "datetime"), source.Line(text(n), maxByline))
	if value == "" || len(h.times) >= maxKept {
		return
	}
	mark := strings.ToLower(attr(n, "itemprop") + " " + attr(n, "class") + " " + attr(n, "pubdate"))
	if hasAttr(n, "pubdate") || strings.Contains(mark, "publish") || strings.Contains(mark, "entry-date") {
		h.times = append([]string{value}, h.times...)
		return
	}
	h.times = append(h.times, value)
}

// addMarked keeps the text of elements that say by class, rel or itemprop that
// they hold the author or the date.
func (h *head) addMarked(n *html.Node) {
	marks := strings.ToLower(attr(n, "class") + " " + attr(n, "id") + " " + attr(n, "itemprop") + " " + attr(n, "rel"))
	if len(marks) < 4 || strings.Contains(marks, "comment") {
		return
	}
	if len(h.bylines) < maxKept && holds(marks, authorMarks) && !inComments(n) {
		if s := source.Line(text(n), maxByline+1); s != "" && len(s) <= maxByline {
			h.bylines = append(h.bylines, s)
		}
	}
	if len(h.marked) < maxKept && holds(marks, dateMarks) && !inComments(n) {
		s := cmp.Or(attr(n, "content"), attr(n, "datetime"), source.Line(text(n), maxByline+1))
		if s != "" && len(s) <= maxByline {
			h.marked = append(h.marked, s)
		}
	}
}

var (
	authorMarks = []string{"author", "byline", "autor", "auteur", "writer", "vcard", "redakt"}
	dateMarks   = []string{"date", "time", "publish", "datum", "fecha"}
)

// inComments reports whether an element stands within readers' comments.
func inComments(n *html.Node) bool {
	for depth := 0; n != nil && depth < 12; n, depth = n.Parent, depth+1 {
		for _, word := range strings.Fields(strings.ToLower(attr(n, "class") + " " + attr(n, "id"))) {
			switch word {
			case "comments", "comment", "commentlist", "comment-list", "comment-respond", "comment-form", "comments-area", "respond", "kommentare":
				return true
			}
		}
	}
	return false
}

func canonical(h *head, address string) string {
	for _, given := range []string{h.canonical, h.meta("og:url")} {
		found := source.Resolve(address, given)
		if found == "" {
			continue
		}
		if address == "" || source.Domain(found) == source.Domain(address) {
			return found
		}
	}
	return ""
}
