package egress

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// Whatever an address looks like, what passes without a dial is http or https
// to a host, and an address written as numbers is one that is checked.
func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"http://example.org/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:7f00:1]:80", "file:///x", "http://u:p@h/", "//h", "http://127.0.0.1./"} {
		f.Add(s)
	}
	g, err := newGuard(nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil || checkURL(u) != nil {
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
			t.Errorf("%q passes", s)
		}
		ip, err := netip.ParseAddr(u.Hostname())
		if err == nil && (ip.Unmap().IsLoopback() || ip.Unmap().IsPrivate()) && g.check(ip, 443) == nil {
			t.Errorf("%q may be dialled", s)
		}
	})
}

// Whatever comes, under whatever encoding, no more comes out than the bounds
// allow, and a reader that was given up stays given up.
func FuzzBody(f *testing.F) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(make([]byte, 4<<20))
	w.Close()
	f.Add(z.Bytes(), "gzip")
	f.Add(z.Bytes(), "")
	e, _ := zstd.NewWriter(nil)
	f.Add(e.EncodeAll(make([]byte, 4<<20), nil), "zstd")
	f.Add([]byte("x\x9c\x03\x00\x00\x00\x00\x01"), "deflate")
	f.Add([]byte("plain"), "gzip, gzip")
	const most = 3 << 20
	f.Fuzz(func(t *testing.T, sent []byte, encoding string) {
		resp := &http.Response{Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(sent)), Request: &http.Request{Method: "GET"}}
		resp.Header.Set("Content-Encoding", encoding)
		b := testBody(t, most)
		if err := b.attach(resp); err != nil {
			b.stop(err)
			return
		}
		defer resp.Body.Close()
		n, err := io.Copy(io.Discard, resp.Body)
		if n > most || n > free+64<<10 && n > ratio*int64(len(sent))+64<<10 {
			t.Errorf("%d bytes of %d", n, len(sent))
		}
		if m, again := resp.Body.Read(make([]byte, 1)); m != 0 || err != nil && !errors.Is(again, err) {
			t.Errorf("it goes on after %v: %d, %v", err, m, again)
		}
	})
}
