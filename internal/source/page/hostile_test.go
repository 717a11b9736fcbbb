package page_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tocsin-news/tocsin/internal/source/page"
)

// patience is far more than any page may take on a slow machine: the aim is two
// seconds, and a cubic parser takes minutes.
const patience = 20 * time.Second

func TestHostilePagesAreBounded(t *testing.T) {
	const many = 50_000
	for name, in := range map[string]string{
		"nested blocks":             strings.Repeat("<div>", many) + prose,
		"nested tables":             strings.Repeat("<table><tr><td>", many/3) + prose,
		"tables that lose text":     strings.Repeat("<table>a", many) + prose,
		"nested lists":              strings.Repeat("<ul><li>", many/2) + prose,
		"nested links":              strings.Repeat("<a href=x>", many) + prose,
		"nested forms":              strings.Repeat("<form><div>", many/2) + prose,
		"nested selects":            strings.Repeat("<select><option>", many/2) + prose,
		"nested drawings":           strings.Repeat("<svg><g>", many/2) + prose,
		"nested formulas":           strings.Repeat("<math><mi>", many/2) + prose,
		"nested headings":           strings.Repeat("<h1>a", many) + prose,
		"nested buttons":            strings.Repeat("<button>", many) + prose,
		"nested quotes":             strings.Repeat("<blockquote>a", many) + prose,
		"own elements":              strings.Repeat("<x-y>", many) + prose,
		"formatting left open":      adoption(many),
		"spans left open":           strings.Repeat("<p><span>a", many) + prose,
		"stray end tags":            strings.Repeat("</p>", many) + prose,
		"line breaks":               strings.Repeat("<br>", many) + prose,
		"line breaks between words": strings.Repeat("a<br><br>", many/2) + prose,
		"paragraphs":                strings.Repeat("<p>One, two, three words.", many) + prose,
		"comments left open":        strings.Repeat("<!--", many) + prose,
		"scripts left open":         strings.Repeat("<script>", many) + prose,
		"a flood of attributes":     "<p" + strings.Repeat(" a=b", many) + ">" + prose,
		"a flood of metas":          strings.Repeat("<meta name=a content=b>", many) + prose,
		"a flood of times":          strings.Repeat("<time class=date>1 May 2024</time>", many/10) + prose,
		"a flood of bylines":        strings.Repeat("<div class=byline>", many) + prose,
		"deep JSON-LD":              `<script type="application/ld+json">` + strings.Repeat("[", many) + "</script>" + prose,
		"wide JSON-LD":              `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"Article"},`, many/10) + "{}]</script>" + prose,
		"fifty megabytes":           prose + strings.Repeat("<p>And so on, and so on, until the end of days.</p>\n", 1_000_000),
		"one endless word":          "<p>" + strings.Repeat("a", 50_000_000),
		"entities":                  strings.Repeat("&notin", many) + prose,
		"deep and wide":             strings.Repeat("<div>", 290) + strings.Repeat("<p>One, two, three words and a few more of them.</p>", 8_000),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := page.Article([]byte("<html><body>"+in), "text/html", "https://example.org/a")
			took := time.Since(began)
			if took > patience {
				t.Errorf("took %v for %d bytes", took, len(in))
			}
			t.Logf("%d KiB in %v: %v", len(in)>>10, took.Round(time.Millisecond), err)
		})
	}
}

// adoption opens many formatting elements that differ, and then paragraphs in
// which a parser opens all of them again.
func adoption(n int) string {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "<b id=%d><i id=%d>", i, i)
	}
	return b.String() + strings.Repeat("<p>a", n)
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(news(`<script type="application/ld+json">{"@type":"Article","headline":"a"}</script>`, `<p class=byline>By A</p>`, "")), "text/html")
	f.Add([]byte("<table><a><table><b><p></b><select><svg><title>"), "text/html; charset=utf-16")
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"), "")
	f.Fuzz(func(t *testing.T, in []byte, contentType string) {
		a, err := page.Article(in, contentType, "https://example.org/a")
		if err != nil {
			return
		}
		if err := a.Validate(); err != nil {
			t.Fatalf("%v: %+v", err, a)
		}
		if strings.ContainsAny(a.Title+a.Text, "\x00\x1b\r") {
			t.Fatalf("control characters in %q, %q", a.Title, a.Text)
		}
	})
}

// BenchmarkPage compares reading an article with only parsing its page.
func BenchmarkPage(b *testing.B) {
	in := []byte(news("", strings.Repeat(prose, 10), strings.Repeat(`<div class="related"><a href="/x">More of the same</a></div>`, 50)))
	b.Run("extract", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			if _, err := page.Extract(in, "text/html", "https://example.org/a"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("html.Parse", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			if _, err := html.Parse(bytes.NewReader(in)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
