package feed_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

// patience is far more than any input may take on a slow machine; the aim is
// one second, and a quadratic reader takes minutes.
const patience = 10 * time.Second

func TestHostileFeedsAreBounded(t *testing.T) {
	const million, many = 1_000_000, 100_000
	item := `<item><title>One</title></item>`
	for name, in := range map[string]string{
		"a million levels":            "<rss><channel>" + item + strings.Repeat("<a>", million),
		"a million levels in an item": "<rss><channel><item><title>One</title>" + strings.Repeat("<a>", million),
		"many stray end tags":         "<rss><channel>" + item + strings.Repeat("</a>", many),
		"many namespaces":             "<rss" + attributes(many/4) + "><channel>" + item,
		"many attributes":             "<rss><channel>" + item + "<a" + strings.Repeat(" b='c'", many) + ">",
		"many open comments":          "<rss><channel>" + item + strings.Repeat("<!--", many),
		"many open CDATA":             "<rss><channel>" + item + strings.Repeat("<![CDATA[", many),
		"many CDATA before an end":    "<rss><channel>" + item + strings.Repeat("<![CDATA[</item>", many/2) + "]]>",
		"many doctypes":               "<rss><channel>" + item + strings.Repeat("<!a[>", many),
		"many instructions":           "<rss><channel>" + item + strings.Repeat("<?", many),
		"many open quotes":            "<rss><channel>" + item + strings.Repeat("<a b='", many),
		"many bare angles":            "<rss><channel>" + item + strings.Repeat("<", many),
		"many ampersands":             "<rss><channel>" + item + strings.Repeat("&a", many),
		"a billion laughs":            laughs() + "<rss><channel>" + item + "</channel></rss>",
		"many items":                  "<rss><channel>" + strings.Repeat(item, many),
		"one endless title":           "<rss><channel>" + item + "<item><title>" + strings.Repeat("a", 9_000_000),
		"a million elements":          "<rss><channel>" + item + strings.Repeat("<a/>", million),
		"many categories":             "<rss><channel><item><title>One</title>" + strings.Repeat("<category>a</category>", many/4),
		"many levels of JSON":         `{"version":"https://jsonfeed.org/version/1","items":[{"title":"One"},` + strings.Repeat("[", many),
		"a million levels of OPML":    "<opml>" + strings.Repeat("<outline text='a'>", million/2),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			f, err := feed.Parse(strings.NewReader(in), "", "")
			if took := time.Since(began); took > patience {
				t.Errorf("took %v for %d bytes", took, len(in))
			}
			if strings.HasPrefix(in, "<rss") && (len(f.Items) == 0 || len(f.Items) > feed.MaxItems || f.Items[0].Title != "One") {
				t.Errorf("%d items, %v", len(f.Items), err)
			}
			t.Logf("%d MB in %v: %d items, %v", len(in)>>20, time.Since(began).Round(time.Millisecond), len(f.Items), err)
		})
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " xmlns:a%d='b'", i)
	}
	return b.String()
}

func laughs() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE lolz [<!ENTITY lol "lol">`)
	for i := range 9 {
		fmt.Fprintf(&b, `<!ENTITY lol%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&lol%d;", i), 10))
	}
	b.WriteString("]>")
	return b.String()
}

// endless is a feed that never stops.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, strings.Repeat("<item><title>One</title></item>", len(p)/31+1))
	if e.read == 0 {
		n = copy(p, "<rss><channel>                 ")
	}
	e.read += n
	return n, nil
}

func TestAnEndlessFeedIsReadToItsBound(t *testing.T) {
	in := &endless{}
	f, err := feed.Parse(in, "", "")
	if !errors.Is(err, feed.ErrBounds) {
		t.Fatalf("got %v", err)
	}
	if len(f.Items) == 0 || in.read > feed.MaxBytes+1<<20 {
		t.Fatalf("%d items of %d bytes read", len(f.Items), in.read)
	}
}

func TestAFailingReaderGivesWhatCame(t *testing.T) {
	r := io.MultiReader(strings.NewReader("<rss><channel><item><title>One</title></item>"), failing{})
	f, err := feed.Parse(r, "", "")
	if !errors.Is(err, errReset) || len(f.Items) != 1 {
		t.Fatalf("%d items, %v", len(f.Items), err)
	}
}

var errReset = errors.New("connection reset")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errReset }

func FuzzFeed(f *testing.F) {
	for _, s := range []string{
		`<rss version="2.0"><channel><title>x</title><item><title>a &amp; b</title><link>/a</link><pubDate>Fri, 22 Nov 2024 10:00:00 GMT</pubDate></item></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;b&gt;a</title><link href="a"/><content type="xhtml"><div>b</div></content></entry></feed>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item rdf:about="a"><title><![CDATA[x]]></title></item>`,
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"a"}]}`,
		`<!DOCTYPE rss [<!ENTITY a "b">]><rss><item><title>&a;<br>&nbsp;</item>`, "<a b='c' d=e f<item>", "\xff\xfe<\x00r\x00s\x00s\x00>\x00",
	} {
		f.Add([]byte(s), "text/xml; charset=utf-8")
	}
	f.Fuzz(func(t *testing.T, in []byte, contentType string) {
		articles, err := feed.Articles(strings.NewReader(string(in)), contentType, "https://example.org/", "")
		if len(articles) > feed.MaxItems {
			t.Fatalf("%d articles", len(articles))
		}
		for _, a := range articles {
			if a.ID == "" {
				t.Fatalf("an article without id, %v", err)
			}
			if verr := a.Validate(); verr != nil && a.Title+a.Text != "" && a.Source != "" {
				t.Fatalf("%v: %+v", verr, a)
			}
		}
	})
}
