package egress

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

func pack(t *testing.T, enc string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch enc {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "flate":
		w, _ = flate.NewWriter(&b, 9)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.Bytes()
}

func TestEncodings(t *testing.T) {
	text := []byte(strings.Repeat("Ministers met in Oslo. ", 100))
	noise := make([]byte, 1100<<10) // compresses little, so that only the size counts
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	for _, c := range []struct {
		name, header string
		body         []byte
		want         []byte
		reason       Reason
	}{
		{"gzip", "gzip", pack(t, "gzip", text), text, ""},
		{"deflate as zlib", "deflate", pack(t, "zlib", text), text, ""},
		{"deflate bare", "deflate", pack(t, "flate", text), text, ""},
		{"zstd", "zstd", pack(t, "zstd", text), text, ""},
		{"identity", "identity", text, text, ""},
		{"a gzip file that nobody declared", "", pack(t, "gzip", text), text, ""},
		{"one layer of two, when both are declared", "gzip, gzip", pack(t, "gzip", pack(t, "gzip", text)), nil, ReasonEncoding},
		{"only the outer layer is undone", "gzip", pack(t, "gzip", pack(t, "gzip", text)), pack(t, "gzip", text), ""},
		{"brotli was not asked for", "br", []byte("x"), nil, ReasonEncoding},
		{"an unknown encoding", "lzma", []byte("x"), nil, ReasonEncoding},
		{"a bomb of one megabyte is small", "gzip", pack(t, "gzip", make([]byte, 1<<20)), make([]byte, 1<<20), ""},
		{"a gzip bomb", "gzip", pack(t, "gzip", make([]byte, 12<<20)), nil, ReasonRatio},
		{"a zstd bomb", "zstd", pack(t, "zstd", make([]byte, 12<<20)), nil, ReasonRatio},
		{"large, and no bomb", "gzip", pack(t, "gzip", bytes.Repeat(noise, 10)), nil, ReasonSize},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if c.header != "" {
					w.Header().Set("Content-Encoding", c.header)
				}
				w.Write(c.body)
			})
			start := time.Now()
			_, body, err := get(t, open(t), url)
			if reason(err) != c.reason {
				t.Fatalf("error %v, want reason %q", err, c.reason)
			}
			if c.reason == "" && (err != nil || body != string(c.want)) {
				t.Errorf("%d bytes, want %d; error %v", len(body), len(c.want), err)
			}
			if c.reason == ReasonRatio {
				t.Logf("given up after %s and %d bytes", time.Since(start), len(body))
			}
		})
	}
}

func TestBodiesLargerThanTheBound(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"declared": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(50<<20))
			w.Write(make([]byte, 1<<20))
		},
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for b := bytes.Repeat([]byte("x"), 1<<16); ; {
				if _, err := w.Write(b); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, body, err := get(t, open(t), serve(t, h))
			if reason(err) != ReasonSize {
				t.Errorf("error %v", err)
			}
			if len(body) > 10<<20 {
				t.Errorf("%d bytes came through", len(body))
			}
		})
	}
}

func TestABodyThatEndsEarlyIsAnError(t *testing.T) {
	_, body, err := get(t, open(t), serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "half")
	}))
	if err == nil || body != "half" {
		t.Errorf("%q, %v", body, err)
	}
}

func TestHeadersLargerThanTheBound(t *testing.T) {
	_, _, err := get(t, open(t), serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 80<<10))
	}))
	if reason(err) != ReasonSize {
		t.Errorf("error %v", err)
	}
}

// testBody is a body that belongs to no request.
func testBody(t *testing.T, most int64) *body {
	ctx, cancel := context.WithCancelCause(t.Context())
	return &body{
		most: most, metrics: newMetrics(nil), slots: newSlots(), host: "h", ctx: ctx, cancel: cancel, done: func() {},
		total: time.AfterFunc(time.Hour, func() {}),
	}
}
