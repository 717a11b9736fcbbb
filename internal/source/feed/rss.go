package feed

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

// adaptRSS reads RSS 0.90 to 2.0. The items are wherever they stand: within the
// channel, beside it as in RDF, or in a root that lost its beginning.
func adaptRSS(doc *document, base string) Feed {
	f := Feed{Kind: "rss"}
	root := doc.root()
	if root.local == "rdf" {
		f.Kind = "rdf"
	}
	channel := root
	if found := find(doc.top, "channel"); found != nil {
		channel = found
	}
	f.Title = line(channel.kid("", "title").markup(false))
	f.Lang = source.Lang(cmp.Or(channel.value("", "language"), channel.value("dc", "language"), root.attr("xml:lang")))
	f.Home = source.Resolve(base, cmp.Or(channel.value("", "link"), atomLink(channel, "alternate")))
	f.links(channel, cmp.Or(root.attr("xml:base"), base))
	f.pace(channel)
	for _, n := range allItems(doc) {
		f.add(rssItem(&f, n, cmp.Or(root.attr("xml:base"), channel.attr("xml:base"), base, f.Home)), n)
	}
	return f
}

func rssItem(f *Feed, n *node, base string) Item {
	base = cmp.Or(n.attr("xml:base"), base)
	item := Item{
		Title:      line(n.kid("", "title").markup(false)),
		Summary:    n.kid("", "description").markup(false),
		Content:    cmp.Or(n.kid("content", "encoded").markup(false), n.kid("xhtml", "body").markup(true), n.kid("", "content").markup(false)),
		Categories: texts(n, "", "category", "dc", "subject"),
		Lang:       source.Lang(cmp.Or(n.value("", "language"), n.value("dc", "language"), n.attr("xml:lang"), f.Lang)),
		ID:         cmp.Or(n.value("", "guid"), n.attr("rdf:about")),
	}
	if item.Title == "" {
		item.Title = line(cmp.Or(n.value("dc", "title"), n.value("media", "title")))
	}
	item.Summary = cmp.Or(item.Summary, n.value("itunes", "summary"), n.value("media", "description"), n.value("dc", "description"))
	item.Link = rssLink(n, item.ID, base)
	for _, raw := range texts(n, "", "author", "dc", "creator", "itunes", "author") {
		item.Authors = append(item.Authors, byline(raw))
	}
	item.Published = f.date(item.Lang, n.value("", "pubdate"), n.value("dc", "date"), n.value("dcterms", "issued"),
		n.value("dcterms", "created"), n.value("atom", "published"), n.value("", "date"))
	item.Updated = f.date(item.Lang, n.value("dcterms", "modified"), n.value("atom", "updated"))
	for _, e := range append(n.kids("", "enclosure"), n.kids("media", "content")...) {
		item.enclose(source.Resolve(base, e.attr("url")), e.attr("type"), e.attr("length", "filesize"))
	}
	if from := n.kid("", "source"); from != nil {
		item.From = Origin{Title: line(from.words()), URL: source.Resolve(base, from.attr("url"))}
	}
	return item
}

// rssLink is the item's address: the publisher's own before a counting
// service's, then link, then a guid that is an address.
func rssLink(n *node, id, base string) string {
	link := cmp.Or(n.value("feedburner", "origlink"), n.value("", "link"), atomLink(n, "alternate"))
	if resolved := source.Resolve(base, link); resolved != "" {
		return resolved
	}
	guid := n.kid("", "guid")
	if guid != nil && !strings.EqualFold(guid.attr("ispermalink"), "false") || isAddress(id) {
		return source.Resolve("", id)
	}
	return source.Resolve(base, n.attr("rdf:about"))
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// byline takes the name out of "jane@example.org (Jane Doe)" and the like.
func byline(raw string) string {
	raw = line(raw)
	if open := strings.IndexByte(raw, '('); open > 0 && strings.Contains(raw[:open], "@") {
		return strings.TrimSpace(strings.TrimSuffix(raw[open+1:], ")"))
	}
	if open := strings.IndexByte(raw, '<'); open > 0 && strings.Contains(raw[open:], "@") {
		return strings.TrimSpace(raw[:open])
	}
	return raw
}

// pace reads how often the publisher wants to be asked.
func (f *Feed) pace(channel *node) {
	if minutes, err := strconv.Atoi(channel.value("", "ttl")); err == nil && minutes > 0 {
		f.TTL = time.Duration(min(minutes, 7*24*60)) * time.Minute
	}
	if f.TTL == 0 {
		f.TTL = period(channel.value("sy", "updateperiod"), channel.value("sy", "updatefrequency"))
	}
	for _, hour := range channel.kid("", "skiphours").kidsOf("hour") {
		if h, err := strconv.Atoi(hour.words()); err == nil && h >= 0 && h <= 24 && len(f.SkipHours) < 24 {
			f.SkipHours = append(f.SkipHours, h%24)
		}
	}
	for _, day := range channel.kid("", "skipdays").kidsOf("day") {
		for d := time.Sunday; d <= time.Saturday && len(f.SkipDays) < 7; d++ {
			if strings.EqualFold(d.String(), day.words()) {
				f.SkipDays = append(f.SkipDays, d)
			}
		}
	}
}

func period(name, frequency string) time.Duration {
	every := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
		"monthly": 7 * 24 * time.Hour, "yearly": 7 * 24 * time.Hour,
	}[strings.ToLower(name)]
	if n, err := strconv.Atoi(frequency); err == nil && n > 1 {
		every /= time.Duration(n)
	}
	return every.Round(time.Second)
}
