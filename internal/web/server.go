package web

import (
	"context"
	"embed"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Server answers for the console and the API. Its fields are what it shows;
// one that is nil is not shown.
type Server struct {
	Board *Board
	// Stories lists the live stories, the most recent first; Story gives one.
	Stories func() []Story
	Story   func(id string) (Story, bool)
	// Article gives one article and what was understood of it.
	Article func(id string) (events.Enriched, bool)
	// Explain walks an alert back to the words it rests on.
	Explain func(id string) (Explanation, bool)
	// Misses are the situations that nearly are an alert, the latest first.
	Misses func() []NearMiss
	// Sources tells the health of every source, by id.
	Sources func() []Source
	// Push takes articles (POST /api/v1/articles); it checks its own tokens.
	Push http.Handler
	// Care keeps what people say of alerts.
	Care Carer
	// Past tells the alert versions of the stream between two places, both left
	// out: those that the board holds no more.
	Past func(ctx context.Context, after, before uint64, tell func(seq uint64, a events.Alert)) error
	// Archive finds articles.
	Archive Archive
	// Watches, Subscriptions and Silences are what people write.
	Watches, Subscriptions, Silences Shelf
	// Keys are the tokens. Without one of a reader or analyst, whoever can reach
	// the address may read.
	Keys Keys
	// Operator is what an administrator may do here.
	Operator Operator
	// Hosts are the names under which the console may be addressed, besides
	// numeric addresses and localhost: a page of another name that resolves to
	// this machine (DNS rebinding) is refused.
	Hosts []string
	// Version is shown on the page.
	Version string
	Now     func() time.Time
	// Log takes what people changed, and faults of our own; nil for nowhere.
	Log *slog.Logger
	// Done ends the live streams when it is closed.
	Done <-chan struct{}
}

//go:embed static
var static embed.FS

// Handler routes to everything that s has.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	read := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, s.reader(h)) }
	mux.Handle("GET /static/", http.FileServerFS(static))
	s.mount(mux, s.calls())
	read("GET /{$}", s.alertsPage)
	if s.Board != nil {
		read("GET /alerts/{id}", s.alertPage)
	}
	if s.Board != nil && s.Care != nil {
		mux.HandleFunc("POST /alerts/{id}/care", s.carePage)
	}
	if s.Article != nil {
		read("GET /articles/{id}", s.articlePage)
	}
	if s.Stories != nil {
		read("GET /stories", s.storiesPage)
		read("GET /stories/{id}", s.storyPage)
	}
	if s.Sources != nil {
		read("GET /sources", s.sourcesPage)
	}
	if s.Watches != nil {
		read("GET /watches", s.watchesPage)
	}
	if s.Silences != nil {
		read("GET /silences", s.silencesPage)
	}
	if s.Misses != nil {
		read("GET /misses", s.missesPage)
	}
	read("/", s.lost)
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		trouble(http.StatusForbidden, "a page of another site may not do this").write(w)
	}))
	return s.guard(origin.Handler(mux))
}

// guard sets the headers that every answer has, and refuses foreign names.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !s.known(r.Host) {
			s.refuse(w, r, trouble(http.StatusMisdirectedRequest, "this name is not served here: add it to hosts in the configuration, or use the address itself"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) known(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(s.Hosts, name) {
		return true
	}
	_, err = netip.ParseAddr(name)
	return err == nil
}

// reader lets those see a page who may read.
func (s *Server) reader(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, refused := s.Keys.admit(r, Reader)
		if refused != nil {
			s.refuse(w, r, refused)
			return
		}
		next(w, withHolder(r, who))
	})
}

func (s *Server) lost(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		trouble(http.StatusNotFound, "there is nothing at "+r.URL.Path+": GET /openapi.json tells what there is").write(w)
		return
	}
	s.notFound(w, "page", r.URL.Path)
}
