package page

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tocsin-news/tocsin/internal/source"
)

// parse makes a tree of a page. What goes into the parser has passed [sift], so
// that no page can make the parser slow.
func parse(raw []byte, contentType string) (*html.Node, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, ErrEmpty
	}
	if kind := http.DetectContentType(raw); !strings.HasPrefix(kind, "text/") && !looksTagged(raw) {
		return nil, fmt.Errorf("%w: it looks like %s", ErrNotHTML, kind)
	}
	text, _ := source.UTF8(raw[:min(len(raw), MaxBytes)], contentType)
	doc, err := html.Parse(bytes.NewReader(sift(text)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBounds, err)
	}
	strip(doc)
	return doc, nil
}

// strip takes out of the tree what shows no text of an article.
func strip(doc *html.Node) {
	var gone []*html.Node
	for n := range doc.Descendants() {
		switch n.DataAtom {
		case atom.Svg, atom.Math, atom.Object, atom.Embed, atom.Canvas, atom.Audio, atom.Video, atom.Map,
			atom.Select, atom.Template, atom.Applet, atom.Rt, atom.Rp:
			gone = append(gone, n)
		}
	}
	for _, n := range gone {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

func looksTagged(raw []byte) bool {
	head := bytes.ToLower(raw[:min(len(raw), 4096)])
	head = bytes.ReplaceAll(head, []byte{0}, nil)
	return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<head")) ||
		bytes.Contains(head, []byte("<body")) || bytes.Contains(head, []byte("<!doctype html"))
}

// sift copies the page's tokens, without those that hold no text of an article
// (scripts but JSON-LD, styles, comments, drawings, frames), without those that
// only make letters bold, and without what is nested too deep or comes after
// too many. The formatting elements must go: a parser opens all of them again
// in every block, which is how a small page becomes a huge tree.
func sift(text []byte) []byte {
	s := sifter{z: html.NewTokenizer(bytes.NewReader(text))}
	s.out.Grow(len(text))
	for range maxTokens {
		if !s.next() {
			break
		}
	}
	return s.out.Bytes()
}

type sifter struct {
	z     *html.Tokenizer
	out   bytes.Buffer
	depth int
	// raw is the element whose raw text is at hand and is dropped, 0 for none.
	raw atom.Atom
}

func (s *sifter) next() bool {
	switch s.z.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if s.raw == 0 {
			s.out.Write(s.z.Raw())
		}
	case html.DoctypeToken:
		s.out.Write(s.z.Raw())
	case html.StartTagToken:
		s.start(false)
	case html.SelfClosingTagToken:
		s.start(true)
	case html.EndTagToken:
		s.end()
	}
	return true
}

func (s *sifter) start(closed bool) {
	raw := s.z.Raw()
	name, attributes := s.z.TagName()
	tag := atom.Lookup(name)
	s.raw = 0
	if rawText(tag) && !(tag == atom.Script && attributes && bytes.Contains(raw, []byte("ld+json"))) {
		s.raw = tag
		return
	}
	if formatting(tag) || len(raw) > maxTag {
		return
	}
	if nests(tag) && !closed {
		s.depth++
	}
	if s.depth <= maxDepth || !nests(tag) {
		s.out.Write(raw)
	}
}

// maxTag bounds one tag with its attributes, in bytes.
const maxTag = 64 << 10

func (s *sifter) end() {
	raw := s.z.Raw()
	name, _ := s.z.TagName()
	tag := atom.Lookup(name)
	dropped := s.raw
	s.raw = 0
	if formatting(tag) || tag != 0 && tag == dropped {
		return
	}
	within := s.depth <= maxDepth || !nests(tag)
	if nests(tag) && s.depth > 0 {
		s.depth--
	}
	if within {
		s.out.Write(raw)
	}
}

// rawText are the elements whose content the tokenizer gives as one text, and
// which hold none of an article. Of others an end tag may be missing, and all
// behind would be lost with them: the tree knows better where they end.
func rawText(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Iframe, atom.Noembed, atom.Noframes, atom.Textarea, atom.Xmp:
		return true
	}
	return false
}

func formatting(tag atom.Atom) bool {
	switch tag {
	case atom.B, atom.I, atom.Em, atom.Strong, atom.U, atom.S, atom.Font, atom.Big, atom.Small, atom.Tt,
		atom.Nobr, atom.Strike, atom.Code:
		return true
	}
	return false
}

// nests reports whether an element stays open until it is closed: all but the
// void ones and those that their like or their parent closes.
func nests(tag atom.Atom) bool {
	switch tag {
	case atom.Br, atom.Img, atom.Hr, atom.Input, atom.Meta, atom.Link, atom.Wbr, atom.Source, atom.Track,
		atom.Area, atom.Base, atom.Col, atom.Param, atom.P, atom.Option, atom.A:
		return false
	}
	return true
}
