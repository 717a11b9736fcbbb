package web

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var noon = time.Date(2024, 11, 23, 12, 0, 0, 0, time.UTC)

func alert(id string, version int, state string) events.Alert {
	return events.Alert{
		ID: id, Version: version, State: state, Level: events.Elevated, Watch: "nato-missile", Headline: "Talks in Palm Beach",
		At: noon.Add(time.Duration(version) * time.Minute), Reason: "3 independent origins within 2h", Origins: 3,
		Articles: []events.Evidence{{ID: "a1", Source: "courier.example", URL: "https://courier.example/x", Title: "Talks", Origin: "courier", Why: "own reporting"}},
	}
}

func serve(t *testing.T, s *Server) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return srv
}

func get(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

func TestBoard(t *testing.T) {
	var b Board
	b.Add(alert("x", 1, events.Opened), 1)
	b.Add(alert("y", 1, events.Opened), 2)
	b.Add(alert("x", 2, events.Resolved), 3)
	b.Add(alert("x", 2, events.Resolved), 3) // told again
	if l, ok := b.Alert("x"); !ok || len(l.Versions) != 2 || l.Open() || l.Seq != 3 {
		t.Errorf("got %+v", l)
	}
	for name, c := range map[string]struct {
		f    Filter
		want string
	}{
		"the last changed comes first": {Filter{}, "x y"},
		"open ones":                    {Filter{State: "open"}, "y"},
		"resolved ones":                {Filter{State: events.Resolved}, "x"},
		"another watch":                {Filter{Watch: "other"}, ""},
		"a higher level":               {Filter{MinLevel: events.High}, ""},
		"a page":                       {Filter{Limit: 1}, "x"},
		"the next page":                {Filter{Before: 3}, "y"},
	} {
		var ids []string
		for _, l := range b.Alerts(c.f) {
			ids = append(ids, l.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestBoardForgetsTheLongestResolved(t *testing.T) {
	var b Board
	for i := range keep + 5 {
		id := fmt.Sprint(i)
		b.Add(alert(id, 1, events.Opened), uint64(2*i+1))
		if i > 0 {
			b.Add(alert(id, 2, events.Resolved), uint64(2*i+2))
		}
	}
	if _, ok := b.Alert("0"); !ok {
		t.Error("an open alert was forgotten")
	}
	if _, ok := b.Alert("1"); ok {
		t.Error("the longest resolved alert was kept")
	}
	if n := len(b.Alerts(Filter{})); n > keep {
		t.Errorf("%d alerts are kept", n)
	}
}

func TestBoardBoundsEvidence(t *testing.T) {
	var b Board
	a := alert("x", 1, events.Opened)
	a.Articles = make([]events.Evidence, keepEvidence/2+1)
	b.Add(a, 1)
	a.Version, a.State = 2, events.Updated
	b.Add(a, 2)
	l, _ := b.Alert("x")
	if len(l.Versions) != 2 || l.Versions[0].Articles != nil || len(l.Last().Articles) != len(a.Articles) || b.evidence != len(a.Articles) {
		t.Errorf("%d articles stand in %d versions", b.evidence, len(l.Versions))
	}
}

func TestAPI(t *testing.T) {
	b := &Board{}
	b.Add(alert("x", 1, events.Opened), 7)
	srv := serve(t, &Server{Board: b, Explain: func(id string) (Explanation, bool) { return Explanation{Query: "nato"}, id == "x" }})
	for path, want := range map[string]int{
		"/api/v1/alerts": 200, "/api/v1/alerts?state=open&limit=2": 200, "/api/v1/alerts/x": 200, "/api/v1/alerts/x/explain": 200,
		"/api/v1/alerts/y": 404, "/api/v1/alerts/y/explain": 404, "/api/v1/alerts?limit=0": 400, "/api/v1/alerts?limit=x": 400,
		"/api/v1/alerts?min_level=loud": 400, "/api/v1/alerts?before=x": 400, "/api/v1/nothing": 404, "/api/v1/stories": 404,
	} {
		status, h, body := get(t, srv.URL+path)
		if status != want {
			t.Errorf("%s: %d, want %d: %s", path, status, want, body)
		}
		if want >= 400 && h.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: a problem comes as %s", path, h.Get("Content-Type"))
		}
		if !json.Valid([]byte(body)) {
			t.Errorf("%s: not JSON: %s", path, body)
		}
	}
}

func TestStreamResumesAfterTheLastEvent(t *testing.T) {
	b := &Board{}
	for i := 1; i <= 3; i++ {
		b.Add(alert("x", i, events.Updated), uint64(10*i))
	}
	srv := serve(t, &Server{Board: b})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/alerts/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Last-Event-ID", "10")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func() (id string, a events.Alert) {
		for lines.Scan() {
			if v, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				id = v
			}
			if v, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(v), &a); err != nil {
					t.Fatal(err)
				}
				return id, a
			}
		}
		t.Fatal("the stream ended")
		return
	}
	for _, want := range []string{"20", "30"} {
		if id, _ := next(); id != want {
			t.Errorf("event %s, want %s", id, want)
		}
	}
	b.Add(alert("y", 1, events.Opened), 40)
	if id, a := next(); id != "40" || a.ID != "y" {
		t.Errorf("live event %s of %s", id, a.ID)
	}
}

// Whatever a publisher writes, a page holds no markup, no script and no link
// that is not ours.
func TestContentIsInert(t *testing.T) {
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}</title>`
	a := alert("x", 1, events.Opened)
	a.Headline, a.Reason, a.Watch, a.Changed, a.Missing, a.Also = evil, evil, evil, evil, evil, []string{evil}
	a.Articles = []events.Evidence{{ID: "1", Source: evil, URL: "javascript:alert(1)", Title: evil, Origin: evil, Why: evil}}
	b := &Board{}
	b.Add(a, 1)
	st := Story{ID: "s", Headline: evil, Phase: evil, Articles: a.Articles, Langs: []Tongue{{evil, noon}}, Audit: []Change{{noon, evil}}}
	s := &Server{
		Board: b, Version: evil, Stories: func() []Story { return []Story{st} }, Story: func(string) (Story, bool) { return st, true },
		Explain: func(string) (Explanation, bool) { return poisoned(evil), true },
		Watches: fixed{{Name: evil, From: evil, Value: watch.Definition{Name: evil, About: evil, Query: evil, Level: evil, Budget: evil}}},
		Silences: fixed{{Name: evil, Value: subscription.Silence{
			ID: evil, Watch: evil, Alert: evil, Story: evil, Entity: evil, Source: evil, Query: evil, UpTo: evil, Author: evil, Comment: evil, Until: noon,
		}}},
		Article: func(string) (events.Enriched, bool) { return poisonedArticle(evil), true }, Care: boardCare{b},
		Misses: func() []NearMiss { return []NearMiss{{Watch: evil, Story: evil, Headline: evil, Lacks: evil}} },
		Sources: func() []Source {
			return []Source{{ID: evil, Kind: evil, URL: "javascript:alert(1)", State: evil, Error: evil, Note: evil, MovedTo: evil, Family: evil, Country: evil}}
		},
	}
	word := subscription.Word{Who: evil, Note: evil, At: noon, Until: s.now().AddDate(1, 0, 0), Version: 1}
	b.SetCare(subscription.Care{Alert: "x", Acknowledged: &word, Snoozed: &word})
	srv := serve(t, s)
	in := url.QueryEscape(evil)
	for _, path := range []string{
		"/", "/?q=" + in + "&watch=" + in + "&state=" + in, "/alerts/x", "/stories", "/stories?q=" + in + "&lang=" + in, "/stories/s", "/misses", "/sources", "/articles/x", "/watches", "/silences",
		"/nothing/%3Cscript>alert(1)%3C",
	} {
		status, h, body := get(t, srv.URL+path)
		if status == http.StatusInternalServerError {
			t.Errorf("%s: %s", path, body)
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: no policy", path)
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" && (n.FirstChild != nil || attr(n, "src") != "/static/tocsin.js") || n.Data == "img" && attr(n, "src") != "/static/tocsin.svg" {
				t.Errorf("%s: %s came through", path, n.Data)
			}
			for _, at := range n.Attr {
				if strings.HasPrefix(at.Key, "on") || strings.HasPrefix(strings.TrimSpace(at.Val), "javascript:") {
					t.Errorf("%s: %s=%q came through", path, at.Key, at.Val)
				}
			}
		}
	}
	_, _, atom := get(t, srv.URL+"/alerts.atom")
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(atom), &feed); err != nil || len(feed.Entries) != 1 || !strings.Contains(feed.Entries[0].Title, "<script>") {
		t.Errorf("atom: %v %+v", err, feed)
	}
	if _, _, body := get(t, srv.URL+"/alerts.json"); !json.Valid([]byte(body)) {
		t.Error("JSON Feed is not JSON")
	}
}

// fixed is a shelf that nobody writes to.
type fixed []Document

func (f fixed) Documents() []Document            { return f }
func (f fixed) Document(string) (Document, bool) { return Document{}, false }
func (f fixed) Put(context.Context, Writing) (Document, bool, error) {
	return Document{}, false, ErrReadOnly
}
func (f fixed) Delete(context.Context, Writing) error                 { return ErrReadOnly }
func (f fixed) Test(context.Context, Writing, int, bool) (any, error) { return nil, ErrReadOnly }

// poisonedArticle is an article with s wherever a text can stand.
func poisonedArticle(s string) events.Enriched {
	all := []events.Mention{{Field: events.FieldTitle, Start: 0, End: len(s)}, {Field: events.FieldText, Start: 0, End: len(s)}}
	lat, lon := 1.0, 2.0
	return events.Enriched{
		Article: events.Article{ID: s, Source: s, URL: "javascript:alert(1)", Title: s, Text: s, Origin: s}, Lang: s, Kind: s, KindReason: s,
		Entities: []events.Entity{{ID: s, Name: s, Kind: s, Country: s, Reason: s, Mentions: all, Lat: &lat, Lon: &lon}},
		Topics:   []events.Tag{{Topic: s, Rule: s, Evidence: all}}, Says: []events.Statement{{Stance: s, Speaker: s, Words: all[1]}},
	}
}

// poisoned is an explanation with s wherever a text can stand.
func poisoned(s string) Explanation {
	e := events.Evidence{ID: s, Source: s, URL: "javascript:alert(1)", Title: s, Origin: s, Why: "copies " + s, PublishedAt: noon}
	g := Grounds{
		Evidence: e, Counts: true, Lang: s, Kind: s, KindReason: s, Agency: &Agency{Key: s, Words: s}, Family: s, FetchedAt: noon, Lacks: []string{s},
		Says: []Saying{{Stance: s, Speaker: s, SpeakerID: s, Words: s}}, Places: []Place{{ID: s, Name: s, Country: s, Lat: 1, Lon: 2}},
		Terms: []Met{{Term: s, Words: []string{s}}}, Title: []Piece{{Words: s, Mark: s}}, Lines: []Line{{Pieces: []Piece{{Words: s, Mark: s}, {Words: s}}}},
	}
	again := g
	again.ID, again.Counts, again.Repeats = s+"2", false, &Repeat{ID: s, Source: s, Title: s}
	return Explanation{
		Alert: alert("x", 1, s), Versions: []Version{{1, s, s, noon, 1, s}}, Query: s, Clauses: []Clause{{s, s, s, true}}, Missing: s,
		Origins: []Origin{{Key: s, First: s, Sources: []string{s}, Why: s}}, Articles: []Grounds{g, again},
		Story: &Standing{ID: s, Phase: s, Lead: s, Langs: []Tongue{{s, noon}}}, Near: []NearMiss{{Watch: s, Story: s, Headline: s, Lacks: s}},
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestReadersTokens(t *testing.T) {
	srv := serve(t, &Server{Board: &Board{}, Keys: Keys{{"desk", Reader, "sesame"}}})
	for name, c := range map[string]struct {
		set  func(*http.Request)
		want int
	}{
		"without a token":   {func(*http.Request) {}, 401},
		"a wrong token":     {func(r *http.Request) { r.Header.Set("Authorization", "Bearer sesam") }, 401},
		"the right token":   {func(r *http.Request) { r.Header.Set("Authorization", "Bearer sesame") }, 200},
		"from a browser":    {func(r *http.Request) { r.SetBasicAuth("", "sesame") }, 200},
		"an unknown scheme": {func(r *http.Request) { r.Header.Set("Authorization", "Digest sesame") }, 401},
	} {
		req, err := http.NewRequest(http.MethodGet, srv.URL+"/api/v1/alerts", nil)
		if err != nil {
			t.Fatal(err)
		}
		c.set(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, resp.StatusCode, c.want)
		}
	}
}

func TestForeignNamesAreRefused(t *testing.T) {
	h := (&Server{Board: &Board{}, Hosts: []string{"tocsin.example.org"}}).Handler()
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "tocsin.example.org": 200,
		"attacker.example": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestEmptyStates(t *testing.T) {
	for name, c := range map[string]struct {
		s    *Server
		want string
	}{
		"nothing yet":              {&Server{Board: &Board{}, Stories: func() []Story { return nil }}, "No alert is open"},
		"a process without alerts": {&Server{}, "does not follow alerts"},
	} {
		_, _, body := get(t, serve(t, c.s).URL)
		if !strings.Contains(body, c.want) {
			t.Errorf("%s: %q is not on the page", name, c.want)
		}
	}
}
