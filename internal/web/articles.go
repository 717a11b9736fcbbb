package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Archive is the articles that the stream holds, as they were understood.
type Archive interface {
	// Search looks for articles from the latest back, as far as one call goes.
	Search(ctx context.Context, s Search) (ArticlePage, error)
	// Article is one of them. ErrAbsent: it is not among those that are indexed.
	Article(ctx context.Context, id string) (events.Enriched, error)
	// Why is an article's way through every gate; also of one that is not
	// understood yet, or never was.
	Why(ctx context.Context, id string) (Way, error)
}

// Search chooses articles. A zero field chooses all.
type Search struct {
	Query    *query.Query
	From, To time.Time // of fetching: [From, To)
	// Source is a publisher, or a domain with those beneath it; Lang a language.
	Source, Lang string
	// Before is a place in the stream: only articles before it.
	Before uint64
	Limit  int
}

// ArticlePage is a page of articles, the latest first.
type ArticlePage struct {
	Articles []ArticleLine `json:"articles"`
	// Cursor goes on where this page ended; without it there is no more.
	Cursor string `json:"cursor,omitempty"`
	// Looked is how many articles this call looked at, of at most Bound: a page
	// with a cursor may be short, or empty.
	Looked int `json:"looked_at"`
	Bound  int `json:"bound"`
	// Back is the time of fetching that it looked back to.
	Back time.Time `json:"looked_back_to,omitzero"`
}

// ArticleLine is an article in a list.
type ArticleLine struct {
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	URL         string    `json:"url,omitempty"`
	Title       string    `json:"title"`
	Lang        string    `json:"lang"`
	Kind        string    `json:"kind,omitempty"`
	PublishedAt time.Time `json:"published_at,omitzero"`
	FetchedAt   time.Time `json:"fetched_at,omitzero"`
	Revision    int       `json:"revision"`
	Topics      []string  `json:"topics"`
	// Entities are the names of the linked ones.
	Entities []string `json:"entities"`
}

// ArticleLineOf is an article as lists have it.
func ArticleLineOf(e events.Enriched) ArticleLine {
	a := e.Article
	l := ArticleLine{
		ID: a.ID, Source: a.Source, URL: a.URL, Title: a.Title, Lang: e.Lang, Kind: e.Kind,
		PublishedAt: a.PublishedAt, FetchedAt: a.FetchedAt, Revision: a.Revision, Topics: []string{}, Entities: []string{},
	}
	for _, t := range e.Topics {
		l.Topics = append(l.Topics, t.Topic)
	}
	for _, x := range e.Entities {
		if x.ID != "" {
			l.Entities = append(l.Entities, x.Name)
		}
	}
	return l
}

// articlesMost is the most that one page holds.
const articlesMost = 200

func (s *Server) archiveCalls() []call {
	has := s.Archive != nil
	return []call{
		{
			method: "GET", path: "/api/v1/articles", role: Reader, tag: "articles", summary: "Articles as they were understood, the latest first",
			params: []param{
				{name: "q", about: "a query in the language of watches", example: ""},
				{name: "from", about: "fetched at this time or later (RFC 3339, or a day)", example: ""},
				{name: "to", about: "fetched before this time (RFC 3339, or a day)", example: ""},
				{name: "source", about: "of this publisher, or of a domain beneath it", example: ""},
				{name: "lang", about: "in this language (BCP 47)", example: ""},
				{name: "limit", about: "1 to 200, 50 unless said", example: 0},
				{name: "cursor", about: "the cursor that the page before gave", example: ""},
			},
			gives: ArticlePage{}, fails: []int{400, 429}, serve: offered(has, s.searchArticles),
		},
		{method: "GET", path: "/api/v1/articles/{id}", role: Reader, tag: "articles", summary: "One article, with what was understood of it", gives: events.Enriched{}, fails: []int{404}, serve: offered(has, s.getArticle)},
		{
			method: "GET", path: "/api/v1/articles/{id}/why", role: Reader, tag: "articles", summary: "Its way through every gate, from the door to the notifications",
			gives: Way{}, fails: []int{404}, serve: offered(has, s.whyArticle),
		},
	}
}

func (s *Server) searchArticles(w http.ResponseWriter, r *http.Request) error {
	q, err := searching(r)
	if err != nil {
		return err
	}
	page, err := s.Archive.Search(r.Context(), q)
	if err != nil {
		return err
	}
	reply(w, page)
	return nil
}

func searching(r *http.Request) (s Search, err error) {
	v := r.URL.Query()
	s = Search{Source: v.Get("source"), Lang: v.Get("lang")}
	if s.Limit, err = number(r, "limit", 1, articlesMost, pageDefault); err != nil {
		return s, err
	}
	if s.From, err = moment("from", v.Get("from")); err != nil {
		return s, err
	}
	if s.To, err = moment("to", v.Get("to")); err != nil {
		return s, err
	}
	if c := v.Get("cursor"); c != "" {
		if s.Before, err = strconv.ParseUint(c, 10, 64); err != nil || s.Before == 0 {
			return s, trouble(http.StatusBadRequest, fmt.Sprintf("cursor is %q: the cursor that the page before gave", c))
		}
	}
	if q := v.Get("q"); q != "" {
		s.Query, err = query.Parse(q)
		var wrong *query.Error
		if errors.As(err, &wrong) {
			p := trouble(http.StatusBadRequest, "q cannot be read")
			p.Errors = faultsOf(wrong)
			return s, p
		}
	}
	return s, err
}

// moment reads a time, or a day for its beginning in UTC.
func moment(name, v string) (time.Time, error) {
	if v == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, v); err == nil {
			return t, nil
		}
	}
	return time.Time{}, trouble(http.StatusBadRequest, fmt.Sprintf("%s is %q: a time such as 2026-01-02T15:04:05Z, or a day", name, v))
}

func (s *Server) getArticle(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Archive.Article(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	reply(w, e)
	return nil
}

func (s *Server) whyArticle(w http.ResponseWriter, r *http.Request) error {
	way, err := s.Archive.Why(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	reply(w, way)
	return nil
}
