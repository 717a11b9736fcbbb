package web

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// call is one call of the API: who may make it, what it takes and gives, and
// what answers it. The table of all calls routes the requests and writes the
// OpenAPI document, so that neither can lag behind the other.
type call struct {
	method, path string
	// role is the least that may make it; "" is anybody.
	role         string
	tag, summary string
	params       []param
	// takes is an example of the body's type, nil for no body; kinds are the
	// media types that it may come as, JSON when there is none.
	takes any
	kinds []string
	needs []string // fields that must be there
	// gives is an example of the answer's type, nil for no body; status and kind
	// are the answer's, 200 and JSON when they are zero.
	gives  any
	status int
	kind   string
	// fails are the errors beside those that every such call may answer.
	fails []int
	// serve answers; nil where this process does not do that.
	serve func(http.ResponseWriter, *http.Request) error
	// own is set where serve looks after the body itself.
	own bool
}

// param is a parameter of the query string or, with header, of the head.
type param struct {
	name, about string
	// example is of the parameter's type.
	example any
	header  bool
}

// maxBody bounds the body of a call, in bytes.
const maxBody = 1 << 20

// mount routes the calls, all methods of a path to one door.
func (s *Server) mount(mux *http.ServeMux, calls []call) {
	doors := map[string]door{}
	for _, c := range calls {
		if c.tag == probeTag {
			continue // they answer before this server does
		}
		d, ok := doors[c.path]
		if !ok {
			d = door{server: s, calls: map[string]call{}}
			doors[c.path] = d
		}
		d.calls[c.method] = c
	}
	for path, d := range doors {
		mux.Handle(path, d)
	}
}

// door answers for one path.
type door struct {
	server *Server
	calls  map[string]call
}

func (d door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	c, ok := d.calls[method]
	if !ok {
		w.Header().Set("Allow", d.allow())
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		trouble(http.StatusMethodNotAllowed, r.URL.Path+" takes "+d.allow()).write(w)
		return
	}
	if err := d.server.answer(c, w, r); err != nil {
		p := problemOf(err)
		if p.Status >= http.StatusInternalServerError && d.server.Log != nil {
			d.server.Log.Error("a call failed", "method", r.Method, "path", c.path, "status", p.Status, "error", err)
		}
		p.write(w)
	}
}

// allow lists the methods of the path.
func (d door) allow() string {
	methods := []string{http.MethodOptions}
	for m := range d.calls {
		if methods = append(methods, m); m == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

// answer makes one call. What panics is an error of ours, and the next request
// is served.
func (s *Server) answer(c call, w http.ResponseWriter, r *http.Request) (err error) {
	if c.serve == nil {
		return trouble(http.StatusNotFound, "this process does not do that: where several workers run, another one does")
	}
	who, refused := s.Keys.admit(r, c.role)
	if refused != nil {
		return refused
	}
	if c.own {
		return c.serve(w, r)
	}
	if err := c.body(w, r); err != nil {
		return err
	}
	defer func() {
		switch p := recover(); {
		case p == nil:
		case errors.Is(asError(p), http.ErrAbortHandler):
			panic(p)
		default:
			err = trouble(http.StatusInternalServerError, fmt.Sprintf("this is a fault of Tocsin's: %v", p))
		}
	}()
	return c.serve(w, withHolder(r, who))
}

func asError(p any) error {
	err, _ := p.(error)
	return err
}

// body bounds the request's body, and refuses one of another kind.
func (c call) body(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if c.takes == nil || r.ContentLength == 0 {
		return nil
	}
	if r.ContentLength > maxBody {
		return &http.MaxBytesError{Limit: maxBody}
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(c.takesKinds(), kind) {
		return trouble(http.StatusUnsupportedMediaType, "send the body as "+strings.Join(c.takesKinds(), " or ")+" in Content-Type")
	}
	return nil
}

func (c call) takesKinds() []string {
	if len(c.kinds) > 0 {
		return c.kinds
	}
	return []string{"application/json"}
}
