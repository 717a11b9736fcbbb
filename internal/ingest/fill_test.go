package ingest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// site counts how often each of its pages is asked for.
type site struct {
	mu    sync.Mutex
	asked map[string]int
	pages map[string]string
	host  string
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[string]int{}
	}
	s.asked[r.URL.Path]++
	s.host = "http://" + r.Host
	body, ok := s.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, strings.ReplaceAll(body, "HOST", s.host))
}

func article(title, canonical string) string {
	return `<html lang="en"><head><title>` + title + `</title>` + canonical + `
<script type="application/ld+json">{"@type":"NewsArticle","headline":"` + title + `","datePublished":"2024-11-22T09:00:00Z","author":{"name":"Ada Example"}}</script>
</head><body><article><h1>` + title + `</h1>` + strings.Repeat("<p>Ministers of the alliance met in Oslo on Friday to talk about the air defence of the north, and about ships.</p>", 8) + `</article></body></html>`
}

func polls(t *testing.T, i *Ingestor, s Source, st *State, n int) {
	t.Helper()
	for range n {
		r, err := i.poll(t.Context(), s, st)
		if err != nil || r.err != nil {
			t.Fatal(err, r.err)
		}
		st.polled(s, r, noon, noon)
		st.Body, st.ETag = 0, ""
	}
}

func TestAThinItemIsFilledFromItsPageOnce(t *testing.T) {
	web := &site{pages: map[string]string{
		"/feed":  rss("HOST/a|Talks in Oslo|Short.", "HOST/b|No page|A summary is news too."),
		"/a":     article("Talks in Oslo", ""),
		"/world": "",
	}}
	i, s, l := at(t, web)
	s.FullText = true
	st := s.suited(State{})
	polls(t, i, s, &st, 3)
	got := l.all()
	if len(got) != 2 {
		t.Fatalf("%v", l.titles())
	}
	if got[0].Title != "No page" || got[0].Text != "A summary is news too." {
		t.Errorf("the summary: %+v", got[0])
	}
	if a := got[1]; len(a.Text) < 500 || len(a.Authors) != 1 || a.Lang != "en" || a.PublishedAt.IsZero() {
		t.Errorf("the page: %+v", a)
	}
	if web.asked["/a"] != 1 || web.asked["/b"] != 1 {
		t.Errorf("asked %v", web.asked)
	}
	web.pages["/feed"] = rss("HOST/a|Talks in Oslo fail|Short.")
	web.pages["/a"] = article("Talks in Oslo fail", "")
	polls(t, i, s, &st, 2)
	if got := l.all(); len(got) != 3 || got[2].Revision != 1 || web.asked["/a"] != 2 {
		t.Errorf("%v, asked %v", l.titles(), web.asked)
	}
}

func TestTheCanonicalAddressStands(t *testing.T) {
	web := &site{pages: map[string]string{
		"/feed":            rss("HOST/go/talks|Talks|Short.", "HOST/rubric/talks-2|More talks|Short."),
		"/go/talks":        article("Talks", `<link rel="canonical" href="HOST/world/talks.html">`),
		"/rubric/talks-2":  article("More talks", `<link rel="canonical" href="HOST/">`),
		"/world/talks.htm": "",
	}}
	i, s, l := at(t, web)
	s.FullText = true
	st := s.suited(State{})
	polls(t, i, s, &st, 2)
	urls := map[string]bool{}
	for _, a := range l.all() {
		urls[strings.TrimPrefix(a.URL, web.host)] = true
	}
	if len(urls) != 2 || !urls["/world/talks.html"] || !urls["/rubric/talks-2"] {
		t.Errorf("%v", urls)
	}
	if web.asked["/go/talks"] != 1 {
		t.Errorf("asked %v", web.asked)
	}
}

func TestASitemap(t *testing.T) {
	day := time.Now().UTC().Format("2006-01-02T15:04:05Z")
	entry := func(path, news, mod string) string {
		if news != "" {
			news = `<news:news><news:publication><news:name>E</news:name><news:language>en</news:language></news:publication><news:publication_date>` + mod + `</news:publication_date><news:title>` + news + `</news:title></news:news>`
		}
		return "<url><loc>HOST" + path + "</loc><lastmod>" + mod + "</lastmod>" + news + "</url>"
	}
	urls := func(entries ...string) string {
		return `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">` + strings.Join(entries, "") + `</urlset>`
	}
	web := &site{pages: map[string]string{
		"/feed":     `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>HOST/news.xml</loc></sitemap></sitemapindex>`,
		"/news.xml": urls(entry("/a", "Named talks", day), entry("/b", "", day), entry("/old", "", "2020-01-01T00:00:00Z")),
		"/b":        article("Talks in Oslo", ""),
	}}
	i, s, l := at(t, web)
	s.Feed, s.Sitemap = "", s.Feed
	st := s.suited(State{})
	polls(t, i, s, &st, 2)
	if got := strings.Join(l.titles(), ", "); got != "Named talks, Talks in Oslo" && got != "Talks in Oslo, Named talks" {
		t.Errorf("titles %q", got)
	}
	if web.asked["/b"] != 1 || web.asked["/old"] != 0 || web.asked["/a"] != 0 {
		t.Errorf("asked %v", web.asked)
	}
}

func TestAFrontPage(t *testing.T) {
	web := &site{pages: map[string]string{
		"/feed": `<html><body><nav><a href="/about">About</a></nav><article><a href="/b">Second</a></article><article><a href="/a">First talks</a></article><article><a href="https://elsewhere.test/x">X</a></article></body></html>`,
		"/a":    article("First talks", ""),
		"/b":    article("Second", ""),
	}}
	i, s, l := at(t, web)
	s.Feed, s.Page, s.Links = "", s.Feed, "article a"
	st := s.suited(State{})
	polls(t, i, s, &st, 2)
	if strings.Join(l.titles(), ", ") != "First talks, Second" {
		t.Errorf("titles %v", l.titles())
	}
	if web.asked["/a"] != 1 || web.asked["/b"] != 1 || web.asked["/about"] != 0 {
		t.Errorf("asked %v", web.asked)
	}
}
