package feed

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/source"
)

// Outline is one feed of a reading list.
type Outline struct {
	Title string
	// Feed is the feed's address, Home the page's that it is of.
	Feed, Home string
	// Kind is the type as given: "rss" for feeds of every kind.
	Kind string
	Lang string
	// Folders are the titles of the outlines around it, outermost first.
	Folders []string
}

// ParseOPML reads a list of feeds in OPML 1.0 or 2.0, nested as it may be, each
// feed once. As with [Parse], an error may come with what was read.
func ParseOPML(r io.Reader) ([]Outline, error) {
	text, errSize := read(r, "")
	if len(text) == 0 {
		return nil, errors.Join(ErrEmpty, errSize)
	}
	doc, err := scan(string(text))
	root := doc.root()
	if root == nil || root.local != "opml" && len(root.kids("", "outline")) == 0 {
		return nil, fmt.Errorf("this is not a list of feeds: its root is not opml")
	}
	var outlines []Outline
	seen := map[string]bool{}
	var walk func(n *node, folders []string)
	walk = func(n *node, folders []string) {
		for _, p := range n.parts {
			k := p.node
			if k == nil {
				continue
			}
			if k.local != "outline" {
				walk(k, folders)
				continue
			}
			o := outline(k, folders)
			if o.Feed != "" && !seen[o.Feed] && len(outlines) < MaxItems {
				seen[o.Feed] = true
				outlines = append(outlines, o)
			}
			inner := folders
			if o.Feed == "" && o.Title != "" {
				inner = append(slices.Clone(folders), o.Title)
			}
			walk(k, inner)
		}
	}
	walk(root, nil)
	return outlines, errors.Join(err, errSize)
}

func outline(n *node, folders []string) Outline {
	return Outline{
		Title:   line(cmp.Or(n.attr("title"), n.attr("text"))),
		Feed:    source.Resolve("", cmp.Or(n.attr("xmlurl"), n.attr("feedurl"))),
		Home:    source.Resolve("", n.attr("htmlurl")),
		Kind:    strings.ToLower(n.attr("type")),
		Lang:    source.Lang(n.attr("language")),
		Folders: folders,
	}
}

type opml struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Title   string        `xml:"head>title"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	XMLURL   string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string        `xml:"htmlUrl,attr,omitempty"`
	Language string        `xml:"language,attr,omitempty"`
	Outlines []opmlOutline `xml:"outline"`
}

// WriteOPML writes a list of feeds as OPML 2.0. Feeds keep their order; those
// of one folder stand together where its first stands.
func WriteOPML(w io.Writer, title string, outlines []Outline) error {
	doc := opml{Version: "2.0", Title: title}
	for _, o := range outlines {
		level := &doc.Body
		for _, folder := range o.Folders {
			level = inFolder(level, folder)
		}
		*level = append(*level, opmlOutline{
			Text: cmp.Or(o.Title, o.Feed), Title: o.Title, Type: cmp.Or(o.Kind, "rss"),
			XMLURL: o.Feed, HTMLURL: o.Home, Language: o.Lang,
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func inFolder(level *[]opmlOutline, title string) *[]opmlOutline {
	for i, o := range *level {
		if o.XMLURL == "" && o.Text == title {
			return &(*level)[i].Outlines
		}
	}
	*level = append(*level, opmlOutline{Text: title})
	return &(*level)[len(*level)-1].Outlines
}
