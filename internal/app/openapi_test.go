package app

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What the API answers is what its description says, word for word: every call
// is made, rightly and wrongly, and its answer held against the schema.
func TestAnswersAreAsDescribed(t *testing.T) {
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); manned(t, c) })
	r.play(t, "2024-11-23T13:00", "2024-11-23T15:00")
	_, text := r.send(t, "GET", "/openapi.json", "", "")
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]any `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("http://tocsin/openapi.json", parsed); err != nil {
		t.Fatal(err)
	}
	alert := r.lives("alliance-missile")[0]
	ids := map[string]string{"alerts": alert.ID, "stories": alert.Last().Story, "articles": alert.Last().Articles[0].ID, "watches": "alliance-missile", "subscriptions": "all", "silences": "s1"}
	admin := r.token("admin")
	r.send(t, "PUT", "/api/v1/silences/s1", admin, `{"watch":"other","comment":"x","until":"`+alert.Last().At.AddDate(10, 0, 0).Format("2006-01-02T15:04:05Z")+`","from":"`+alert.Last().At.AddDate(10, 0, -1).Format("2006-01-02T15:04:05Z")+`"}`)
	r.send(t, "POST", "/api/v1/alerts/"+alert.ID+"/ack", admin, `{}`)
	bodies := map[string]string{
		"put /api/v1/watches/{name}": `{"query":"nato"}`, "put /api/v1/subscriptions/{name}": `{"channel":"lines"}`,
		"put /api/v1/silences/{id}":       `{"watch":"other","comment":"x","until":"2099-01-01T00:00:00Z","from":"2098-12-01T00:00:00Z"}`,
		"post /api/v1/alerts/{id}/snooze": `{"for":"1h"}`, "post /api/v1/articles": `{"source":"a.example","title":"x"}`,
	}
	checked := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if path == "/api/v1/alerts/stream" || path == "/-/reload" {
				continue // the one does not end, the other would need a file
			}
			call := method + " " + path
			kind := strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")[0]
			id := ids[kind]
			if method == "put" || method == "delete" {
				id = "new"
			}
			if strings.Contains(path, "/alerts/") {
				id = alert.ID
			}
			for _, name := range []string{id, "nothing"} {
				at := strings.NewReplacer("{id}", name, "{name}", name, "{seq}", "1").Replace(path)
				resp, body := r.send(t, strings.ToUpper(method), at, admin, bodies[call])
				described, ok := op.Responses[strconv.Itoa(resp.StatusCode)]
				if !ok {
					t.Errorf("%s answers %d, which is not described: %s", call, resp.StatusCode, body)
					continue
				}
				media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
				if _, ok := described.Content[media]; !ok && body != "" {
					t.Errorf("%s answers %d as %q, which is not described", call, resp.StatusCode, media)
					continue
				}
				if !strings.HasSuffix(media, "json") {
					continue
				}
				pointer := strings.NewReplacer("~", "~0", "/", "~1")
				schema, err := compiler.Compile("http://tocsin/openapi.json#/paths/" + pointer.Replace(path) + "/" + method + "/responses/" + strconv.Itoa(resp.StatusCode) + "/content/" + pointer.Replace(media) + "/schema")
				if err != nil {
					t.Errorf("%s: the schema: %v", call, err)
					continue
				}
				value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
				if err != nil {
					t.Errorf("%s: %v", call, err)
					continue
				}
				if call == "get /api/v1/alerts/{id}" && schema.Validate(map[string]any{"id": 7}) == nil {
					t.Errorf("%s: the schema takes anything", call)
				}
				if err := schema.Validate(value); err != nil {
					t.Errorf("%s answers %d otherwise than described: %.600v", call, resp.StatusCode, err)
				}
				if checked++; resp.StatusCode >= http.StatusInternalServerError {
					t.Errorf("%s: %d %s", call, resp.StatusCode, body)
				}
			}
		}
	}
	if checked < 50 {
		t.Errorf("%d answers were checked", checked)
	}
}
