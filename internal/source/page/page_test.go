package page_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source/page"
)

const prose = `<p>The ministry said on Friday that the talks had been held in the harbour town and that both sides would meet again before the end of the month.</p>
<p>Officials gave no details of what was agreed, but two people who took part said that missiles and the border had been spoken of at length.</p>
<p>The neighbouring states, which had asked for a seat at the table, were told of the outcome by telephone late in the evening, the ministry said.</p>`

func news(head, before, after string) string {
	return `<!DOCTYPE html><html lang="en-GB"><head><title>Ministers meet in harbour town | Example Post</title>` + head + `</head><body>
<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<article><h1>Ministers meet in harbour town</h1>` + before + `<div class="body">` + prose + `</div>` + after + `</article>
<footer><p>© Example Post. All rights reserved.</p></footer></body></html>`
}

func TestArticleText(t *testing.T) {
	lead := `<p class="standfirst">Two days of talks end without a treaty, but with a date for the next round, say both.</p>`
	for name, tc := range map[string]struct {
		before, after string
		has, hasNot   []string
	}{
		"the body, without navigation":    {"", "", []string{"The ministry said", "told of the outcome"}, []string{"Sport", "rights reserved"}},
		"the lead above the body":         {lead, "", []string{"Two days of talks", "The ministry said"}, nil},
		"no captions and no credits":      {`<figure><img src="a.jpg"><figcaption>The harbour. Photo: Agence Exemple</figcaption></figure>`, `<p>Foto: dpa</p>`, nil, []string{"Agence Exemple", "dpa"}},
		"no pointers to other articles":   {"", `<p>Read also: <a href="/b">Another story</a></p><p><a href="/c">A third story of today</a></p>`, nil, []string{"Read also", "third story"}},
		"no comments":                     {"", `<div id="comments"><div class="comment"><p>I do not believe a word of what they say, and never did, said the reader.</p></div></div>`, nil, []string{"believe a word"}},
		"no consent, no newsletter":       {`<div class="cookie-consent"><p>We use cookies to show you what you like, and share data with our partners.</p></div>`, `<div class="newsletter"><p>Sign up for our newsletter and never miss what matters to you.</p></div>`, nil, []string{"cookies", "Sign up"}},
		"scripts and hidden text are out": {`<script>var talks = "secret";</script><div style="display:none"><p>Nobody should see this hidden paragraph of text here.</p></div>`, "", nil, []string{"secret", "hidden paragraph"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := page.Extract([]byte(news("", tc.before, tc.after)), "text/html", "https://www.example.org/world/a")
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range append(tc.has, "The ministry said on Friday") {
				if !strings.Contains(p.Text, s) {
					t.Errorf("%q is missing from %q", s, p.Text)
				}
			}
			for _, s := range tc.hasNot {
				if strings.Contains(p.Text, s) {
					t.Errorf("%q is in %q", s, p.Text)
				}
			}
		})
	}
}

func TestThePageOfOneArticleThatGoesOnWithOthers(t *testing.T) {
	other := `<div class="next">` + strings.Repeat(`<p>In another town, on another day, other people spoke of other things, at such length that nobody could follow.</p>`, 30) + `</div>`
	gap := strings.Repeat(`<ul><li><a href="/x">A headline of another day</a></li></ul>`, 20)
	p, err := page.Extract([]byte(news("", "", gap+other)), "", "https://www.example.org/world/a")
	if err != nil || !strings.Contains(p.Text, "The ministry said on Friday") {
		t.Fatalf("got %.200q, %v", p.Text, err)
	}
}

func TestWhatAPageSaysOfItself(t *testing.T) {
	nov := time.Date(2024, 11, 22, 9, 0, 0, 0, time.UTC)
	type said struct {
		Title     string
		Authors   []string
		Published time.Time
		Canonical string
		Gated     bool
	}
	for name, tc := range map[string]struct {
		head, before string
		want         said
	}{
		"JSON-LD": {
			head: `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Example Post"},
{"@type":"NewsArticle","headline":"Ministers meet in harbour town","datePublished":"2024-11-22T10:00:00+01:00","isAccessibleForFree":"False",
"author":[{"@type":"Person","name":"Jane Doe"},{"@type":"Person","name":"John Roe"}]}]}</script>`,
			want: said{"Ministers meet in harbour town", []string{"Jane Doe", "John Roe"}, nov, "", true},
		},
		"JSON-LD with raw line breaks": {
			head: "<script type=\"application/ld+json\">{\"@type\":\"Article\",\"headline\":\"Ministers meet\n in harbour town\",\"datePublished\":\"2024-11-22T09:00:00Z\"};</script>",
			want: said{"Ministers meet in harbour town", nil, nov, "", false},
		},
		"OpenGraph and meta": {
			head: `<meta property="og:title" content="Ministers meet in harbour town - Example Post"><meta property="og:site_name" content="Example Post">
<meta property="article:published_time" content="2024-11-22T09:00:00Z"><meta name="author" content="By Jane Doe"><link rel="canonical" href="/world/a?x=1">`,
			want: said{"Ministers meet in harbour town", []string{"Jane Doe"}, nov, "https://www.example.org/world/a?x=1", false},
		},
		"the page's own words": {
			before: `<p class="byline">By Jane Doe and John Roe</p><p>22 November 2024, 09:00</p>`,
			want:   said{"Ministers meet in harbour town", []string{"Jane Doe", "John Roe"}, nov, "", false},
		},
		"a canonical address of another site is not believed": {
			head: `<link rel="canonical" href="https://evil.example.com/a">`,
			want: said{"Ministers meet in harbour town", nil, time.Time{}, "", false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := page.Extract([]byte(news(tc.head, tc.before, "")), "", "https://www.example.org/world/a")
			if err != nil {
				t.Fatal(err)
			}
			got := said{p.Title, p.Authors, p.Published, p.Canonical, p.Gated}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestArticle(t *testing.T) {
	a, err := page.Article([]byte(news(`<link rel="canonical" href="https://www.example.org/world/a?utm_source=x">`, "", "")), "", "https://amp.example.org/world/a")
	if err != nil {
		t.Fatal(err)
	}
	if a.URL != "https://www.example.org/world/a" || a.Source != "example.org" || a.Lang != "en-GB" || a.ID == "" {
		t.Errorf("got %+v", a)
	}
	if err := a.Validate(); err != nil {
		t.Error(err)
	}
}

func TestADatedAddressServesWhereThePageIsSilent(t *testing.T) {
	p, err := page.Extract([]byte(news("", "", "")), "", "https://www.example.org/2024/11/22/ministers-meet")
	if err != nil || p.Published.Format(time.DateOnly) != "2024-11-22" {
		t.Fatalf("got %v, %v", p.Published, err)
	}
}

func TestWhatIsNoPageIsNamed(t *testing.T) {
	for name, tc := range map[string]struct {
		in   string
		want error
	}{
		"nothing":              {" \n", page.ErrEmpty},
		"a PDF":                {"%PDF-1.7\n%\xe2\xe3\xcf\xd3", page.ErrNotHTML},
		"a picture":            {"\x89PNG\r\n\x1a\n", page.ErrNotHTML},
		"a page without prose": {"<html><head><title>Video</title></head><body><video src=a></video></body></html>", page.ErrNoArticle},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := page.Extract([]byte(tc.in), "", "https://example.org/"); !errors.Is(err, tc.want) {
				t.Fatalf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	html := []byte(`<html><head><base href="/news/"><meta http-equiv="refresh" content="0;url=https://evil.example.com/"></head><body>
<nav><a href="/about">About</a></nav>
<article><h2><a href="1.html?utm_source=x">One <b>more</b></a></h2></article><article><a href="2.html">Two</a><a href="2.html#top">again</a></article>
<article><a href="javascript:alert(1)">no</a><a href="mailto:a@example.org">no</a><a>no</a></article></body></html>`)
	want := []page.Link{
		{URL: "https://example.org/news/1.html?utm_source=x", Title: "One more"},
		{URL: "https://example.org/news/2.html", Title: "Two"},
	}
	for _, selector := range []string{"article a", "article", "article h2 a, article a"} {
		got, err := page.Links(html, "", "https://example.org/", selector)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", selector, diff)
		}
	}
	if _, err := page.Links(html, "", "https://example.org/", "article[["); err == nil || !strings.Contains(err.Error(), "article[[") {
		t.Errorf("a bad selector: %v", err)
	}
}
