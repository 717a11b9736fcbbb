package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// MaxLine is the most bytes that one article may have as JSON: 256 Ki
// characters of any script, escaped as a careful encoder does.
const MaxLine = 4 << 20

// LineError says which line of a JSONL text is wrong, and how.
type LineError struct {
	// Line is counted from 1.
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// Lines reads JSONL: one article a line, blank lines passed over. Memory is
// bounded by the longest line that is read, [MaxLine] at most.
type Lines struct {
	r    *bufio.Reader
	line int
	buf  []byte
}

// NewLines reads from r. A byte-order mark before the first line is passed over.
func NewLines(r io.Reader) *Lines {
	br := bufio.NewReaderSize(r, 64<<10)
	if bom, _ := br.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = br.Discard(3)
	}
	return &Lines{r: br}
}

var (
	errLong = fmt.Errorf("it has more than %d KiB: cut the text", MaxLine>>10)
	errUTF8 = errors.New("it is not valid UTF-8: send it as UTF-8")
)

// Next returns the next line as v decodes it. A [*LineError] tells of one bad
// line; the next call goes on behind it. io.EOF is the end; any other error is
// of the reader, and final.
func (l *Lines) Next(v any) error {
	for {
		b, err := l.read()
		if err != nil {
			return err
		}
		if b = bytes.TrimSpace(b); len(b) == 0 {
			continue
		}
		if err := decode(b, v); err != nil {
			return l.wrong(err)
		}
		return nil
	}
}

// Line is the number of the line that Next returned last, from 1.
func (l *Lines) Line() int { return l.line }

func (l *Lines) wrong(err error) error { return &LineError{Line: l.line, Err: err} }

// read returns one line without its end. The line's bytes are good until the
// next read.
func (l *Lines) read() ([]byte, error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		switch {
		case err == nil, errors.Is(err, io.EOF) && len(l.buf) > 0:
			l.line++
			if len(l.buf) > MaxLine+1 {
				return nil, l.wrong(errLong)
			}
			return l.buf, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(l.buf) > MaxLine+1:
			l.line++
			if err := l.skip(); err != nil {
				return nil, err
			}
			return nil, l.wrong(errLong)
		}
	}
}

// skip passes over the rest of a line that is too long.
func (l *Lines) skip() error {
	for {
		_, err := l.r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil
		}
		return err
	}
}

// decode reads one JSON object, and says what is wrong in words.
func decode(b []byte, v any) error {
	b = bytes.TrimSpace(b)
	switch {
	case !utf8.Valid(b):
		return errUTF8
	case len(b) == 0 || b[0] != '{':
		return errors.New("it is not a JSON object: write an article as {…}")
	}
	err := json.Unmarshal(b, v)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON: column %d: %w", syntax.Offset, err)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s: it is a JSON %s, not %s", kind.Field, kind.Value, kind.Type)
	}
	return fmt.Errorf("it cannot be read: %w", err)
}

// Article is [Lines.Next] for an article.
func (l *Lines) Article() (events.Article, error) {
	var a events.Article
	err := l.Next(&a)
	return a, err
}
