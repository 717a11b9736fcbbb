package feed_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

func parse(t *testing.T, s string) feed.Feed {
	t.Helper()
	f, err := feed.Parse(strings.NewReader(s), "", "https://example.org/feed")
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return f
}

func TestRSS(t *testing.T) {
	got := parse(t, `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>Example &amp; Co</title><link>https://example.org/</link><language>fr-fr</language><ttl>15</ttl>
  <atom:link rel="self" href="/feed"/><atom:link rel="hub" href="https://hub.example.net/"/>
  <atom:link rel="next" href="/feed?page=2"/>
  <skipHours><hour>2</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
  <item>
    <title>Un missile <![CDATA[& un <b>drone</b>]]></title>
    <link>/a?utm_source=rss</link><guid isPermaLink="false">urn:7</guid>
    <description>&lt;p&gt;Le résumé.&lt;/p&gt;</description>
    <content:encoded><![CDATA[<p>Le texte, bien plus long.</p><p>Sa suite.</p>]]></content:encoded>
    <dc:creator>Jeanne Exemple</dc:creator><author>desk@example.org (Jean Exemple)</author>
    <pubDate>ven., 22 nov. 2024 10:00:00 +0100</pubDate>
    <category>Monde</category><category>Défense</category>
    <enclosure url="/a.mp3" type="audio/mpeg" length="1234"/>
    <source url="https://other.example/feed">Other</source>
  </item>
</channel></rss>`)
	want := feed.Feed{
		Kind: "rss", Title: "Example & Co", Home: "https://example.org/", Self: "https://example.org/feed",
		Next: "https://example.org/feed?page=2", Hub: "https://hub.example.net/", Lang: "fr-FR",
		TTL: 15 * time.Minute, SkipHours: []int{2, 0}, SkipDays: []time.Weekday{time.Sunday},
		Items: []feed.Item{{
			Title: "Un missile & un drone", Link: "https://example.org/a?utm_source=rss", ID: "urn:7",
			Summary: "<p>Le résumé.</p>", Content: "<p>Le texte, bien plus long.</p><p>Sa suite.</p>",
			Authors:   []string{"Jean Exemple", "Jeanne Exemple"},
			Published: time.Date(2024, 11, 22, 9, 0, 0, 0, time.UTC), Lang: "fr-FR",
			Categories: []string{"Monde", "Défense"},
			Enclosures: []feed.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 1234}},
			From:       feed.Origin{Title: "Other", URL: "https://other.example/feed"},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if got := got.Items[0].Text(); got != "Le texte, bien plus long.\nSa suite." {
		t.Errorf("text is %q", got)
	}
}

func TestRDF(t *testing.T) {
	f := parse(t, `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://example.org/"><title>Example</title><link>https://example.org/</link>
<items><rdf:Seq><rdf:li resource="https://example.org/1"/></rdf:Seq></items></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link><dc:date>2024-11-22T10:00:00Z</dc:date></item>
<item rdf:about="https://example.org/2"><title>Two</title></item></rdf:RDF>`)
	if f.Kind != "rdf" || f.Title != "Example" || len(f.Items) != 2 {
		t.Fatalf("got %+v", f)
	}
	if f.Items[0].Published.IsZero() || f.Items[1].Link != "https://example.org/2" {
		t.Fatalf("got %+v", f.Items)
	}
}

func TestAtom(t *testing.T) {
	f := parse(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB" xml:base="https://example.org/news/">
<title type="html">News &amp;amp; more</title><link href="/"/><link rel="self" href="atom.xml"/><author><name>The Desk</name></author>
<entry><title>One</title><id>tag:example.org,2024:1</id><link rel="enclosure" href="1.mp3"/><link href="1.html"/>
  <published>2024-11-22T10:00:00+01:00</published><updated>2024-11-22T11:00:00Z</updated>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Less &lt; more.</p><p>Second.</p></div></content>
  <category term="a" label="Alpha"/></entry>
<entry><title>Two</title><link rel="alternate" type="application/json" href="2.json"/><link rel="alternate" type="text/html" href="2.html"/>
  <author><name>Jane Doe</name></author><summary>Short.</summary></entry></feed>`)
	if f.Kind != "atom" || f.Title != "News & more" || f.Home != "https://example.org/" || f.Self != "https://example.org/news/atom.xml" || f.Lang != "en-GB" {
		t.Fatalf("got %+v", f)
	}
	one, two := f.Items[0], f.Items[1]
	if one.Link != "https://example.org/news/1.html" || one.Text() != "Less < more.\nSecond." || one.Authors[0] != "The Desk" ||
		one.Published.Hour() != 9 || one.Updated.Hour() != 11 || one.Categories[0] != "Alpha" || len(one.Enclosures) != 1 {
		t.Errorf("first entry: %+v", one)
	}
	if two.Link != "https://example.org/news/2.html" || two.Authors[0] != "Jane Doe" || two.Text() != "Short." {
		t.Errorf("second entry: %+v", two)
	}
}

func TestJSONFeed(t *testing.T) {
	f := parse(t, `{"version":"https://jsonfeed.org/version/1.1","title":"A & B","home_page_url":"https://example.org/","feed_url":"/feed.json",
"next_url":"/feed.json?2","language":"de","unknown":{"a":[1,2]},
"items":[{"id":7,"url":"/7","title":"Sieben <8>","content_html":"<p>Eins</p>","date_published":"2024-11-22T10:00:00Z",
"authors":[{"name":"Jane Doe"}],"tags":["a"],"attachments":[{"url":"/7.mp3","mime_type":"audio/mpeg","size_in_bytes":12}]},
{"id":"https://example.org/8","content_text":"3 < 4"}]}`)
	if f.Kind != "json" || f.Title != "A & B" || f.Self != "https://example.org/feed.json" || f.Next == "" || f.Lang != "de" || len(f.Items) != 2 {
		t.Fatalf("got %+v", f)
	}
	seven, eight := f.Items[0], f.Items[1]
	if seven.ID != "7" || seven.Link != "https://example.org/7" || seven.Title != "Sieben <8>" || seven.Text() != "Eins" || seven.Enclosures[0].Length != 12 {
		t.Errorf("first item: %+v", seven)
	}
	if eight.Link != "https://example.org/8" || eight.Text() != "3 < 4" {
		t.Errorf("second item: %+v", eight)
	}
}

func TestAnUnreadableDateIsNotedNotInvented(t *testing.T) {
	f := parse(t, `<rss><channel><item><title>a</title><pubDate>the day before yesterday</pubDate></item></channel></rss>`)
	if !f.Items[0].Published.IsZero() || len(f.Notes) != 1 {
		t.Fatalf("got %+v", f)
	}
}

func TestWhatIsNoFeedIsNamed(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"a page that announces its feed": {
			`<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body>Hello</body></html>`,
			"this is an HTML page, not a feed; its feed may be at https://example.org/rss.xml",
		},
		"a page that does not": {`<html><body><p>Hello</p></body></html>`, "this is an HTML page, not a feed; give the address of its RSS, Atom or JSON feed"},
		"a sitemap":            {`<urlset><url><loc>https://example.org/a</loc></url></urlset>`, "this is a sitemap, not a feed; give the address of its RSS, Atom or JSON feed"},
		"plain text":           {"Hello, world", "this is an unknown document, not a feed; give the address of its RSS, Atom or JSON feed"},
		"other JSON":           {`{"error":"not found"}`, "this is a JSON document of another kind, not a feed; give the address of its RSS, Atom or JSON feed"},
		"nothing":              {" \n ", "the feed is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := feed.Parse(strings.NewReader(tc.in), "", "https://example.org/")
			if err == nil || err.Error() != tc.want {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
		})
	}
	var notFeed *feed.NotFeedError
	if _, err := feed.Parse(strings.NewReader("<html>"), "", ""); !errors.As(err, &notFeed) {
		t.Fatalf("got %v", err)
	}
}

func TestArticlesAreBareAndClean(t *testing.T) {
	articles, err := feed.Articles(strings.NewReader(`<rss><channel><link>https://www.example.org/</link><language>fr</language>
<item><title>Un</title><link>https://news.example.com/1?utm_medium=rss#x</link><description>Texte</description></item>
<item><title>Deux</title><guid isPermaLink="false">2</guid></item></channel></rss>`), "", "", "")
	if err != nil || len(articles) != 2 {
		t.Fatalf("got %v, %v", articles, err)
	}
	one, two := articles[0], articles[1]
	if one.Source != "example.com" || one.URL != "https://news.example.com/1" || one.Text != "Texte" || one.Lang != "fr" {
		t.Errorf("got %+v", one)
	}
	if two.Source != "example.org" || two.ID == "" || two.ID == one.ID {
		t.Errorf("got %+v", two)
	}
	for _, a := range articles {
		if err := a.Validate(); err != nil {
			t.Error(err)
		}
	}
}
