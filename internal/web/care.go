package web

import (
	"context"
	"net/http"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
)

// Carer keeps what people say of alerts.
type Carer interface {
	// SetCare changes what is said of one alert with edit, which may be called
	// more than once, and returns what is said then. It counts for notifications
	// when SetCare returns.
	SetCare(ctx context.Context, alert string, edit func(*subscription.Care)) (subscription.Care, error)
}

// remark is what a person sends of an alert.
type remark struct {
	// Who says it; the token's name where it is left out.
	Who  string `json:"who,omitempty"`
	Note string `json:"note,omitempty"`
	// Until is when it lapses; For says it as a duration instead ("4h").
	Until time.Time             `json:"until,omitzero"`
	For   subscription.Duration `json:"for,omitempty"`
}

func (s *Server) careCalls() []call {
	has := s.Board != nil && s.Care != nil
	one := func(method, what, summary string, takes any, serve func(http.ResponseWriter, *http.Request) error) call {
		return call{
			method: method, path: "/api/v1/alerts/{id}/" + what, role: Analyst, tag: "alerts", summary: summary,
			takes: takes, gives: subscription.Care{}, fails: []int{404, 409}, serve: offered(has, serve),
		}
	}
	return []call{
		one("POST", "ack", "Say that somebody has the alert in hand: its updates are quiet", remark{}, s.acknowledge),
		one("DELETE", "ack", "Take that back", nil, s.unacknowledge),
		one("POST", "snooze", "Hold the alert's notifications back until a time, or until it rises", remark{}, s.snooze),
		one("DELETE", "snooze", "Take that back: what was held back leaves", nil, s.unsnooze),
	}
}

func (s *Server) acknowledge(w http.ResponseWriter, r *http.Request) error {
	word, err := s.word(r)
	if err == nil {
		err = word.Validate()
	}
	if err != nil {
		return err
	}
	return s.care(w, r, "acknowledged", func(c *subscription.Care) { c.Acknowledged = &word })
}

func (s *Server) snooze(w http.ResponseWriter, r *http.Request) error {
	word, err := s.word(r)
	if err == nil {
		err = word.ValidateSnooze()
	}
	if err != nil {
		return err
	}
	return s.care(w, r, "snoozed", func(c *subscription.Care) { c.Snoozed = &word })
}

func (s *Server) unacknowledge(w http.ResponseWriter, r *http.Request) error {
	return s.care(w, r, "acknowledgement taken back", func(c *subscription.Care) { c.Acknowledged = nil })
}

func (s *Server) unsnooze(w http.ResponseWriter, r *http.Request) error {
	return s.care(w, r, "snooze taken back", func(c *subscription.Care) { c.Snoozed = nil })
}

// word reads what is said of the alert that r names, which must be living.
func (s *Server) word(r *http.Request) (subscription.Word, error) {
	var said remark
	if _, ok := s.Board.Alert(r.PathValue("id")); !ok {
		return subscription.Word{}, noAlert
	}
	if err := readBody(r, &said); err != nil {
		return subscription.Word{}, err
	}
	return s.wordOf(r, said)
}

// wordOf is a remark of the alert that r names, as whoever makes r says it.
func (s *Server) wordOf(r *http.Request, said remark) (subscription.Word, error) {
	life, ok := s.Board.Alert(r.PathValue("id"))
	if !ok {
		return subscription.Word{}, noAlert
	}
	if !life.Open() {
		return subscription.Word{}, trouble(http.StatusConflict, "the alert is resolved: when it opens again, it is told again")
	}
	key, now, last := by(r), s.now().UTC().Truncate(time.Second), life.Last()
	if said.Who == "" {
		said.Who = key.Name
	}
	if said.For != 0 {
		if !said.Until.IsZero() {
			return subscription.Word{}, trouble(http.StatusUnprocessableEntity, "until and for are both there: keep one")
		}
		said.Until = now.Add(time.Duration(said.For))
	}
	return subscription.Word{Who: said.Who, By: key.Name, Note: said.Note, At: now, Until: said.Until.UTC(), Version: last.Version, Level: last.Level}, nil
}

var noAlert = trouble(http.StatusNotFound, "there is no such alert: GET /api/v1/alerts lists those that are kept")

func (s *Server) care(w http.ResponseWriter, r *http.Request, what string, edit func(*subscription.Care)) error {
	id := r.PathValue("id")
	if _, ok := s.Board.Alert(id); !ok {
		return noAlert
	}
	c, err := s.Care.SetCare(r.Context(), id, edit)
	if err != nil {
		return err
	}
	s.audit(r, "alert "+what, id)
	reply(w, c)
	return nil
}

// audit notes who changed what.
func (s *Server) audit(r *http.Request, what, name string) {
	if s.Log != nil {
		s.Log.Info(what, "name", name, "by", by(r).Name, "from", r.RemoteAddr)
	}
}
