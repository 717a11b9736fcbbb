package app

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func (r *running) search(t *testing.T, q string) web.ArticlePage {
	t.Helper()
	resp, body := r.send(t, "GET", "/api/v1/articles?"+q, r.token("reader"), "")
	var page web.ArticlePage
	if err := json.Unmarshal([]byte(body), &page); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s: %v", q, resp.StatusCode, body, err)
	}
	return page
}

func TestArticlesAreFound(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T15:00")
	all := r.search(t, "limit=200")
	if all.Cursor != "" || all.Looked != len(all.Articles) || len(all.Articles) < 8 {
		t.Fatalf("%d of %d, cursor %q", len(all.Articles), all.Looked, all.Cursor)
	}
	count := func(keep func(web.ArticleLine) bool) int {
		return len(slices.DeleteFunc(slices.Clone(all.Articles), func(l web.ArticleLine) bool { return !keep(l) }))
	}
	noon := time.Date(2024, 11, 23, 14, 0, 0, 0, time.UTC)
	for q, keep := range map[string]func(web.ArticleLine) bool{
		"lang=fr": func(l web.ArticleLine) bool { return l.Lang == "fr" },
		"source=courier.example": func(l web.ArticleLine) bool {
			return strings.HasSuffix(l.Source, "courier.example") && l.Source != "sundaycourier.example"
		},
		"from=2024-11-23T14:00:00Z": func(l web.ArticleLine) bool { return !l.FetchedAt.Before(noon) },
		"to=2024-11-23T14:00:00Z":   func(l web.ArticleLine) bool { return l.FetchedAt.Before(noon) },
		"from=2024-11-24":           func(web.ArticleLine) bool { return false },
		"q=" + url.QueryEscape(`topic:weapons.missile AND "north korea"~`): nil,
	} {
		got := r.search(t, q)
		if keep == nil {
			if len(got.Articles) == 0 || len(got.Articles) == len(all.Articles) {
				t.Errorf("%s: %d of %d", q, len(got.Articles), len(all.Articles))
			}
			continue
		}
		if want := count(keep); len(got.Articles) != want {
			t.Errorf("%s: %d, want %d", q, len(got.Articles), want)
		}
	}
	var paged []web.ArticleLine
	for q := "limit=3"; ; {
		page := r.search(t, q)
		paged = append(paged, page.Articles...)
		if page.Cursor == "" {
			break
		}
		q = "limit=3&cursor=" + page.Cursor
	}
	if !slices.EqualFunc(paged, all.Articles, func(a, b web.ArticleLine) bool { return a.ID == b.ID }) {
		t.Errorf("page by page %d articles, at once %d", len(paged), len(all.Articles))
	}
	resp, body := r.send(t, "GET", "/api/v1/articles/"+all.Articles[0].ID, r.token("reader"), "")
	var e events.Enriched
	if err := json.Unmarshal([]byte(body), &e); err != nil || resp.StatusCode != http.StatusOK || e.Validate() != nil || e.Article.ID != all.Articles[0].ID {
		t.Errorf("one: %d %v", resp.StatusCode, err)
	}
	for q, says := range map[string]string{
		"limit=0": "1 to 200", "limit=x": "1 to 200", "cursor=x": "cursor", "cursor=0": "cursor", "from=yesterday": "from", "q=(nato": `"column"`,
	} {
		if resp, body := r.send(t, "GET", "/api/v1/articles?"+q, r.token("reader"), ""); resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, says) {
			t.Errorf("%s: %d %s", q, resp.StatusCode, body)
		}
	}
	if resp, body := r.send(t, "GET", "/api/v1/articles/nothing", r.token("reader"), ""); resp.StatusCode != http.StatusNotFound || !strings.Contains(body, "524288") {
		t.Errorf("one that is not there: %d %s", resp.StatusCode, body)
	}
}

func (r *running) why(t *testing.T, id string) web.Way {
	t.Helper()
	resp, body := r.send(t, "GET", "/api/v1/articles/"+id+"/why", r.token("reader"), "")
	var way web.Way
	if err := json.Unmarshal([]byte(body), &way); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s: %v", resp.StatusCode, body, err)
	}
	return way
}

// Every gate says what it made of the article, also after a restart.
func TestAnArticlesWay(t *testing.T) {
	var c Config
	r := start(t, func(cfg *Config) { withWatches(t, allianceWatch)(cfg); manned(t, cfg); c = *cfg })
	r.oneByOne(t, "2024-11-23T13:00", "2024-11-23T14:20")
	alert := r.lives("alliance-missile")[0]
	until(t, "it is told", func() bool { return r.ends(t, alert.ID)[1].End == notify.Delivered })
	evidence := alert.Last().Articles
	other := events.Article{Source: "courier.example", URL: "https://courier.example/pumpkins", Title: "Pumpkins are late this year", Text: "Farmers blame the wet spring.", FetchedAt: evidence[0].PublishedAt.Add(time.Hour)}
	if err := r.Accept(t.Context(), other, true); err != nil {
		t.Fatal(err)
	}
	r.settle(t)
	for _, again := range []bool{false, true} {
		way := r.why(t, evidence[len(evidence)-1].ID)
		if way.Accepted.By != "push/replay" || len(way.Accepted.Versions) != 1 || way.Enriched == nil || way.Enriched.Linked == 0 {
			t.Errorf("after a restart %v: the door and the enricher: %+v %+v", again, way.Accepted, way.Enriched)
		}
		if way.Detected.State != "considered" || way.Story == nil || way.Story.ID != alert.Last().Story || len(way.Story.Shared) == 0 || way.Origin == nil || way.Origin.Why == "" {
			t.Errorf("after a restart %v: the story: %+v %+v %+v", again, way.Detected, way.Story, way.Origin)
		}
		if len(way.Watches) != 1 || way.Watches[0].Alert != alert.ID || len(way.Watches[0].Clauses) == 0 {
			t.Errorf("after a restart %v: the watches: %+v", again, way.Watches)
		}
		if len(way.Alerts) != 1 || way.Alerts[0].Version != 1 || len(way.Alerts[0].Told) != 1 || way.Alerts[0].Told[0].End != notify.Delivered {
			t.Errorf("after a restart %v: the alerts: %+v", again, way.Alerts)
		}
		page := r.search(t, "q=pumpkins")
		if len(page.Articles) != 1 {
			t.Fatalf("%+v", page)
		}
		way = r.why(t, page.Articles[0].ID)
		if len(way.Watches) != 0 || way.Unmatched != 1 || len(way.Alerts) != 0 || !strings.Contains(way.Summary, "no watch matched") {
			t.Errorf("of pumpkins: %+v", way)
		}
		if !again {
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			r = run(t, c)
		}
	}
	if resp, _ := r.send(t, "GET", "/api/v1/articles/nothing/why", r.token("reader"), ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("one that never came: %d", resp.StatusCode)
	}
}

// An article that could not be understood has its reason.
func TestTheWayOfADeadLetter(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	if _, err := bus.Publish(t.Context(), r.bus, "tocsin.article.poison", events.TypeArticle, "poison", json.RawMessage(`{"id":"p","source":"s"}`)); err != nil {
		t.Fatal(err)
	}
	r.settle(t)
	until(t, "it is dead", func() bool {
		resp, body := r.send(t, "GET", "/api/v1/articles/p/why", r.token("reader"), "")
		return resp.StatusCode == http.StatusOK && strings.Contains(body, "title: is empty")
	})
}

// People look at alerts and articles while articles come.
func TestManyLookAtOnce(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T14:20")
	alert := r.lives("alliance-missile")[0]
	var people sync.WaitGroup
	for _, path := range []string{
		"alerts/" + alert.ID + "/explain", "alerts", "stories", "stories/" + alert.Last().Story, "articles/" + alert.Last().Articles[0].ID + "/why", "articles", "watches", "silences",
	} {
		for range 2 {
			people.Go(func() {
				for range 5 {
					if status, body := r.call(t, "GET", "/api/v1/"+path, r.token("reader"), ""); status != http.StatusOK && status != http.StatusTooManyRequests {
						t.Errorf("%s: %d %s", path, status, body)
					}
				}
			})
		}
	}
	for _, a := range sample.Articles() {
		if at := a.FetchedAt.Format("15:04"); at > "14:20" {
			if err := r.Accept(t.Context(), a, true); err != nil {
				t.Error(err)
			}
		}
	}
	people.Wait()
	r.settle(t)
}
