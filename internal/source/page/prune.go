package page

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// aside are the words by which pages mark, in class or id, what stands beside
// an article: comments, further reading, sharing, subscribing, consent, tags.
var aside = wordSet(`
	comment comments commentlist respond disqus kommentar kommentare commentaires comentarios replies
	related relacionadas relacionados similar recommended recommendations readmore readnext morenews mehrzum
	newsletter subscribe subscription abo paywall piano signup login register
	share sharing sharedaddy social socials addtoany shariff sharebar
	cookie cookies consent gdpr cmp
	breadcrumb breadcrumbs pagination pager nav navigation menu
	ad ads advert advertisement adslot anzeige werbung sponsored promo promotion outbrain taboola affiliate
	tags tagcloud taglist keywords
	mostread popular trending toplist meistgelesen
	authorbox authorbio aboutauthor
	print rating votes poll toolbar tools skip toc`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// prune takes out of the tree what is marked as standing beside the article,
// unless that is a large part of the page: then the mark means something else.
func prune(doc *html.Node) {
	total := length(doc)
	var gone []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && beside(n) && length(n)*5 < total*2 {
			gone = append(gone, n)
		}
	}
	for _, n := range gone {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

func beside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Article, atom.Main, atom.Head, atom.Meta, atom.Link, atom.Script, atom.H1:
		return false
	case atom.Rt, atom.Rp:
		return true
	}
	return marked(attr(n, "class")) || marked(attr(n, "id"))
}

// marked reports whether a list of names holds one of the words of aside, as
// the whole or a part: "article-comments", "shareBar".
func marked(names string) bool {
	if names == "" || len(names) > 1000 {
		return false
	}
	start := 0
	for i := 0; i <= len(names); i++ {
		if i < len(names) && unicode.IsLetter(rune(names[i])) && !(i > start && isUpper(names[i]) && !isUpper(names[i-1])) {
			continue
		}
		if i > start && aside[strings.ToLower(names[start:i])] {
			return true
		}
		start = i
		if i < len(names) && !unicode.IsLetter(rune(names[i])) {
			start = i + 1
		}
	}
	return false
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// length is how much text there is within n, in bytes without space.
func length(n *html.Node) int {
	total := 0
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.DataAtom != atom.Script {
			total += len(strings.TrimSpace(d.Data))
		}
	}
	return total
}
