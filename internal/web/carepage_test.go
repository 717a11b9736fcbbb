package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// boardCare keeps what is said on the board alone.
type boardCare struct{ b *Board }

func (c boardCare) SetCare(_ context.Context, alert string, edit func(*subscription.Care)) (subscription.Care, error) {
	var said subscription.Care
	if l, _ := c.b.Alert(alert); l.Care != nil {
		said = *l.Care
	}
	said.Alert = alert
	edit(&said)
	c.b.SetCare(said)
	return said, nil
}

func TestPeopleSayWhoHasAnAlertInHand(t *testing.T) {
	b := &Board{}
	b.Add(alert("x", 1, events.Opened), 1)
	b.Add(alert("old", 1, events.Opened), 2)
	b.Add(alert("old", 2, events.Resolved), 3)
	srv := serve(t, &Server{
		Board: b, Care: boardCare{b}, Keys: Keys{{"ann", Analyst, "sesame"}, {"wire", Ingest, "push"}},
	})
	post := func(path, token string, form url.Values) (int, http.Header) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "text/html")
		if token != "" {
			req.SetBasicAuth("", token)
		}
		resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode, resp.Header
	}
	for _, c := range []struct {
		name, path, token string
		form              url.Values
		want              int
		acked, snoozed    bool
	}{
		{"a browser is asked for a token", "/alerts/x/care", "", url.Values{"do": {"ack"}}, 401, false, false},
		{"an ingest token may not", "/alerts/x/care", "push", url.Values{"do": {"ack"}}, 403, false, false},
		{"an alert that is not there", "/alerts/nothing/care", "sesame", url.Values{"do": {"ack"}}, 404, false, false},
		{"a resolved alert", "/alerts/old/care", "sesame", url.Values{"do": {"ack"}}, 409, false, false},
		{"something else", "/alerts/x/care", "sesame", url.Values{"do": {"delete"}}, 422, false, false},
		{"no duration", "/alerts/x/care", "sesame", url.Values{"do": {"snooze"}, "for": {"long"}}, 422, false, false},
		{"acknowledged", "/alerts/x/care", "sesame", url.Values{"do": {"ack"}, "note": {"on it"}}, 303, true, false},
		{"snoozed", "/alerts/x/care", "sesame", url.Values{"do": {"snooze"}, "for": {"4h"}, "who": {"Bob"}}, 303, true, true},
		{"woken", "/alerts/x/care", "sesame", url.Values{"do": {"unsnooze"}}, 303, true, false},
		{"taken back", "/alerts/x/care", "sesame", url.Values{"do": {"unack"}}, 303, false, false},
	} {
		status, h := post(c.path, c.token, c.form)
		if status != c.want {
			t.Errorf("%s: %d, want %d", c.name, status, c.want)
		}
		if status == 401 && !strings.HasPrefix(h.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s: challenge %q", c.name, h.Get("WWW-Authenticate"))
		}
		l, _ := b.Alert("x")
		if acked, snoozed := l.Care != nil && l.Care.Acknowledged != nil, l.Care != nil && l.Care.Snoozed != nil; acked != c.acked || snoozed != c.snoozed {
			t.Errorf("%s: acknowledged %v, snoozed %v", c.name, acked, snoozed)
		}
		if c.name == "snoozed" && (l.Care.Acknowledged.Who != "ann" || l.Care.Acknowledged.Note != "on it" || l.Care.Snoozed.Who != "Bob") {
			t.Errorf("%+v %+v", l.Care.Acknowledged, l.Care.Snoozed)
		}
	}
}

// A foreign page cannot make a browser say something of an alert.
func TestAForeignPageSaysNothing(t *testing.T) {
	b := &Board{}
	b.Add(alert("x", 1, events.Opened), 1)
	srv := serve(t, &Server{Board: b, Care: boardCare{b}, Keys: Keys{{"ann", Analyst, "sesame"}}})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/alerts/x/care", strings.NewReader("do=ack"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	req.SetBasicAuth("", "sesame")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if l, _ := b.Alert("x"); resp.StatusCode != http.StatusForbidden || l.Care != nil {
		t.Errorf("%d, %+v", resp.StatusCode, l.Care)
	}
}
