package feed

import (
	"cmp"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/source"
)

// adaptAtom reads Atom 1.0 (RFC 4287) and 0.3, with or without its namespace.
func adaptAtom(doc *document, base string) Feed {
	root := doc.root()
	f := Feed{Kind: "atom", Title: line(construct(atomKid(root, "title")))}
	f.Lang = source.Lang(cmp.Or(root.attr("xml:lang", "lang"), root.value("dc", "language")))
	base = rebase(base, root)
	f.Home = source.Resolve(base, atomLink(root, "alternate"))
	f.links(root, base)
	f.pace(root)
	for _, n := range allItems(doc) {
		f.add(atomEntry(&f, root, n, base), n)
	}
	return f
}

func atomEntry(f *Feed, root, n *node, base string) Item {
	base = rebase(base, n)
	from := atomKid(n, "source")
	content := atomKid(n, "content")
	item := Item{
		Title:      line(construct(atomKid(n, "title"))),
		ID:         atomKid(n, "id").words(),
		Summary:    construct(cmp.Or(atomKid(n, "summary"), atomKid(n, "tagline"))),
		Content:    construct(content),
		Categories: atomCategories(n),
		Lang:       source.Lang(cmp.Or(n.attr("xml:lang", "lang"), n.value("dc", "language"), f.Lang)),
	}
	item.Title = cmp.Or(item.Title, line(n.value("dc", "title")), line(n.value("media", "title")))
	item.Summary = cmp.Or(item.Summary, n.kid("media", "group").value("media", "description"))
	item.Link = source.Resolve(cmp.Or(base, f.Home), cmp.Or(n.value("feedburner", "origlink"), entryLink(n)))
	if item.Link == "" && isAddress(item.ID) {
		item.Link = source.Resolve("", item.ID)
	}
	if item.Link == "" {
		item.Link = source.Resolve(base, content.attr("src"))
	}
	item.Authors = atomAuthors(n, from, root)
	item.Published = f.date(item.Lang, atomKid(n, "published").words(), atomKid(n, "issued").words(),
		atomKid(n, "created").words(), n.value("dc", "date"), n.value("", "pubdate"))
	item.Updated = f.date(item.Lang, atomKid(n, "updated").words(), atomKid(n, "modified").words())
	for _, link := range atomKids(n, "link") {
		if link.attr("rel") == "enclosure" {
			item.enclose(source.Resolve(base, link.attr("href")), link.attr("type"), link.attr("length"))
		}
	}
	if from != nil {
		item.From = Origin{Title: line(construct(atomKid(from, "title"))), URL: source.Resolve(base, atomLink(from, "alternate"))}
	}
	return item
}

// construct returns a text construct or content as HTML, by its type: "text",
// "html", "xhtml", or Atom 0.3's media types and modes. A text that shows tags
// or entities although it claims to be plain was escaped once too often, and is
// taken as HTML; publishers do that more often than they write about markup.
func construct(n *node) string {
	if n == nil {
		return ""
	}
	kind := strings.ToLower(n.attr("type"))
	switch {
	case strings.EqualFold(n.attr("mode"), "base64"), binary(kind):
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.words()), ""))
		if err != nil || !utf8.Valid(decoded) {
			return ""
		}
		return string(decoded)
	case kind == "xhtml", strings.HasPrefix(kind, "application/xhtml"), strings.EqualFold(n.attr("mode"), "xml") && kind != "text/plain":
		return n.markup(true)
	}
	return n.markup(false)
}

// binary reports a media type whose content is in base64 (RFC 4287, 4.1.3.3):
// any but text and XML.
func binary(kind string) bool {
	return strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "xml") && !strings.Contains(kind, "html")
}

func atomAuthors(n, from, root *node) []string {
	for _, at := range []*node{n, from, root} {
		if at == nil {
			continue
		}
		var authors []string
		for _, author := range atomKids(at, "author") {
			if name := line(authorName(author)); name != "" {
				authors = append(authors, name)
			}
		}
		for _, name := range texts(at, "dc", "creator") {
			authors = append(authors, line(name))
		}
		if len(authors) > 0 {
			return authors
		}
	}
	return nil
}

// authorName is the name within, or the text of an author without elements. An
// e-mail address or a page is no name.
func authorName(author *node) string {
	if name := atomKid(author, "name"); name != nil {
		return name.words()
	}
	if name := byline(author.words()); !strings.ContainsAny(name, "@/") {
		return name
	}
	return ""
}

func atomCategories(n *node) []string {
	var found []string
	for _, c := range atomKids(n, "category") {
		if label := line(cmp.Or(c.attr("label"), c.attr("term"), c.words())); label != "" && len(found) < maxList {
			found = append(found, label)
		}
	}
	return append(found, texts(n, "dc", "subject")...)
}

func rebase(base string, n *node) string {
	if own := n.attr("xml:base"); own != "" {
		return cmp.Or(source.Resolve(base, own), base)
	}
	return base
}
