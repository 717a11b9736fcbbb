package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestBodiesAreReadStrictly(t *testing.T) {
	for _, tc := range []struct {
		name, body   string
		line, column int
		says         string
	}{
		{"half of it", "{\"who\":\n \"x", 2, 4, "ends early"},
		{"a field that is none", `{"whom":"x"}`, 1, 0, `unknown field "whom"`},
		{"a number for a text", "{\n\"who\": 7}", 2, 9, "who is a JSON number, not a string"},
		{"a list", `[]`, 1, 2, "the body is a JSON array, not an object"},
		{"no time", `{"until":"tomorrow"}`, 1, 0, "tomorrow is no time"},
		{"two values", `{} {}`, 1, 0, "more after"},
		{"not JSON", `who: x`, 1, 2, "invalid character"},
	} {
		var r remark
		var p *Problem
		err := ReadJSON([]byte(tc.body), &r)
		if !errors.As(err, &p) || p.Status != http.StatusUnprocessableEntity || len(p.Errors) != 1 {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		f := p.Errors[0]
		if !strings.Contains(f.Detail, tc.says) || f.Line != tc.line || tc.column > 0 && f.Column != tc.column {
			t.Errorf("%s: %+v, want %d:%d and %q", tc.name, f, tc.line, tc.column, tc.says)
		}
	}
	var r remark
	if err := ReadJSON([]byte(` {"who":"x","for":"4h"} `), &r); err != nil || r.Who != "x" {
		t.Errorf("%+v %v", r, err)
	}
}

func FuzzReadJSON(f *testing.F) {
	for _, s := range []string{`{"who":"x","for":"4h","until":"2026-01-02T15:04:05Z"}`, `{`, "[[[[", "{\"who\":\n7}", "\xff", `{"until":1e999}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r remark
		err := ReadJSON(data, &r)
		var p *Problem
		if err != nil && (!errors.As(err, &p) || p.Status != http.StatusUnprocessableEntity || p.Errors[0].Line < 1 || p.Errors[0].Column < 1) {
			t.Fatalf("%q: %+v", data, err)
		}
	})
}

// Whatever is asked for, the answer is a page or a problem, and valid JSON.
func FuzzParameters(f *testing.F) {
	for _, s := range []string{"q=nato+AND+(topic:x", "limit=1&cursor=9", "from=2026-01-02&to=x", "lang=fr&source=a.example", "limit=%zz", "before=1&state=open", "last=9&send=maybe"} {
		f.Add(s)
	}
	b := &Board{}
	b.Add(alert("x", 1, "opened"), 7)
	h := (&Server{Board: b}).Handler()
	f.Fuzz(func(t *testing.T, q string) {
		for _, path := range []string{"/api/v1/alerts", "/api/v1/articles"} {
			r := httptest.NewRequest("GET", "http://localhost"+path, nil)
			r.URL.RawQuery = q
			if _, err := searching(r); err != nil && problemOf(err).Status != http.StatusBadRequest {
				t.Fatalf("%q: %v", q, err)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 200 && w.Code != 400 && w.Code != 404 || !json.Valid(w.Body.Bytes()) || !utf8.Valid(w.Body.Bytes()) {
				t.Fatalf("%q: %d %s", q, w.Code, w.Body)
			}
		}
	})
}

func TestETags(t *testing.T) {
	for header, want := range map[string]bool{`"7"`: true, `W/"7"`: true, `"6", "7"`: true, "*": true, `"77"`: false, "7": false, "": false} {
		if names(header, `"7"`) != want {
			t.Errorf("%s: not %v", header, want)
		}
	}
}

// What fell out of the board is read from the stream before what it holds.
func TestStreamReadsThePast(t *testing.T) {
	b := &Board{}
	for i := range replay + 5 {
		b.Add(alert("x", i+1, "updated"), uint64(i+1))
	}
	asked := ""
	s := &Server{Board: b, Done: t.Context().Done(), Past: func(_ context.Context, after, before uint64, tell func(uint64, events.Alert)) error {
		asked = fmt.Sprintf("%d to %d", after, before)
		tell(4, alert("x", 4, "updated"))
		return nil
	}}
	srv := serve(t, s)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/alerts/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Last-Event-ID", "3")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines, ids := bufio.NewScanner(resp.Body), []string{}
	for len(ids) < 3 && lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			ids = append(ids, id)
		}
	}
	if asked != "3 to 6" || strings.Join(ids, " ") != "4 6 7" {
		t.Errorf("the past was asked for %s, and %v came", asked, ids)
	}
}
