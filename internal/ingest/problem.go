package ingest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// problem is an error answer as RFC 9457 writes it, with how far the request
// had come.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	*Receipt

	retry time.Duration
}

func trouble(status int, detail string) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// after says when to try again.
func (p *problem) after(d time.Duration) *problem {
	p.retry = max(d, time.Second)
	return p
}

// with says what was done before the trouble began.
func (p *problem) with(r *Receipt) *problem {
	p.Receipt = r
	return p
}

func (p *problem) write(w http.ResponseWriter) {
	h := w.Header()
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retry+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="tocsin"`)
	}
	answer(w, "application/problem+json", p.Status, p)
}

func answer(w http.ResponseWriter, kind string, status int, v any) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone: nobody is left to tell
}
