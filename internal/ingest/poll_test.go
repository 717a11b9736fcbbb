package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// rss is a feed of items "path|title|summary".
func rss(items ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>`)
	for _, item := range items {
		part := strings.SplitN(item, "|", 3)
		fmt.Fprintf(&b, "<item><link>%s</link><title>%s</title><description>%s</description></item>", part[0], part[1], part[2])
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func say(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

const (
	two = `https://example.org/b|Second|It came later.`
	one = `https://example.org/a|First|It came first.`
)

// at is an ingestor of one source at the path /feed of h.
func at(t *testing.T, h http.Handler) (*Ingestor, Source, *log) {
	d, l, _ := newDoor()
	url := serve(t, h)
	i := &Ingestor{
		Door: d, Fetcher: &Fetcher{Getter: client(t), Every: time.Microsecond, Burst: 1000},
		States: newKept[State](), Name: "one", Metrics: d.Metrics,
	}
	return i, Source{ID: "example.org", Feed: url + "/feed"}, l
}

func TestOnePoll(t *testing.T) {
	feed := rss(two, one)
	for _, c := range []struct {
		name   string
		feed   http.HandlerFunc
		other  map[string]http.HandlerFunc
		want   outcome
		titles string
		err    string // a part of it
		note   string
	}{
		{name: "a good feed gives its items, oldest first", feed: say("application/rss+xml", feed), want: pollNew, titles: "First Second"},
		{name: "gzip", feed: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, feed)
			z.Close()
		}, want: pollNew, titles: "First Second"},
		{name: "a wrong charset is mended", feed: say("text/xml; charset=utf-8", rss("https://example.org/a|\xc9lys\xe9e|L'arm\xe9e fran\xe7aise.")), want: pollNew, titles: "Élysée"},
		{name: "cut off by its publisher, what came before counts", feed: say("text/xml", feed[:len(feed)-50]), want: pollNew, titles: "First Second", note: "the feed ends in the middle"},
		{name: "cut off on the way, the whole items before count", feed: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(feed)))
			io.WriteString(w, feed[:len(feed)-50])
		}, want: pollNew, titles: "Second", note: "EOF"},
		{name: "not a feed", feed: say("text/html", "<html><body>Hello</body></html>"), want: pollFailed, err: "this is an HTML page, not a feed"},
		{name: "nothing", feed: say("text/xml", ""), want: pollFailed, err: "the feed is empty"},
		{name: "fifty megabytes", feed: func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, feed[:len(feed)-len("</channel></rss>")])
			for b := bytes.Repeat([]byte(" "), 1<<16); ; {
				if _, err := w.Write(b); err != nil {
					return
				}
			}
		}, want: pollNew, titles: "First Second", note: "larger than 10240 KiB"},
		{name: "a gzip bomb", feed: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write(make([]byte, 50<<20))
			z.Close()
		}, want: pollFailed, err: "more than 200 times"},
		{name: "nested a million deep", feed: say("text/xml", "<rss>"+strings.Repeat("<a>", 1_000_000)), want: pollFailed},
		{
			name: "moved within its domain", feed: http.RedirectHandler("/new", 301).ServeHTTP,
			other: map[string]http.HandlerFunc{"/new": say("text/xml", feed)}, want: pollNew, titles: "First Second",
		},
		{
			name: "for a while elsewhere", feed: http.RedirectHandler("/new", 302).ServeHTTP,
			other: map[string]http.HandlerFunc{"/new": say("text/xml", feed)}, want: pollNew, titles: "First Second",
		},
		{name: "redirected inside", feed: http.RedirectHandler("http://169.254.169.254/latest", 302).ServeHTTP, want: pollFailed, err: "not allowed"},
		{name: "gone", feed: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(410) }, want: pollGone, err: "gone for good"},
		{name: "not there", feed: http.NotFound, want: pollFailed, err: "404 Not Found"},
		{name: "too often", feed: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(429)
		}, want: pollFailed, err: "asks to wait 2m0s"},
		{name: "robots disallow", feed: say("text/xml", feed), other: map[string]http.HandlerFunc{
			"/robots.txt": say("text/plain", "User-agent: *\nDisallow: /feed\n"),
		}, want: pollRobots, err: "robots.txt forbids"},
		{name: "robots disallow others", feed: say("text/xml", feed), other: map[string]http.HandlerFunc{
			"/robots.txt": say("text/plain", "User-agent: BadBot\nDisallow: /\n\nUser-agent: Tocsin\nAllow: /\n"),
		}, want: pollNew, titles: "First Second"},
		{name: "robots cannot be read now", feed: say("text/xml", feed), other: map[string]http.HandlerFunc{
			"/robots.txt": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) },
		}, want: pollFailed, err: "ask robots.txt"},
		{name: "robots is an HTML page", feed: say("text/xml", feed), other: map[string]http.HandlerFunc{
			"/robots.txt": say("text/html", "<html>\x00\xff<script>*</script></html>"),
		}, want: pollNew, titles: "First Second"},
	} {
		t.Run(c.name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.HandleFunc("/feed", c.feed)
			for path, h := range c.other {
				mux.HandleFunc(path, h)
			}
			i, s, l := at(t, mux)
			st := s.suited(State{})
			r, err := i.poll(t.Context(), s, &st)
			if err != nil {
				t.Fatal(err)
			}
			if r.outcome != c.want {
				t.Fatalf("%s: %v, want %s", r.outcome, r.err, c.want)
			}
			if got := strings.Join(l.titles(), " "); got != c.titles {
				t.Errorf("titles %q, want %q", got, c.titles)
			}
			if r.err == nil && c.err != "" || r.err != nil && !strings.Contains(r.err.Error(), c.err) {
				t.Errorf("error %v, want %q", r.err, c.err)
			}
			if !strings.Contains(r.note, c.note) {
				t.Errorf("note %q, want %q", r.note, c.note)
			}
		})
	}
}

func TestOnlyWhatHasChangedIsAskedFor(t *testing.T) {
	var asked []string
	body := rss(one)
	i, s, l := at(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			http.NotFound(w, r)
			return
		}
		asked = append(asked, r.Header.Get("If-None-Match")+" "+r.Header.Get("If-Modified-Since"))
		w.Header().Set("ETag", `"`+fmt.Sprint(len(body))+`"`)
		w.Header().Set("Last-Modified", "Fri, 22 Nov 2024 10:00:00 GMT")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(body))
	}))
	st := s.suited(State{})
	for n, want := range []outcome{pollNew, pollSame, pollNew} {
		if n == 2 {
			body = rss(two, one)
		}
		r, err := i.poll(t.Context(), s, &st)
		if err != nil || r.outcome != want {
			t.Errorf("poll %d: %v, %v", n, r, err)
		}
	}
	if asked[0] != " " || !strings.HasPrefix(asked[1], `"`) || !strings.HasSuffix(asked[1], "GMT") {
		t.Errorf("asked with %q", asked)
	}
	if len(l.all()) != 2 {
		t.Errorf("%v", l.titles())
	}
}

func TestABodyThatIsTheSameIsNotRead(t *testing.T) {
	i, s, _ := at(t, say("text/xml", rss(one)))
	s.IgnoreRobots = true
	st := s.suited(State{})
	for n, want := range []outcome{pollNew, pollSame} {
		if r, err := i.poll(t.Context(), s, &st); err != nil || r.outcome != want {
			t.Errorf("poll %d: %v, %v", n, r, err)
		}
	}
}

func TestAMoveWithinTheDomainIsRemembered(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/feed", http.RedirectHandler("/new", 301))
	there := say("text/xml", rss(one))
	mux.HandleFunc("/new", func(w http.ResponseWriter, r *http.Request) { there(w, r) })
	i, s, _ := at(t, mux)
	st := s.suited(State{})
	if _, err := i.poll(t.Context(), s, &st); err != nil || !strings.HasSuffix(st.URL, "/new") {
		t.Fatalf("%q, %v", st.URL, err)
	}
	there = http.NotFound
	if r, _ := i.poll(t.Context(), s, &st); r.outcome != pollFailed || st.URL != "" {
		t.Errorf("the new address fails, and is %q: %v", st.URL, r)
	}
	moved := s
	moved.Feed += "?2"
	if st := moved.suited(State{Address: st.Address, ETag: "x", Gone: noon}); st.ETag != "" || !st.Gone.IsZero() {
		t.Error("another address keeps what was learnt of the old one")
	}
}

func TestAMoveToAnotherDomainWaitsForTheOperator(t *testing.T) {
	elsewhere := strings.Replace(serve(t, say("text/xml", rss(one))), "127.0.0.1", "localhost", 1)
	i, s, l := at(t, http.RedirectHandler(elsewhere+"/feed", 301))
	s.IgnoreRobots = true
	st := s.suited(State{})
	r, err := i.poll(t.Context(), s, &st)
	if err != nil {
		t.Fatal(err)
	}
	if r.outcome != pollMoved || st.Moved != elsewhere+"/feed" || st.URL != "" || len(l.all()) != 0 {
		t.Errorf("%v, moved %q, %v", r, st.Moved, l.titles())
	}
}

func TestAnUnknownPageOfAFeedIsReadWhenAllIsNew(t *testing.T) {
	atom := func(next string, ids ...string) string {
		s := `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>`
		if next != "" {
			s += `<link rel="next" href="` + next + `"/>`
		}
		for _, id := range ids {
			s += `<entry><id>` + id + `</id><link href="https://example.org/` + id + `"/><title>` + id + `</title><summary>About ` + id + `</summary></entry>`
		}
		return s + `</feed>`
	}
	first := atom("/2", "c")
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, first) })
	mux.HandleFunc("/2", say("application/atom+xml", atom("/3", "e", "d")))
	mux.HandleFunc("/3", say("application/atom+xml", atom("/4", "c", "b")))
	mux.HandleFunc("/4", func(w http.ResponseWriter, r *http.Request) { t.Error("read beyond what is known") })
	i, s, l := at(t, mux)
	st := s.suited(State{})
	poll := func() {
		if _, err := i.poll(t.Context(), s, &st); err != nil {
			t.Fatal(err)
		}
		st.Succeeded = noon
	}
	poll() // at first sight, only the first page
	first = atom("/2", "g", "f")
	poll()
	if got := strings.Join(l.titles(), ""); got != "cfgdeb" {
		t.Errorf("titles %q", got)
	}
}
