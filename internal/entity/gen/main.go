// Command gen makes the base that the binary carries, data/base.tsv.zst, out
// of lists of facts whose licences allow it (data/NOTICE names each).
//
//	go run ./internal/entity/gen -shared DIR [-words DIR]
//
// DIR is the folder that holds data/kb and data/gazetteer. Words is a
// node_modules folder with an-array-of-english-words, -french-words and
// -spanish-words (MIT); without it more place names that are also words are
// taken for places.
package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", "", "folder that holds data/kb and data/gazetteer")
	words := flag.String("words", "", "node_modules folder with word lists")
	out := flag.String("o", "internal/entity/data/base.tsv.zst", "file to write")
	flag.Parse()
	if *shared == "" {
		log.Print("gen: say where the lists are: -shared DIR")
		os.Exit(2)
	}
	if err := generate(filepath.Join(*shared, "data"), *words, *out); err != nil {
		log.Fatalf("gen: %v", err)
	}
}

// fact is one row of the base before it is written.
type fact struct {
	id, kind, name string
	names          []string // with their language prefix and, if weak, ~
	country, role  string
	lat, lon       string
	prior          int
	weak           bool // the name itself counts only with support
}

func generate(data, words, out string) error {
	s := source{data: data}
	w := s.commonWords(words)
	facts := slices.Concat(s.countries(), s.places(w), s.people(), s.orgs(), s.weapons(), s.media(), s.groups())
	if s.err != nil {
		return s.err
	}
	facts = distinct(facts)
	s.lexicon(words, filepath.Join(filepath.Dir(out), "lexicon.bin.zst"), facts)
	if s.err != nil {
		return s.err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zstd.NewWriter(f, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	b := bufio.NewWriter(z)
	fmt.Fprintln(b, "id\tkind\tname\tnames\tcountry\trole\tlat\tlon\tprior")
	for _, x := range facts {
		x.write(b)
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	log.Printf("gen: %d records", len(facts))
	return f.Close()
}

func (x fact) write(w io.Writer) {
	if x.weak {
		x.names = append([]string{"~" + x.name}, x.names...)
	}
	prior := ""
	if x.prior > 0 {
		prior = strconv.Itoa(min(9, x.prior))
	}
	row := []string{x.id, x.kind, clean(x.name), clean(strings.Join(x.names, "|")), x.country, clean(x.role), x.lat, x.lon, prior}
	fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t"))
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// distinct drops the second row of an id, and unites its names with the first.
func distinct(in []fact) []fact {
	at := map[string]int{}
	out := in[:0:0]
	for _, x := range in {
		i, ok := at[x.id]
		if !ok {
			at[x.id] = len(out)
			out = append(out, x)
			continue
		}
		for _, n := range append(x.names, x.name) {
			if n != out[i].name && !slices.Contains(out[i].names, n) {
				out[i].names = append(out[i].names, n)
			}
		}
	}
	return out
}

// source reads the lists; its first error stays.
type source struct {
	data string
	err  error
}

// lines gives each line of a gzip file.
func (s *source) lines(path string, each func(string)) {
	f, err := os.Open(filepath.Join(s.data, path))
	if err != nil {
		s.fail(err)
		return
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		s.fail(fmt.Errorf("%s: %w", path, err))
		return
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		each(sc.Text())
	}
	s.fail(sc.Err())
}

// rows gives each row of a table with a header as a map of its cells.
func (s *source) rows(path string, each func(cell func(string) string)) {
	var head []string
	s.lines(path, func(line string) {
		cells := strings.Split(line, "\t")
		if head == nil {
			head = cells
			return
		}
		each(func(name string) string {
			if i := slices.Index(head, name); i >= 0 && i < len(cells) {
				return cells[i]
			}
			return ""
		})
	})
}

func (s *source) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}
