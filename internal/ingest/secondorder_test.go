package ingest

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tocsin-news/tocsin/internal/egress"
)

// Every address that a document may name leads to a listener inside that may
// not be reached. None does, and the good item comes through all the same.
func TestNothingThatADocumentNamesLeadsInside(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("no second loopback address here:", err)
	}
	t.Cleanup(func() { l.Close() })
	var visits atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			c.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	inside := "http://" + l.Addr().String()

	good := `<item><title>Good talks</title><link>https://example.org/good</link><description>Words.</description></item>`
	feeds := map[string]string{
		"item link":       rss("CANARY/a|Bad|Short.", "https://example.org/good|Good talks|Words."),
		"feed head":       `<rss version="2.0"><channel><title>T</title><link>CANARY</link><image><url>CANARY/i.png</url></image><cloud domain="127.0.0.2" port="PORT"/>` + good + `</channel></rss>`,
		"enclosure":       `<rss version="2.0"><channel>` + strings.Replace(good, "<description>", `<enclosure url="CANARY/e.mp3" length="1" type="audio/mpeg"/><description>`, 1) + `</channel></rss>`,
		"entities":        `<!DOCTYPE rss [<!ENTITY x SYSTEM "CANARY/x">]><rss version="2.0"><channel>` + good + `</channel></rss>`,
		"stylesheet":      `<?xml-stylesheet href="CANARY/s.xsl"?><rss version="2.0"><channel>` + good + `</channel></rss>`,
		"xml:base":        `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="CANARY/"><link rel="self" href="CANARY/s"/><link rel="hub" href="CANARY/h"/><link rel="next" href="CANARY/n"/><entry><title>Good talks</title><link href="https://example.org/good"/><summary>Words.</summary></entry></feed>`,
		"JSON next_url":   `{"version":"https://jsonfeed.org/version/1.1","title":"T","next_url":"CANARY/n","icon":"CANARY/i","items":[{"id":"1","url":"https://example.org/good","title":"Good talks","content_text":"Words."}]}`,
		"page: canonical": rss("HOST/canonical|Good talks|Words."),
		"page: refresh":   rss("HOST/refresh|Good talks|Words."),
		"page: redirect":  rss("HOST/redirect|Good talks|Words."),
	}
	pages := map[string]string{
		"/canonical": `<html><head><base href="CANARY/"><link rel="canonical" href="CANARY/canonical"><link rel="amphtml" href="CANARY/amp"><link rel="alternate" type="application/rss+xml" href="CANARY/rss"></head><body><article><p>` + long + `</p><img src="CANARY/i"><iframe src="CANARY/f"></iframe></article></body></html>`,
		"/refresh":   `<html><head><meta http-equiv="refresh" content="0; url=CANARY/"></head><body><p>Wait.</p></body></html>`,
	}
	for name, body := range feeds {
		t.Run(name, func(t *testing.T) {
			fill := func(s, host string) string {
				return strings.NewReplacer("CANARY", inside, "PORT", port, "HOST", "http://"+host).Replace(s)
			}
			i, s, log := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/feed":
					fmt.Fprint(w, fill(body, r.Host))
				case r.URL.Path == "/redirect", r.URL.Path == "/robots.txt" && name == "page: redirect":
					http.Redirect(w, r, inside, http.StatusFound)
				case pages[r.URL.Path] != "":
					fmt.Fprint(w, fill(pages[r.URL.Path], r.Host))
				default:
					http.NotFound(w, r)
				}
			}))
			c, err := egress.New(egress.Config{Allow: []string{"127.0.0.1"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Close)
			i.Fetcher.Getter = c
			s.FullText, s.IgnoreRobots = true, name != "page: redirect"
			st := s.suited(State{})
			st.Succeeded = noon // so that further pages of the feed are wanted
			if _, err := i.poll(t.Context(), s, &st); err != nil {
				t.Fatal(err)
			}
			if name != "page: redirect" && !strings.Contains(strings.Join(log.titles(), " "), "Good talks") {
				t.Errorf("titles %v", log.titles())
			}
			for _, a := range log.all() {
				if a.Title == "Good talks" && strings.Contains(a.URL, "127.0.0.2") {
					t.Errorf("the page has put itself at %s", a.URL)
				}
			}
		})
	}
	for _, c := range []struct{ kind, body string }{
		{"sitemap", `<sitemapindex><sitemap><loc>CANARY/s.xml</loc></sitemap></sitemapindex>`},
		{"sitemap", `<urlset><url><loc>CANARY/a</loc></url></urlset>`},
		{"page", `<html><base href="CANARY/"><a href="CANARY/a">x</a><a href="/b">y</a></html>`},
	} {
		t.Run(c.kind, func(t *testing.T) {
			i, s, _ := at(t, say("text/xml", strings.ReplaceAll(c.body, "CANARY", inside)))
			cl, err := egress.New(egress.Config{Allow: []string{"127.0.0.1"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(cl.Close)
			i.Fetcher.Getter = cl
			s.IgnoreRobots = true
			if c.kind == "page" {
				s.Page, s.Feed = s.Feed, ""
			} else {
				s.Sitemap, s.Feed = s.Feed, ""
			}
			st := s.suited(State{})
			if _, err := i.poll(t.Context(), s, &st); err != nil {
				t.Fatal(err)
			}
		})
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("the listener inside had %d visits", n)
	}
}
