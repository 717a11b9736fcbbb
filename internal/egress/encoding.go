package egress

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// window is the most memory that a zstd stream may ask for (RFC 8878 says
// that 8 MiB should be supported).
const window = 8 << 20

// decoder undoes the one layer of encoding that h declares. A gzip file sent
// without a declared encoding, as many sitemaps are, is undone too: it is
// still one layer.
func decoder(h http.Header, r io.Reader) (io.Reader, error) {
	enc := strings.ToLower(strings.TrimSpace(strings.Join(h.Values("Content-Encoding"), ",")))
	if strings.Contains(enc, ",") {
		return nil, refuse(ReasonEncoding, "the body is encoded in layers (%.40q)", enc)
	}
	switch enc {
	case "", "identity":
		return &lazy{open: plain, src: r}, nil
	case "gzip", "x-gzip":
		return &lazy{open: gunzip, src: r}, nil
	case "deflate":
		return &lazy{open: inflate, src: r}, nil
	case "zstd":
		return &lazy{open: unzstd, src: r}, nil
	}
	return nil, refuse(ReasonEncoding, "the encoding %.20q is unknown (gzip, deflate and zstd were asked for)", enc)
}

// lazy opens the decoder with the first read, so that an answer without a
// body (304, HEAD) is never read.
type lazy struct {
	open func(*bufio.Reader) (io.Reader, error)
	src  io.Reader
	r    io.Reader
}

func (l *lazy) Read(p []byte) (int, error) {
	if l.r == nil {
		br := bufio.NewReader(l.src)
		if _, err := br.Peek(1); err != nil {
			return 0, err
		}
		r, err := l.open(br)
		if err != nil {
			return 0, err
		}
		l.r = r
	}
	return l.r.Read(p)
}

func plain(br *bufio.Reader) (io.Reader, error) {
	if magic, _ := br.Peek(3); string(magic) == "\x1f\x8b\x08" {
		return gunzip(br)
	}
	return br, nil
}

func gunzip(br *bufio.Reader) (io.Reader, error) { return gzip.NewReader(br) }

// inflate reads zlib (RFC 1950), as RFC 9110 asks, or the bare deflate stream
// that some servers send instead.
func inflate(br *bufio.Reader) (io.Reader, error) {
	head, _ := br.Peek(2)
	if len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}

func unzstd(br *bufio.Reader) (io.Reader, error) {
	return zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
}
