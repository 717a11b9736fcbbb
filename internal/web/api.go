package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Limits of one page of a list.
const (
	pageDefault = 50
	pageMost    = 500
)

func (s *Server) listAlerts(w http.ResponseWriter, r *http.Request) {
	f, err := filter(r)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error(), "watch, state (open or a state), min_level, before, limit")
		return
	}
	lives := s.Board.Alerts(f)
	page := map[string]any{"alerts": orEmpty(lives)}
	if len(lives) == f.Limit {
		page["before"] = strconv.FormatUint(lives[len(lives)-1].Seq, 10)
	}
	reply(w, page)
}

func filter(r *http.Request) (Filter, error) {
	q := r.URL.Query()
	f := Filter{Watch: q.Get("watch"), State: q.Get("state"), MinLevel: q.Get("min_level"), Limit: pageDefault}
	if f.MinLevel != "" && events.LevelRank(f.MinLevel) < 0 {
		return f, fmt.Errorf("min_level is %q: info elevated high or critical", f.MinLevel)
	}
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > pageMost {
			return f, fmt.Errorf("limit is %q: a number from 1 to %d", v, pageMost)
		}
		f.Limit = n
	}
	if v := q.Get("before"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			return f, fmt.Errorf("before is %q: the cursor of the page before", v)
		}
		f.Before = n
	}
	return f, nil
}

func (s *Server) getAlert(w http.ResponseWriter, r *http.Request) {
	life, ok := s.Board.Alert(r.PathValue("id"))
	if !ok {
		problem(w, http.StatusNotFound, "there is no such alert", "it may be older than what is kept: GET /api/v1/alerts lists them")
		return
	}
	reply(w, life)
}

func (s *Server) explain(w http.ResponseWriter, r *http.Request) {
	if s.Explain != nil {
		if e, ok := s.Explain(r.PathValue("id")); ok {
			reply(w, e)
			return
		}
	}
	problem(w, http.StatusNotFound, "there is no explanation of this alert", "its evidence may be older than what is kept")
}

func (s *Server) listStories(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{"stories": orEmpty(s.Stories())})
}

func (s *Server) getStory(w http.ResponseWriter, r *http.Request) {
	if st, ok := s.Story(r.PathValue("id")); ok {
		reply(w, st)
		return
	}
	problem(w, http.StatusNotFound, "there is no such story", "it may have left the window: GET /api/v1/stories lists the live ones")
}

// stream tells alert versions as server-sent events: id is the place in the
// stream of alerts, so that Last-Event-ID resumes after it.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	after := s.Board.position()
	if v := r.Header.Get("Last-Event-ID"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			problem(w, http.StatusBadRequest, "Last-Event-ID is not a number", "send the id of the last event that arrived")
			return
		}
		after = n
	}
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, ": alerts\n\n")
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	go func() {
		select {
		case <-s.Done:
			stop()
		case <-ctx.Done():
		}
	}()
	for {
		_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
		if c.Flush() != nil || ctx.Err() != nil {
			return
		}
		more := s.Board.wait(ctx, after, 20*time.Second)
		if len(more) == 0 {
			fmt.Fprint(w, ": still here\n\n")
		}
		for _, m := range more {
			fmt.Fprintf(w, "id: %d\nevent: alert\ndata: ", m.seq)
			write(w, m.alert) // one line of JSON
			fmt.Fprint(w, "\n")
			after = m.seq
		}
	}
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
