package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// snoozes are how long the page offers to hold an alert back.
var snoozes = []string{"1h", "4h", "12h", "24h", "72h"}

// maxForm is how many bytes a form may have.
const maxForm = 16 << 10

// carePage takes what a person says of an alert on its page, and shows the page
// again. The browser asks for an analyst's token.
func (s *Server) carePage(w http.ResponseWriter, r *http.Request) {
	who, refused := s.Keys.admit(r, Analyst)
	if refused != nil {
		if refused.Status == http.StatusUnauthorized {
			refused.challenge = `Basic realm="Tocsin: an analyst's token as the password", charset="UTF-8"`
		}
		s.refuse(w, r, refused)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := s.said(withHolder(r, who)); err != nil {
		var field *events.FieldError
		if errors.As(err, &field) {
			err = trouble(http.StatusUnprocessableEntity, field.Error())
		}
		s.refuse(w, r, problemOf(err))
		return
	}
	http.Redirect(w, r, "/alerts/"+r.PathValue("id"), http.StatusSeeOther)
}

// said does what the form says.
func (s *Server) said(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return trouble(http.StatusBadRequest, "the form cannot be read: "+err.Error())
	}
	id := r.PathValue("id")
	if _, ok := s.Board.Alert(id); !ok {
		return noAlert
	}
	do := r.PostFormValue("do")
	var word subscription.Word
	var err error
	switch said := (remark{Who: strings.TrimSpace(r.PostFormValue("who")), Note: strings.TrimSpace(r.PostFormValue("note"))}); do {
	case "ack":
		if word, err = s.wordOf(r, said); err == nil {
			err = word.Validate()
		}
	case "snooze":
		if err = said.For.UnmarshalText([]byte(r.PostFormValue("for"))); err != nil {
			return trouble(http.StatusUnprocessableEntity, "for: "+err.Error())
		}
		if word, err = s.wordOf(r, said); err == nil {
			err = word.ValidateSnooze()
		}
	case "unack", "unsnooze":
	default:
		return trouble(http.StatusUnprocessableEntity, "do is not one of ack unack snooze unsnooze")
	}
	if err != nil {
		return err
	}
	_, err = s.Care.SetCare(r.Context(), id, func(c *subscription.Care) {
		switch do {
		case "ack":
			c.Acknowledged = &word
		case "unack":
			c.Acknowledged = nil
		case "snooze":
			c.Snoozed = &word
		case "unsnooze":
			c.Snoozed = nil
		}
	})
	if err == nil {
		s.audit(r, "alert "+do+" on its page", id)
	}
	return err
}

// refuse tells a problem: as a page to who wants one, else as the API does.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, p *Problem) {
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		p.write(w)
		return
	}
	if p.challenge != "" {
		w.Header().Set("WWW-Authenticate", p.challenge)
	}
	render(w, p.Status, "refused.html", struct {
		frame
		Problem *Problem
	}{s.frame(p.Title, ""), p})
}
