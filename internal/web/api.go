package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Limits of one page of a list.
const (
	pageDefault = 50
	pageMost    = 500
)

// alertList is a page of alerts.
type alertList struct {
	Alerts []Life `json:"alerts"`
	// Before is the cursor of the next page; without it there is none.
	Before string `json:"before,omitempty"`
}

func (s *Server) listAlerts(w http.ResponseWriter, r *http.Request) error {
	f, err := filter(r)
	if err != nil {
		return err
	}
	page := alertList{Alerts: orEmpty(s.Board.Alerts(f))}
	if n := len(page.Alerts); n == f.Limit {
		page.Before = strconv.FormatUint(page.Alerts[n-1].Seq, 10)
	}
	reply(w, page)
	return nil
}

func filter(r *http.Request) (f Filter, err error) {
	q := r.URL.Query()
	f = Filter{Watch: q.Get("watch"), State: q.Get("state"), MinLevel: q.Get("min_level")}
	if f.MinLevel != "" && events.LevelRank(f.MinLevel) < 0 {
		return f, trouble(http.StatusBadRequest, fmt.Sprintf("min_level is %q: info elevated high or critical", f.MinLevel))
	}
	if !slices.Contains(states, f.State) {
		return f, trouble(http.StatusBadRequest, fmt.Sprintf("state is %q: open opened updated escalated or resolved", f.State))
	}
	if v := q.Get("before"); v != "" {
		if f.Before, err = strconv.ParseUint(v, 10, 64); err != nil {
			return f, trouble(http.StatusBadRequest, fmt.Sprintf("before is %q: the cursor that the page before gave", v))
		}
	}
	f.Limit, err = number(r, "limit", 1, pageMost, pageDefault)
	return f, err
}

var states = []string{"", "open", events.Opened, events.Updated, events.Escalated, events.Resolved}

func (s *Server) getAlert(w http.ResponseWriter, r *http.Request) error {
	life, ok := s.Board.Alert(r.PathValue("id"))
	if !ok {
		return noAlert
	}
	reply(w, life)
	return nil
}

func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	e, ok := s.Explain(r.PathValue("id"))
	if !ok {
		return trouble(http.StatusNotFound, "there is no explanation of this alert: its evidence may be older than what is kept")
	}
	if life, ok := s.Board.Alert(e.Alert.ID); ok {
		e.Care = life.Care
	}
	reply(w, e)
	return nil
}

// storyList is the live stories.
type storyList struct {
	Stories []Story `json:"stories"`
}

func (s *Server) listStories(w http.ResponseWriter, _ *http.Request) error {
	reply(w, storyList{orEmpty(s.Stories())})
	return nil
}

func (s *Server) getStory(w http.ResponseWriter, r *http.Request) error {
	st, ok := s.Story(r.PathValue("id"))
	if !ok {
		return trouble(http.StatusNotFound, "there is no such story: it may have left the window; GET /api/v1/stories lists the live ones")
	}
	reply(w, st)
	return nil
}

// stream tells alert versions as server-sent events: id is the place in the
// stream of alerts, so that Last-Event-ID resumes after it.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	after := s.Board.position()
	if v := r.Header.Get("Last-Event-ID"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			return trouble(http.StatusBadRequest, fmt.Sprintf("Last-Event-ID is %q: the id of the last event that arrived", v))
		}
		after = n
	}
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return nil
	}
	fmt.Fprint(w, ": alerts\n\n")
	say := func(seq uint64, a events.Alert) {
		_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
		fmt.Fprintf(w, "id: %d\nevent: alert\ndata: ", seq)
		write(w, a) // one line of JSON
		fmt.Fprint(w, "\n")
		after = seq
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	go func() {
		select {
		case <-s.Done:
			stop()
		case <-ctx.Done():
		}
	}()
	if first := s.Board.oldest(); s.Past != nil && after+1 < first {
		// What the board holds no more is read from the stream itself.
		if err := s.Past(ctx, after, first, say); err != nil {
			return nil //nolint:nilerr // the listener comes again with the last id that it has
		}
	}
	for {
		_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
		if c.Flush() != nil || ctx.Err() != nil {
			return nil
		}
		more := s.Board.wait(ctx, after, 20*time.Second)
		if len(more) == 0 {
			fmt.Fprint(w, ": still here\n\n")
		}
		for _, m := range more {
			say(m.seq, m.alert)
		}
	}
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
