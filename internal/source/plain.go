package source

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxMarkup bounds the tokens of one marked-up summary or body in a feed.
const maxMarkup = 200_000

// PlainText returns the words of a piece of HTML as feeds carry it in titles,
// summaries and bodies: tags gone, entities read, blocks on lines of their own,
// scripts and styles left out. Text without any markup comes back as it is. It
// is not yet bounded: see [Line] and [Paragraphs].
func PlainText(markup string) string {
	if strings.IndexByte(markup, '<') < 0 {
		return html.UnescapeString(markup)
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	hidden, blocks := 0, false
	for range maxMarkup {
		switch z.Next() {
		case html.ErrorToken:
			return unwrap(b.String(), blocks)
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(strings.ReplaceAll(string(z.Text()), "\n", "\r"))
			}
		case html.StartTagToken:
			name := tag(z)
			if unseen(name) {
				hidden++
			}
			blocks = breakLine(&b, name) || blocks
		case html.SelfClosingTagToken:
			blocks = breakLine(&b, tag(z)) || blocks
		case html.EndTagToken:
			name := tag(z)
			if unseen(name) && hidden > 0 {
				hidden--
			}
			blocks = breakLine(&b, name) || blocks
		}
	}
	return unwrap(b.String(), blocks)
}

// unwrap decides what the line breaks of the source, kept as "\r", mean: where
// the markup has blocks they are plain space, else the author's own lines.
func unwrap(s string, blocks bool) string {
	if blocks {
		return strings.ReplaceAll(s, "\r", " ")
	}
	return strings.ReplaceAll(s, "\r", "\n")
}

func tag(z *html.Tokenizer) atom.Atom {
	name, _ := z.TagName()
	return atom.Lookup(name)
}

func unseen(name atom.Atom) bool {
	switch name {
	case atom.Script, atom.Style, atom.Noscript, atom.Iframe, atom.Template, atom.Object, atom.Svg:
		return true
	}
	return false
}

// breakLine starts a new line for a block, and reports whether name is one.
func breakLine(b *strings.Builder, name atom.Atom) bool {
	switch name {
	case atom.P, atom.Br, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Tr, atom.Table, atom.Blockquote, atom.Hr,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section, atom.Article, atom.Figure,
		atom.Figcaption, atom.Pre, atom.Dt, atom.Dd, atom.Dl, atom.Aside, atom.Header, atom.Footer:
		b.WriteByte('\n')
		return true
	case atom.Td, atom.Th:
		b.WriteByte(' ')
	}
	return false
}
