package web

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// feedLength is how many alerts a feed holds.
const feedLength = 50

// jsonFeed is the alerts as JSON Feed 1.1, one item an alert.
func (s *Server) jsonFeed(w http.ResponseWriter, r *http.Request) error {
	type item struct {
		ID       string    `json:"id"`
		URL      string    `json:"url"`
		Title    string    `json:"title"`
		Text     string    `json:"content_text"`
		Opened   time.Time `json:"date_published"`
		Modified time.Time `json:"date_modified"`
		Tags     []string  `json:"tags"`
	}
	items := []item{}
	for _, l := range s.Board.Alerts(Filter{Limit: feedLength}) {
		a := l.Last()
		items = append(items, item{l.ID, base(r) + "/alerts/" + l.ID, headline(a), body(a), l.Opened(), a.At, []string{a.Watch, a.Level, a.State}})
	}
	w.Header().Set("Content-Type", "application/feed+json")
	write(w, map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": "Tocsin alerts", "home_page_url": base(r) + "/",
		"feed_url": base(r) + "/alerts.json", "items": items,
	})
	return nil
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Summary   string   `xml:"summary"`
}

// atomFeed is the alerts as Atom (RFC 4287), one entry an alert.
func (s *Server) atomFeed(w http.ResponseWriter, r *http.Request) error {
	feed := struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}{
		ID: base(r) + "/alerts.atom", Title: "Tocsin alerts", Author: "Tocsin", Updated: stamp(s.now()),
		Links: []atomLink{{"self", base(r) + "/alerts.atom"}, {"", base(r) + "/"}},
	}
	for i, l := range s.Board.Alerts(Filter{Limit: feedLength}) {
		a := l.Last()
		if i == 0 {
			feed.Updated = stamp(a.At)
		}
		feed.Entries = append(feed.Entries, atomEntry{
			"urn:tocsin:alert:" + l.ID, headline(a),
			atomLink{"", base(r) + "/alerts/" + l.ID},
			stamp(l.Opened()), stamp(a.At), body(a),
		})
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	_, _ = w.Write([]byte(xml.Header))
	_ = xml.NewEncoder(w).Encode(feed)
	return nil
}

func headline(a events.Alert) string { return strings.ToUpper(a.Level) + ": " + a.Headline }

func body(a events.Alert) string {
	var b strings.Builder
	b.WriteString(a.State + ": " + a.Reason + "\n")
	for _, e := range a.Articles {
		b.WriteString("\n" + e.Title + " (" + e.Source + ") " + e.URL)
	}
	return b.String()
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (s *Server) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func base(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
