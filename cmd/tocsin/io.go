package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/tocsin-news/tocsin/internal/ingest"
)

// input is one of the files that a filter reads.
type input struct {
	name string
	io.Reader
}

// eachInput hands over the files one by one; none, or "-", is standard input.
// A file that ends in .gz is unpacked. A file that cannot be opened is told of,
// and the others are read; the last result is whether all could be.
func eachInput(std stdio, files []string, read func(input) error) (ok bool, err error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	ok = true
	bar := progress(std, files)
	for _, name := range files {
		if name == "-" {
			if err := read(input{"standard input", std.in}); err != nil {
				return ok, err
			}
			continue
		}
		good, err := readFile(std, name, bar, read)
		if err != nil {
			return ok, err
		}
		ok = ok && good
	}
	return ok, bar.Finish()
}

func readFile(std stdio, name string, bar *progressbar.ProgressBar, read func(input) error) (ok bool, err error) {
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintf(std.err, "tocsin: %v\n", err)
		return false, nil
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		fmt.Fprintf(std.err, "tocsin: %s is a directory: name the files in it\n", name)
		return false, nil
	}
	r := io.TeeReader(f, bar)
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(r)
		if err != nil {
			fmt.Fprintf(std.err, "tocsin: %s: %v\n", name, err)
			return false, nil
		}
		r = z
	}
	return true, read(input{name, r})
}

// progress is a bar over the bytes of the files, on a terminal that nothing
// else is written to.
func progress(std stdio, files []string) *progressbar.ProgressBar {
	total := int64(0)
	for _, name := range files {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
	}
	if total < 1<<20 || !isTerminal(std.err) || isTerminal(std.out) {
		return progressbar.NewOptions64(-1, progressbar.OptionSetVisibility(false), progressbar.OptionSetWriter(io.Discard))
	}
	return progressbar.NewOptions64(total, progressbar.OptionSetWriter(std.err), progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// colours reports whether w should be written to in colours.
func colours(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// eachLine decodes the lines of the files into a T each. Bad lines are told of
// with their number and skipped.
func eachLine[T any](std stdio, files []string, take func(T) error) (ok bool, err error) {
	good := true
	ok, err = eachInput(std, files, func(in input) error {
		lines := ingest.NewLines(in)
		for {
			var v T
			err := lines.Next(&v)
			var bad *ingest.LineError
			switch {
			case errors.Is(err, io.EOF):
				return nil
			case errors.As(err, &bad):
				fmt.Fprintf(std.err, "tocsin: %s: %v\n", in.name, err)
				good = false
			case err != nil:
				fmt.Fprintf(std.err, "tocsin: %s: after line %d: %v\n", in.name, lines.Line(), err)
				good = false
				return nil
			default:
				if err := take(v); err != nil {
					return err
				}
			}
		}
	})
	return ok && good, err
}

// writer writes JSON lines.
type writer struct {
	buf *bufio.Writer
	enc *json.Encoder
}

func newWriter(w io.Writer) writer {
	buf := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	return writer{buf, enc}
}

func (w writer) write(v any) error { return w.enc.Encode(v) }

// done flushes, and says by its error whether all went well.
func (w writer) done(ok bool, err error) error {
	if ferr := w.buf.Flush(); err == nil {
		err = ferr
	}
	if err == nil && !ok {
		return errTold
	}
	return err
}
