package feed

import "strings"

// shortNames are the namespaces that feeds use, without scheme and trailing
// marks, by the prefix they are known by. Those of RSS itself are "".
var shortNames = map[string]string{
	"purl.org/rss/1.0":                        "",
	"my.netscape.com/rdf/simple/0.9":          "",
	"channel.netscape.com/rdf/simple/0.9":     "",
	"backend.userland.com/rss2":               "",
	"backend.userland.com/rss":                "",
	"blogs.law.harvard.edu/tech/rss":          "",
	"www.w3.org/2005/atom":                    "atom",
	"purl.org/atom/ns":                        "atom",
	"purl.org/dc/elements/1.1":                "dc",
	"purl.org/dc/elements/1.0":                "dc",
	"purl.org/dc/terms":                       "dcterms",
	"purl.org/rss/1.0/modules/content":        "content",
	"purl.org/rss/1.0/modules/syndication":    "sy",
	"purl.org/rss/1.0/modules/slash":          "slash",
	"www.w3.org/1999/02/22-rdf-syntax-ns":     "rdf",
	"www.w3.org/1999/xhtml":                   "xhtml",
	"www.w3.org/xml/1998/namespace":           "xml",
	"search.yahoo.com/mrss":                   "media",
	"www.itunes.com/dtds/podcast-1.0.dtd":     "itunes",
	"rssnamespace.org/feedburner/ext/1.0":     "feedburner",
	"www.sitemaps.org/schemas/sitemap/0.9":    "sm",
	"www.google.com/schemas/sitemap/0.84":     "sm",
	"www.google.com/schemas/sitemap-news/0.9": "news",
	"purl.org/syndication/history/1.0":        "fh",
}

// declare notes the namespaces that n declares.
func (n *node) declare() {
	for _, a := range n.attributes {
		prefix, ok := strings.CutPrefix(a.name, "xmlns")
		if !ok || prefix != "" && prefix[0] != ':' {
			continue
		}
		if n.spaces == nil {
			n.spaces = map[string]string{}
		}
		prefix = strings.TrimPrefix(prefix, ":")
		n.spaces[prefix] = shortName(prefix, a.value)
	}
}

// shortName is the known name of an address; of an unknown one, the prefix.
func shortName(prefix, address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	if _, after, ok := strings.Cut(address, "://"); ok {
		address = after
	}
	if short, ok := shortNames[strings.TrimRight(address, "/#")]; ok {
		return short
	}
	return prefix
}

// resolve parts a name into namespace and word. A prefix that nobody declared
// is taken for what it is usually called.
func (d *document) resolve(name string, n *node) (space, local string) {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		prefix, local = "", name
	}
	if short, ok := n.spaces[prefix]; ok {
		return short, local
	}
	for i := len(d.stack) - 1; i > 0; i-- {
		if d.stack[i].spaces == nil {
			continue
		}
		if short, ok := d.stack[i].spaces[prefix]; ok {
			return short, local
		}
	}
	return prefix, local
}
