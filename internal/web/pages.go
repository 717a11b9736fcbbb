package web

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

//go:embed page/*.html
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"utc":  func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") },
	"iso":  stamp,
	"host": host,
	"link": link,
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

// shownStories is how many stories the first page lists.
const shownStories = 40

func (s *Server) home(w http.ResponseWriter, _ *http.Request) {
	data := struct {
		Version         string
		Alerts, Past    []Life
		Stories         []Story
		Following, Live bool
	}{Version: s.Version, Following: s.Board != nil, Live: s.Stories != nil}
	if s.Board != nil {
		for _, l := range s.Board.Alerts(Filter{Limit: 200}) {
			if l.Open() {
				data.Alerts = append(data.Alerts, l)
			} else if len(data.Past) < 20 {
				data.Past = append(data.Past, l)
			}
		}
	}
	if s.Stories != nil {
		data.Stories = s.Stories()
		if len(data.Stories) > shownStories {
			data.Stories = data.Stories[:shownStories]
		}
	}
	render(w, http.StatusOK, "home.html", data)
}

func (s *Server) alertPage(w http.ResponseWriter, r *http.Request) {
	life, ok := s.Board.Alert(r.PathValue("id"))
	if !ok {
		s.notFound(w, "alert", r.PathValue("id"))
		return
	}
	data := struct {
		Version string
		Life
		Alert   events.Alert
		Explain *Explanation
	}{Version: s.Version, Life: life, Alert: life.Last()}
	if s.Explain != nil {
		if e, ok := s.Explain(life.ID); ok {
			data.Explain = &e
		}
	}
	render(w, http.StatusOK, "alert.html", data)
}

func (s *Server) storyPage(w http.ResponseWriter, r *http.Request) {
	st, ok := s.Story(r.PathValue("id"))
	if !ok {
		s.notFound(w, "story", r.PathValue("id"))
		return
	}
	render(w, http.StatusOK, "story.html", struct {
		Version string
		Story   Story
	}{s.Version, st})
}

func (s *Server) notFound(w http.ResponseWriter, what, name string) {
	render(w, http.StatusNotFound, "lost.html", struct{ Version, What, Name string }{s.Version, what, name})
}

func render(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The templates are parsed and tested; an error here is a reader who left.
	_ = pages.ExecuteTemplate(w, name, data)
}
