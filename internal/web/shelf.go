package web

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Shelf keeps documents of one kind under their names: those of the
// configuration, which are only read here, and those that people write.
type Shelf interface {
	// Documents lists all, by name.
	Documents() []Document
	Document(name string) (Document, bool)
	// Put reads and checks w whole and keeps it; it counts when Put returns. An
	// error is one of this package's, or says what is wrong with the body.
	Put(ctx context.Context, w Writing) (doc Document, created bool, err error)
	// Delete takes a document away.
	Delete(ctx context.Context, w Writing) error
	// Test says what a document would do, and does nothing: the one in w.Body or,
	// where that is empty, the one of the name. n is how far it looks back, and
	// send whether it may tell somebody.
	Test(ctx context.Context, w Writing, n int, send bool) (any, error)
}

// Document is one document and where it comes from.
type Document struct {
	Name string
	// From is the file that it stands in; "" when it was written here.
	From string
	// Rev is its revision, who wrote it and when, when it was written here.
	Rev   uint64
	By    string
	At    time.Time
	Value any
}

// Writing is a document that somebody sends.
type Writing struct {
	// By is the name of the token that it came with.
	By, Name string
	// Body is JSON or, of a watch, YAML.
	Body []byte
	// Fits is asked before anything is written whether what is there now is what
	// the writer has seen.
	Fits func(now Document, there bool) error
}

// kind is a kind of document as the API names it.
type kind struct {
	one, many string
	key       string // the path's word for its name
	shelf     Shelf
	example   any
	kinds     []string
	needs     []string
	// test is what a test of one gives; told what it is about.
	test any
	told string
}

// listed is a document in a list.
type listed struct {
	Name string    `json:"name"`
	From string    `json:"from,omitempty"`
	Rev  uint64    `json:"revision,omitempty"`
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at,omitzero"`
	// Value is the document itself.
	Value any `json:"value"`
}

// listing is a page of documents, by name.
type listing struct {
	Documents []listed `json:"documents"`
	// After is the cursor of the next page; without it there is none.
	After string `json:"after,omitempty"`
}

func (k kind) calls(s *Server) []call {
	has, one := k.shelf != nil, "/api/v1/"+k.many+"/{"+k.key+"}"
	seen := param{name: "If-Match", about: "the ETag of what you have seen: another is not overwritten (412)", example: "", header: true}
	return []call{
		{
			method: "GET", path: "/api/v1/" + k.many, role: Reader, tag: k.many, summary: "All " + k.many + ", by name, with where each comes from",
			params: []param{{name: "limit", about: "1 to 500, 50 unless said", example: 0}, {name: "after", about: "the cursor that the page before gave", example: ""}},
			gives:  listing{}, fails: []int{400}, serve: offered(has, k.list),
		},
		{
			method: "GET", path: one, role: Reader, tag: k.many, summary: "One " + k.one + ", as it may be put again; ETag is its revision",
			params: []param{{name: "If-None-Match", about: "an ETag: 304 when it is still that", example: "", header: true}},
			gives:  k.example, fails: []int{404}, serve: offered(has, k.get),
		},
		{
			method: "PUT", path: one, role: Analyst, tag: k.many, summary: "Keep a " + k.one + ": checked whole before it counts; 201 when it is new",
			params: []param{seen, {name: "If-None-Match", about: "*: only where there is none yet", example: "", header: true}},
			takes:  k.example, kinds: k.kinds, needs: k.needs, gives: k.example, fails: []int{409, 412}, serve: offered(has, func(w http.ResponseWriter, r *http.Request) error { return k.put(s, w, r) }),
		},
		{
			method: "DELETE", path: one, role: Analyst, tag: k.many, summary: "Take a " + k.one + " away",
			params: []param{seen}, status: http.StatusNoContent, fails: []int{404, 409, 412},
			serve: offered(has, func(w http.ResponseWriter, r *http.Request) error { return k.remove(s, w, r) }),
		},
		{
			method: "POST", path: one + "/test", role: Analyst, tag: k.many, summary: "What a " + k.one + " would do: the one sent or, without a body, the one of the name. " + k.told,
			params: []param{{name: "last", about: "how far it looks back: articles for a watch, alerts for the others", example: 0}, {name: "send", about: "true: a subscription sends a test notification", example: false}},
			takes:  k.example, kinds: k.kinds, needs: k.needs, gives: k.test, fails: []int{400, 404, 429}, serve: offered(has, k.try),
		},
	}
}

func (k kind) list(w http.ResponseWriter, r *http.Request) error {
	limit, err := number(r, "limit", 1, pageMost, pageDefault)
	if err != nil {
		return err
	}
	after, page := r.URL.Query().Get("after"), listing{Documents: []listed{}}
	for _, d := range k.shelf.Documents() {
		if d.Name <= after {
			continue
		}
		if len(page.Documents) == limit {
			page.After = page.Documents[limit-1].Name
			break
		}
		page.Documents = append(page.Documents, listed(d))
	}
	reply(w, page)
	return nil
}

func (k kind) get(w http.ResponseWriter, r *http.Request) error {
	d, ok := k.shelf.Document(r.PathValue(k.key))
	if !ok {
		return k.absent(r)
	}
	tag := d.tag()
	w.Header().Set("ETag", tag)
	if !d.At.IsZero() {
		w.Header().Set("Last-Modified", d.At.UTC().Format(http.TimeFormat))
	}
	if names(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	reply(w, d.Value)
	return nil
}

func (k kind) put(s *Server, w http.ResponseWriter, r *http.Request) error {
	in, err := k.writing(r)
	if err != nil {
		return err
	}
	if len(in.Body) == 0 {
		return trouble(http.StatusUnprocessableEntity, "send the "+k.one+" as the body")
	}
	d, created, err := k.shelf.Put(r.Context(), in)
	if err != nil {
		return err
	}
	s.audit(r, k.one+" kept", d.Name)
	w.Header().Set("ETag", d.tag())
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	replyWith(w, status, d.Value)
	return nil
}

func (k kind) remove(s *Server, w http.ResponseWriter, r *http.Request) error {
	in, err := k.writing(r)
	if err != nil {
		return err
	}
	if err := k.shelf.Delete(r.Context(), in); err != nil {
		return err
	}
	s.audit(r, k.one+" taken away", in.Name)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (k kind) try(w http.ResponseWriter, r *http.Request) error {
	n, err := number(r, "last", 1, 1_000_000, 0)
	if err != nil {
		return err
	}
	send, err := strconv.ParseBool(orFalse(r.URL.Query().Get("send")))
	if err != nil {
		return trouble(http.StatusBadRequest, "send is true or false")
	}
	in, err := k.writing(r)
	if err != nil {
		return err
	}
	result, err := k.shelf.Test(r.Context(), in, n, send)
	if err != nil {
		return err
	}
	reply(w, result)
	return nil
}

func orFalse(s string) string {
	if s == "" {
		return "false"
	}
	return s
}

func (k kind) writing(r *http.Request) (Writing, error) {
	body, err := io.ReadAll(r.Body)
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	return Writing{By: by(r).Name, Name: r.PathValue(k.key), Body: body, Fits: func(now Document, there bool) error {
		switch {
		case match != "" && (!there || !names(match, now.tag())),
			none != "" && there && names(none, now.tag()):
			return ErrChanged
		}
		return nil
	}}, err
}

func (k kind) absent(r *http.Request) error {
	return fmt.Errorf("%s %q: %w: GET /api/v1/%s lists them", k.one, r.PathValue(k.key), ErrAbsent, k.many)
}

// tag is the document's ETag: its revision or, where it is configured, its
// content.
func (d Document) tag() string {
	if d.From == "" {
		return `"` + strconv.FormatUint(d.Rev, 10) + `"`
	}
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(d.Value)
	return fmt.Sprintf(`"c%x"`, h.Sum64())
}

// names reports whether a header with ETags names tag; * names any.
func names(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == "*" || t == tag {
			return true
		}
	}
	return false
}
