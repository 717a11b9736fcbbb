package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/subscription"
)

// least is the role that each call asks for. A call that is not here fails the
// test: say who may make it.
const least = `
GET    /openapi.json                        -
GET    /alerts.json                         reader
GET    /alerts.atom                         reader
GET    /api/v1/alerts                       reader
GET    /api/v1/alerts/{id}                  reader
GET    /api/v1/alerts/{id}/explain          reader
GET    /api/v1/alerts/stream                reader
POST   /api/v1/alerts/{id}/ack              analyst
DELETE /api/v1/alerts/{id}/ack              analyst
POST   /api/v1/alerts/{id}/snooze           analyst
DELETE /api/v1/alerts/{id}/snooze           analyst
GET    /api/v1/articles                     reader
POST   /api/v1/articles                     ingest
GET    /api/v1/articles/{id}                reader
GET    /api/v1/articles/{id}/why            reader
GET    /api/v1/stories                      reader
GET    /api/v1/stories/{id}                 reader
GET    /api/v1/sources                      reader
GET    /api/v1/watches                      reader
GET    /api/v1/watches/{name}               reader
PUT    /api/v1/watches/{name}               analyst
DELETE /api/v1/watches/{name}               analyst
POST   /api/v1/watches/{name}/test          analyst
GET    /api/v1/subscriptions                reader
GET    /api/v1/subscriptions/{name}         reader
PUT    /api/v1/subscriptions/{name}         analyst
DELETE /api/v1/subscriptions/{name}         analyst
POST   /api/v1/subscriptions/{name}/test    analyst
GET    /api/v1/silences                     reader
GET    /api/v1/silences/{id}                reader
PUT    /api/v1/silences/{id}                analyst
DELETE /api/v1/silences/{id}                analyst
POST   /api/v1/silences/{id}/test           analyst
GET    /api/v1/dead                         admin
GET    /api/v1/dead/{seq}                   admin
POST   /api/v1/dead/{seq}/retry             admin
GET    /api/v1/ledger                       admin
POST   /-/reload                            admin
POST   /api/v1/channels/{name}/test         admin
`

// allowed are the roles that may do what the least may.
var allowed = map[string]string{"-": "nobody reader analyst ingest admin", "reader": "reader analyst admin", "analyst": "analyst admin", "ingest": "ingest admin", "admin": "admin"}

func TestWhoMayCallWhat(t *testing.T) {
	s := &Server{Board: &Board{}, Care: noCare{}, Push: http.NotFoundHandler(), Stories: func() []Story { return nil }, Sources: func() []Source { return nil }}
	for _, role := range []string{Reader, Analyst, Ingest, Admin} {
		s.Keys = append(s.Keys, Key{"the-" + role, role, "secret of " + role})
	}
	rows := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(least)) {
		f := strings.Fields(line)
		rows[f[0]+" "+f[1]] = f[2]
	}
	calls := s.calls()
	for i, c := range calls {
		calls[i].serve = func(w http.ResponseWriter, _ *http.Request) error { reply(w, nil); return nil }
		if c.tag == probeTag {
			continue
		}
		role, ok := rows[c.method+" "+c.path]
		if !ok {
			t.Errorf("%s %s has no row: who may call it?", c.method, c.path)
			continue
		}
		delete(rows, c.method+" "+c.path)
		for _, who := range []string{"nobody", Reader, Analyst, Ingest, Admin} {
			mux := http.NewServeMux()
			s.mount(mux, calls[i:i+1])
			path := strings.NewReplacer("{id}", "x", "{name}", "x", "{seq}", "1").Replace(c.path)
			r := httptest.NewRequest(c.method, "http://localhost"+path, nil)
			if who != "nobody" {
				r.Header.Set("Authorization", "Bearer secret of "+who)
			}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			may := strings.Contains(" "+allowed[role]+" ", " "+who+" ")
			want := http.StatusOK
			switch {
			case !may && who == "nobody":
				want = http.StatusUnauthorized
			case !may:
				want = http.StatusForbidden
			}
			if w.Code != want {
				t.Errorf("%s %s by %s: %d, want %d", c.method, path, who, w.Code, want)
			}
		}
	}
	for row := range rows {
		t.Errorf("%s is in the table, and nowhere else", row)
	}
}

type noCare struct{}

func (noCare) SetCare(context.Context, string, func(*subscription.Care)) (subscription.Care, error) {
	return subscription.Care{}, nil
}
