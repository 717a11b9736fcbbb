package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

//go:embed page/*.html
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"utc": func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") },
	"iso": stamp, "host": host, "link": link, "language": LanguageName, "lead": Lead,
	"brief": brief,
	"num":   func(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) },
	"prob":  func(p *float64) string { return fmt.Sprintf("%.2g", *p) },
	"deg":   func(x *float64) string { return fmt.Sprintf("%.2f", *x) },
	"size":  func(unit float64) string { return strconv.FormatFloat(12*unit, 'g', 4, 64) },
	"every": func(seconds float64) string { return Span(time.Duration(seconds * float64(time.Second))) },
}).ParseFS(pageFiles, "page/*.html"))

// host is what a reader should see of an address before following it.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// link is the address if a browser may follow it, else empty.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return address
}

// frame is what every page has: its title, and the way to the others.
type frame struct {
	Title, Version string
	Nav            []signpost
}

// signpost is a page that the others lead to.
type signpost struct {
	Path, Name string
	Here       bool
}

func (s *Server) frame(title, here string) frame {
	f := frame{Title: title, Version: s.Version}
	add := func(offered bool, path, name string) {
		if offered {
			f.Nav = append(f.Nav, signpost{path, name, path == here})
		}
	}
	add(true, "/", "Alerts")
	add(s.Stories != nil, "/stories", "Stories")
	add(s.Misses != nil, "/misses", "Near misses")
	add(s.Watches != nil, "/watches", "Watches")
	add(s.Silences != nil, "/silences", "Silences")
	add(s.Sources != nil, "/sources", "Sources")
	return f
}

// shownGrounds is how many articles of an explanation stand open.
const shownGrounds = 40

func (s *Server) alertPage(w http.ResponseWriter, r *http.Request) {
	life, ok := s.Board.Alert(r.PathValue("id"))
	if !ok {
		s.notFound(w, "alert", r.PathValue("id"))
		return
	}
	data := struct {
		frame
		Life
		Alert       events.Alert
		Explain     *Explanation
		First, Rest []Grounds
		Line        *timeline
		Map         *atlas
		Hand        bool // whether people may say something of it here
		Snoozes     []string
	}{frame: s.frame(life.Last().Headline, ""), Life: life, Alert: life.Last(), Hand: s.Care != nil, Snoozes: snoozes}
	if s.Explain != nil {
		if e, ok := s.Explain(life.ID); ok {
			n := min(len(e.Articles), shownGrounds)
			line := draw(e)
			data.Explain, data.First, data.Rest, data.Line, data.Map = &e, e.Articles[:n], e.Articles[n:], &line, mapped(e.Articles)
		}
	}
	render(w, http.StatusOK, "alert.html", data)
}

func (s *Server) articlePage(w http.ResponseWriter, r *http.Request) {
	e, ok := s.Article(r.PathValue("id"))
	if !ok {
		s.notFound(w, "article", r.PathValue("id"))
		return
	}
	render(w, http.StatusOK, "article.html", struct {
		frame
		Marked Marked
	}{s.frame(e.Article.Title, ""), MarkUp(e, nil)})
}

func (s *Server) notFound(w http.ResponseWriter, what, name string) {
	render(w, http.StatusNotFound, "lost.html", struct {
		frame
		What, Name string
	}{s.frame("Not here", ""), what, name})
}

// render writes a page whole, or says that it cannot be shown.
func render(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		trouble(http.StatusInternalServerError, "this page cannot be shown, please report it: "+err.Error()).write(w)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error is a reader who left
}
