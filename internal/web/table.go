package web

import (
	"net/http"
	"slices"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// calls is the table of all calls, those that this process does not do too.
func (s *Server) calls() []call {
	return slices.Concat(s.articleCalls(), s.archiveCalls(), s.storyCalls(), s.alertCalls(), s.careCalls(), s.shelfCalls(), s.Operator.calls(), s.selfCalls())
}

// offered is serve if has, else nil: this process does not do that.
func offered(has bool, serve func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	if !has {
		return nil
	}
	return serve
}

func (s *Server) alertCalls() []call {
	board := s.Board != nil
	return []call{
		{
			method: "GET", path: "/api/v1/alerts", role: Reader, tag: "alerts", summary: "Alerts with all their versions, the one that changed last first",
			params: []param{
				{name: "watch", about: "only alerts of this watch, or that stand for it", example: ""},
				{name: "state", about: "open, or one of opened updated escalated resolved", example: ""},
				{name: "min_level", about: "info elevated high or critical", example: ""},
				{name: "limit", about: "1 to 500, 50 unless said", example: 0},
				{name: "before", about: "the cursor that the page before gave", example: ""},
			},
			gives: alertList{}, fails: []int{400}, serve: offered(board, s.listAlerts),
		},
		{method: "GET", path: "/api/v1/alerts/{id}", role: Reader, tag: "alerts", summary: "One alert", gives: Life{}, fails: []int{404}, serve: offered(board, s.getAlert)},
		{
			method: "GET", path: "/api/v1/alerts/{id}/explain", role: Reader, tag: "alerts", summary: "Why an alert is, down to the words",
			gives: Explanation{}, fails: []int{404}, serve: offered(board && s.Explain != nil, s.explain),
		},
		{
			method: "GET", path: "/api/v1/alerts/stream", role: Reader, tag: "alerts", summary: "Alert versions as they are decided, as server-sent events",
			params: []param{{name: "Last-Event-ID", about: "the id of the last event that arrived: a place in the stream of alerts", example: uint64(0), header: true}},
			gives:  events.Alert{}, kind: "text/event-stream", fails: []int{400}, serve: offered(board, s.stream),
		},
		{method: "GET", path: "/alerts.json", role: Reader, tag: "alerts", summary: "The last alerts as JSON Feed", gives: map[string]any{}, kind: "application/feed+json", serve: offered(board, s.jsonFeed)},
		{method: "GET", path: "/alerts.atom", role: Reader, tag: "alerts", summary: "The last alerts as Atom", gives: "", kind: "application/atom+xml", serve: offered(board, s.atomFeed)},
	}
}

func (s *Server) storyCalls() []call {
	return []call{
		{method: "GET", path: "/api/v1/stories", role: Reader, tag: "stories", summary: "Live stories, the latest first", gives: storyList{}, serve: offered(s.Stories != nil, s.listStories)},
		{method: "GET", path: "/api/v1/stories/{id}", role: Reader, tag: "stories", summary: "One story with its articles", gives: Story{}, fails: []int{404}, serve: offered(s.Story != nil, s.getStory)},
		{
			method: "GET", path: "/api/v1/sources", role: Reader, tag: "sources", summary: "Health of every source",
			gives: sourceList{}, serve: offered(s.Sources != nil, s.listSources),
		},
	}
}

// sourceList is every source with its health.
type sourceList struct {
	Sources []Source `json:"sources"`
}

func (s *Server) listSources(w http.ResponseWriter, _ *http.Request) error {
	reply(w, sourceList{orEmpty(s.Sources())})
	return nil
}

func (s *Server) articleCalls() []call {
	push := call{
		method: "POST", path: "/api/v1/articles", role: Ingest, tag: "articles", summary: "Take one article, or one a line; durable once answered",
		takes: events.Article{}, needs: []string{"source"}, kinds: []string{"application/json", "application/x-ndjson"}, gives: receipt{}, status: http.StatusAccepted,
		fails: []int{400, 408, 413, 415, 422, 429, 503}, own: true,
	}
	if s.Push != nil {
		push.serve = func(w http.ResponseWriter, r *http.Request) error { s.Push.ServeHTTP(w, r); return nil }
	}
	return []call{push}
}

// receipt is what becomes of a push.
type receipt struct {
	Accepted   int `json:"accepted"`
	Duplicates int `json:"duplicates"`
	Filtered   int `json:"filtered,omitempty"`
	Rejected   []struct {
		Line  int    `json:"line"`
		Error string `json:"error"`
	} `json:"rejected"`
	More int `json:"rejected_more,omitempty"`
}

const probeTag = "probes"

// selfCalls are about this process: they need no token.
func (s *Server) selfCalls() []call {
	state := probe{}
	return []call{
		{method: "GET", path: "/openapi.json", tag: "about", summary: "This description (OpenAPI 3.1)", gives: map[string]any{}, serve: s.describing},
		{method: "GET", path: "/healthz", tag: probeTag, summary: "Whether the process answers", gives: state},
		{method: "GET", path: "/-/healthy", tag: probeTag, summary: "Whether the process answers", gives: state},
		{method: "GET", path: "/readyz", tag: probeTag, summary: "Whether it is ready, with the reason when it is not", gives: state, fails: []int{503}},
		{method: "GET", path: "/-/ready", tag: probeTag, summary: "Whether it is ready, with the reason when it is not", gives: state, fails: []int{503}},
		{method: "GET", path: "/metrics", tag: probeTag, summary: "Metrics as Prometheus reads them", gives: "", kind: "text/plain"},
	}
}

type probe struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}
