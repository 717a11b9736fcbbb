package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// describing answers with the API's description (OpenAPI 3.1), written from the
// table of calls.
func (s *Server) describing(w http.ResponseWriter, _ *http.Request) error {
	data, err := s.describe().MarshalJSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // an error is a reader who left
	return nil
}

const schemas = "#/components/schemas/"

func (s *Server) describe() *huma.OpenAPI {
	types := huma.NewMapRegistry(schemas, schemaName)
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Tocsin", Version: s.Version,
			Description: "News in, one explained alert out. Times are RFC 3339 in UTC; errors are problems as RFC 9457 has them.",
			License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Servers: []*huma.Server{{URL: "/"}},
		Paths:   map[string]*huma.PathItem{},
		Components: &huma.Components{
			Schemas: types,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"bearer": {Type: "http", Scheme: "bearer", Description: "A token of the configuration; its role says what it may do."},
				"basic":  {Type: "http", Scheme: "basic", Description: "The same token as the password, for browsers; any user name."},
			},
		},
	}
	for _, c := range s.calls() {
		item := doc.Paths[c.path]
		if item == nil {
			item = &huma.PathItem{}
			doc.Paths[c.path] = item
		}
		op := s.operation(c, types)
		switch c.method {
		case http.MethodGet:
			item.Get = op
		case http.MethodPost:
			item.Post = op
		case http.MethodPut:
			item.Put = op
		case http.MethodDelete:
			item.Delete = op
		}
	}
	for _, t := range types.Map() {
		t.AdditionalProperties = nil // a later version may add fields
	}
	return doc
}

// schemaName is a type's name; of a noun, its room's name goes first.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	switch room := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]; room {
	case "events":
		if name == "Origin" {
			return "NamedOrigin"
		}
		return name
	case "", "web", "subscription":
		return name
	default:
		return strings.ToUpper(room[:1]) + room[1:] + name
	}
}

func (s *Server) operation(c call, types huma.Registry) *huma.Operation {
	op := &huma.Operation{
		OperationID: operationID(c), Summary: c.summary, Tags: []string{c.tag}, Security: s.security(c.role),
		Parameters: parameters(c, types), Responses: map[string]*huma.Response{},
	}
	if c.role != "" {
		op.Description = "Needs the role " + c.role + roleNote(c.role)
	}
	if c.takes != nil {
		op.RequestBody = &huma.RequestBody{Required: c.method == http.MethodPut || c.own, Content: map[string]*huma.MediaType{}}
		types.Schema(reflect.TypeOf(c.takes), true, "")
		body := *types.Schema(reflect.TypeOf(c.takes), false, "")
		body.Required, body.AdditionalProperties = c.needs, nil // what an answer always has may be left out here
		for _, kind := range c.takesKinds() {
			op.RequestBody.Content[kind] = &huma.MediaType{Schema: &body}
		}
	}
	status := max(c.status, http.StatusOK)
	if c.status == 0 && c.method == http.MethodPut {
		op.Responses["201"] = answered(c, http.StatusCreated, types)
	}
	op.Responses[strconv.Itoa(status)] = answered(c, status, types)
	for _, code := range c.errors() {
		op.Responses[strconv.Itoa(code)] = failed(code, types)
	}
	return op
}

func roleNote(role string) string {
	switch role {
	case Reader:
		return ", or nothing while no token of a reader or analyst is configured."
	case Analyst:
		return " or admin."
	case Ingest:
		return " or admin."
	}
	return "."
}

// operationID is the method and the path in one word: getAlertsByIdExplain.
func operationID(c call) string {
	id := strings.ToLower(c.method)
	for part := range strings.FieldsFuncSeq(strings.TrimPrefix(c.path, "/api/v1"), func(r rune) bool { return strings.ContainsRune("/.-", r) }) {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			part = "by" + strings.ToUpper(name[:1]) + strings.TrimSuffix(name[1:], "}")
		}
		id += strings.ToUpper(part[:1]) + part[1:]
	}
	return id
}

func (s *Server) security(role string) []map[string][]string {
	switch {
	case role == "":
		return []map[string][]string{{}}
	case role == Reader && s.Keys.open():
		return []map[string][]string{{}, {"bearer": {}}, {"basic": {}}}
	case role == Ingest:
		return []map[string][]string{{"bearer": {}}}
	}
	return []map[string][]string{{"bearer": {}}, {"basic": {}}}
}

func parameters(c call, types huma.Registry) []*huma.Param {
	var out []*huma.Param
	for part := range strings.SplitSeq(c.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			out = append(out, &huma.Param{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
		}
	}
	for _, p := range c.params {
		in := "query"
		if p.header {
			in = "header"
		}
		out = append(out, &huma.Param{Name: p.name, In: in, Description: p.about, Schema: types.Schema(reflect.TypeOf(p.example), true, p.name)})
	}
	return out
}

// errors are the statuses of a call's problems: those that follow from what it
// asks for, and its own.
func (c call) errors() []int {
	out := slices.Clone(c.fails)
	if c.tag != probeTag {
		out = append(out, http.StatusMisdirectedRequest, http.StatusServiceUnavailable)
	}
	if c.role != "" {
		out = append(out, http.StatusUnauthorized)
	}
	if c.role == Analyst || c.role == Admin {
		out = append(out, http.StatusForbidden)
	}
	if c.takes != nil {
		out = append(out, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func answered(c call, status int, types huma.Registry) *huma.Response {
	r := &huma.Response{Description: http.StatusText(status)}
	if strings.Contains(c.summary, "ETag") || c.method == http.MethodPut {
		r.Headers = map[string]*huma.Param{"ETag": {Description: "the revision", Schema: &huma.Schema{Type: "string"}}}
	}
	if c.gives == nil || status == http.StatusNoContent {
		return r
	}
	kind := c.kind
	if kind == "" {
		kind = "application/json"
	}
	r.Content = map[string]*huma.MediaType{kind: {Schema: types.Schema(reflect.TypeOf(c.gives), true, operationID(c)+"Answer")}}
	return r
}

func failed(status int, types huma.Registry) *huma.Response {
	if status == http.StatusNotModified {
		return &huma.Response{Description: http.StatusText(status)}
	}
	r := &huma.Response{
		Description: http.StatusText(status),
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: types.Schema(reflect.TypeFor[Problem](), true, "")}},
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		r.Headers = map[string]*huma.Param{"Retry-After": {Description: "seconds", Schema: &huma.Schema{Type: "integer"}}}
	}
	return r
}
