package web

import (
	"crypto/subtle"
	"embed"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Server answers for the console and the API. Its fields are what it shows;
// one that is nil is not shown.
type Server struct {
	Board *Board
	// Stories lists the live stories, the most recent first; Story gives one.
	Stories func() []Story
	Story   func(id string) (Story, bool)
	// Explain walks an alert back to the words it rests on.
	Explain func(id string) (Explanation, bool)
	// Misses are the situations that nearly are an alert, the latest first.
	Misses func() []NearMiss
	// Sources tells the health of every source, by id.
	Sources func() []Source
	// Push takes articles (POST /api/v1/articles); it checks its own tokens.
	Push http.Handler
	// Readers are the tokens that may read. Without any, whoever can reach
	// the address may.
	Readers []string
	// Operator is what an administrator may do here.
	Operator Operator
	// Hosts are the names under which the console may be addressed, besides
	// numeric addresses and localhost: a page of another name that resolves to
	// this machine (DNS rebinding) is refused.
	Hosts []string
	// Version is shown on the page.
	Version string
	Now     func() time.Time
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
	if s.Push != nil {
		mux.Handle("POST /api/v1/articles", s.Push)
	}
	read("GET /{$}", s.alertsPage)
	if s.Board != nil {
		read("GET /alerts/{id}", s.alertPage)
		read("GET /alerts.json", s.jsonFeed)
		read("GET /alerts.atom", s.atomFeed)
		read("GET /api/v1/alerts", s.listAlerts)
		read("GET /api/v1/alerts/stream", s.stream)
		read("GET /api/v1/alerts/{id}", s.getAlert)
		read("GET /api/v1/alerts/{id}/explain", s.explain)
	}
	if s.Stories != nil {
		read("GET /stories", s.storiesPage)
		read("GET /stories/{id}", s.storyPage)
		read("GET /api/v1/stories", s.listStories)
		read("GET /api/v1/stories/{id}", s.getStory)
	}
	if s.Sources != nil {
		read("GET /sources", s.sourcesPage)
		read("GET /api/v1/sources", func(w http.ResponseWriter, _ *http.Request) {
			reply(w, map[string]any{"sources": orEmpty(s.Sources())})
		})
	}
	if s.Misses != nil {
		read("GET /misses", s.missesPage)
	}
	s.Operator.routes(mux)
	read("/", s.lost)
	return http.NewCrossOriginProtection().Handler(s.guard(mux))
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
			problem(w, http.StatusMisdirectedRequest, "this name is not served here", "add it to hosts in the configuration, or use the address itself")
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

// reader lets those pass who may read: a bearer token, or the token as the
// password of HTTP Basic so that a browser can ask for it.
func (s *Server) reader(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(s.Readers) > 0 && !mayAs(r, s.Readers) {
			w.Header().Set("WWW-Authenticate", `Basic realm="Tocsin: a reader's token as the password", charset="UTF-8"`)
			problem(w, http.StatusUnauthorized, "a token that may read is needed", "send it as Authorization: Bearer TOKEN, or as the password of HTTP Basic")
			return
		}
		next(w, r)
	})
}

// mayAs reports whether the request carries one of tokens.
func mayAs(r *http.Request, tokens []string) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		if _, token, ok = r.BasicAuth(); !ok {
			return false
		}
	}
	good := 0
	for _, t := range tokens {
		good |= subtle.ConstantTimeCompare([]byte(t), []byte(token))
	}
	return good == 1
}

func (s *Server) lost(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		problem(w, http.StatusNotFound, "there is nothing at "+r.URL.Path, "see docs/api.md for what there is")
		return
	}
	s.notFound(w, "page", r.URL.Path)
}

// problem answers as RFC 9457 says.
func problem(w http.ResponseWriter, status int, title, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	write(w, map[string]any{"type": "about:blank", "status": status, "title": title, "detail": detail})
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	write(w, v)
}

// write ignores an error: the reader is gone, and there is nobody to tell.
func write(w http.ResponseWriter, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true)
	_ = e.Encode(v)
}
