package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// described is the document as a program reads it.
type described struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Security    []map[string][]string
		Responses   map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		}
		Parameters []struct{ Name, In string }
	}
	Components struct{ Schemas map[string]any }
}

func describe(t *testing.T, s *Server) (described, string) {
	t.Helper()
	_, _, body := get(t, serve(t, s).URL+"/openapi.json")
	var d described
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	return d, body
}

// Every call that is routed is described, and nothing else is; each answers
// where the document says it is, and refuses any other method.
func TestOpenAPIIsTheTableOfRoutes(t *testing.T) {
	s := &Server{Board: &Board{}}
	d, _ := describe(t, s)
	if d.OpenAPI != "3.1.0" {
		t.Errorf("it is OpenAPI %s", d.OpenAPI)
	}
	routed, ids := map[string]bool{}, map[string]bool{}
	h := s.Handler()
	for _, c := range s.calls() {
		method := strings.ToLower(c.method)
		op, ok := d.Paths[c.path][method]
		if !ok {
			t.Errorf("%s %s is not described", c.method, c.path)
			continue
		}
		routed[method+c.path] = true
		if ids[op.OperationID] {
			t.Errorf("%s stands twice", op.OperationID)
		}
		ids[op.OperationID] = true
		if c.role != "" && op.Responses["401"].Content["application/problem+json"].Schema == nil {
			t.Errorf("%s %s does not say that it asks for a token", c.method, c.path)
		}
		if c.tag == probeTag {
			continue
		}
		path := strings.NewReplacer("{id}", "x", "{name}", "x", "{seq}", "1").Replace(c.path)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("PATCH", "http://localhost"+path, nil))
		if w.Code != http.StatusMethodNotAllowed || !slices.Contains(strings.Split(w.Header().Get("Allow"), ", "), c.method) {
			t.Errorf("PATCH %s: %d, allowed are %s", path, w.Code, w.Header().Get("Allow"))
		}
		w = httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("OPTIONS", "http://localhost"+path, nil))
		if w.Code != http.StatusNoContent || w.Header().Get("Allow") == "" || w.Body.Len() > 0 {
			t.Errorf("OPTIONS %s: %d", path, w.Code)
		}
	}
	for path, methods := range d.Paths {
		for method := range methods {
			if !routed[method+path] {
				t.Errorf("%s %s is described and not routed", method, path)
			}
		}
	}
}

func TestOpenAPISaysWhatReadingAsksFor(t *testing.T) {
	free := func(s *Server) bool {
		d, _ := describe(t, s)
		return slices.ContainsFunc(d.Paths["/api/v1/alerts"]["get"].Security, func(m map[string][]string) bool { return len(m) == 0 })
	}
	if !free(&Server{Board: &Board{}}) {
		t.Error("reading is open, and the document asks for a token")
	}
	if free(&Server{Board: &Board{}, Keys: Keys{{"desk", Reader, "sesame"}}}) {
		t.Error("reading asks for a token, and the document does not")
	}
}
