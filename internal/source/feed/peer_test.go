package feed_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/source/feed"
)

// sample is a well-formed feed of n items, such as a newspaper's.
func sample(kind string, n int) string {
	var b strings.Builder
	open, one, end := `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example</title><link>https://example.org/</link>`,
		`<item><title>Minister &amp; general meet, no %[1]d</title><link>https://example.org/%[1]d</link><guid>https://example.org/%[1]d</guid><description>&lt;p&gt;They spoke of &lt;b&gt;missiles&lt;/b&gt; and of the border, said the ministry, which gave no details of what was agreed in the talks.&lt;/p&gt;</description><dc:creator>Jane Doe</dc:creator><pubDate>Fri, 22 Nov 2024 10:00:00 GMT</pubDate></item>`,
		`</channel></rss>`
	if kind == "atom" {
		open = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title><link href="https://example.org/"/>`
		one = `<entry><title type="html">Minister &amp;amp; general meet, no %[1]d</title><link href="https://example.org/%[1]d"/><id>https://example.org/%[1]d</id><summary type="html">&lt;p&gt;They spoke of &lt;b&gt;missiles&lt;/b&gt; and of the border, said the ministry, which gave no details of what was agreed in the talks.&lt;/p&gt;</summary><author><name>Jane Doe</name></author><published>2024-11-22T10:00:00Z</published></entry>`
		end = `</feed>`
	}
	b.WriteString(open)
	for i := range n {
		fmt.Fprintf(&b, one, i)
	}
	b.WriteString(end)
	return b.String()
}

func TestWellFormedFeedsReadAsAStrictReaderReadsThem(t *testing.T) {
	for _, kind := range []string{"rss", "atom"} {
		in := sample(kind, 50)
		want, err := gofeed.NewParser().ParseString(in)
		if err != nil {
			t.Fatal(err)
		}
		got := parse(t, in)
		if got.Title != want.Title || got.Home != want.Link || len(got.Items) != len(want.Items) {
			t.Fatalf("%s: got %q, %q, %d items", kind, got.Title, got.Home, len(got.Items))
		}
		for i, w := range want.Items {
			g := got.Items[i]
			if g.Title != source.PlainText(w.Title) || g.Link != w.Link || g.ID != w.GUID || g.Summary != w.Description ||
				!g.Published.Equal(*w.PublishedParsed) || g.Authors[0] != w.Authors[0].Name {
				t.Fatalf("%s: item %d: got %+v, want %+v", kind, i, g, w)
			}
		}
	}
}

func BenchmarkFeed(b *testing.B) {
	for _, kind := range []string{"rss", "atom"} {
		in := sample(kind, 100)
		b.Run(kind+"/tocsin", func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				if _, err := feed.Parse(strings.NewReader(in), "", ""); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(kind+"/gofeed", func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				if _, err := gofeed.NewParser().ParseString(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
