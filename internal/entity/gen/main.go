// Command gen makes the base that the binary carries, data/base.tsv.zst, out
// of lists of facts whose licences allow it (data/NOTICE names each).
//
//	go run ./internal/entity/gen -shared DIR -earth DIR -regions FILE -brands DIR -artists FILE [-words DIR]
//
// Shared is the folder that holds data/kb and data/gazetteer.
//
// Earth is a folder of Natural Earth's attribute tables (public domain), as
// ne_10m_*.tsv: those of the folders tsv_with_names/10m_cultural and
// 10m_physical of github.com/Raysphere24/NaturalEarthCsvTsv, which are the DBF
// files of naturalearthdata.com as text; and ne_10m_populated_places.json, out
// of 10m/cultural/ne_10m_populated_places.7z of
// github.com/martynafford/natural-earth-geojson.
//
// Regions is metadata/region.csv of github.com/usc-isi-i2/datamart-api (MIT).
//
// Brands is the unpacked npm package name-suggestion-index, version 8
// (BSD-3-Clause): npm pack name-suggestion-index@8.
//
// Artists is data/constituents.csv of github.com/NationalGalleryOfArt/opendata
// (CC0).
//
// Words is a node_modules folder with an-array-of-english-words, -french-words
// and -spanish-words (MIT); without it more names that are also words are taken
// for places.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
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
	earth := flag.String("earth", "", "folder with Natural Earth's tables")
	regions := flag.String("regions", "", "file of regions and municipalities, with their QIDs")
	artists := flag.String("artists", "", "file of the people of the National Gallery of Art")
	brands := flag.String("brands", "", "folder of the npm package name-suggestion-index")
	out := flag.String("o", "internal/entity/data/base.tsv.zst", "file to write")
	flag.Parse()
	if *shared == "" || *earth == "" || *regions == "" || *brands == "" || *artists == "" {
		log.Print("gen: say where the lists are: -shared DIR -earth DIR -regions FILE -brands DIR -artists FILE")
		os.Exit(2)
	}
	s := source{data: filepath.Join(*shared, "data"), earthDir: *earth, regionList: *regions, brandsDir: *brands, artistList: *artists}
	if err := s.generate(*words, *out); err != nil {
		log.Fatalf("gen: %v", err)
	}
}

// fact is one row of the base before it is written.
type fact struct {
	id, kind, name string
	names          []string // with their language prefix and, if weak, ~
	country, role  string
	lat, lon       string
	part           string // id of the region that it lies in
	prior          int
	weak           bool // the name itself counts only with support
}

func (s *source) generate(words, out string) error {
	common := s.commonWords(words)
	countries := s.countries()
	s.regionIDs = s.divisions()
	towns := s.places(common)
	names := townNames{}
	for i := range towns {
		names.add(&towns[i])
	}
	for i := range countries { // in Dutch, Norfolk is an island
		if x := &countries[i]; strings.HasPrefix(x.id, "iso.") {
			x.mark(func(form string) bool { return form != x.name && names.has(form, "", 4) })
		}
	}
	for i := range countries {
		names.add(&countries[i])
	}
	regions := s.regions(names, common)
	inherit(towns, regions)
	for i := range regions {
		names.add(&regions[i])
	}
	facts := slices.Concat(countries, towns, regions, s.nature(names, common), s.counties(),
		s.people(), s.artists(), s.orgs(), s.brands(names, regions, common), s.weapons(), s.media(), s.groups())
	if s.err != nil {
		return s.err
	}
	facts = distinct(facts)
	overshadow(facts)
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
	fmt.Fprintln(b, "id\tkind\tname\tnames\tcountry\trole\tpart\tlat\tlon\tprior")
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
	row := []string{x.id, x.kind, clean(x.name), clean(strings.Join(x.names, "|")), x.country, clean(x.role), x.part, x.lat, x.lon, prior}
	fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t"))
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// distinct drops the second row of an id, and unites its names with the first:
// those that the first does not have in any strength.
func distinct(in []fact) []fact {
	at := map[string]int{}
	has := map[[2]string]bool{} // id, and a form without its language and its mark
	out := in[:0:0]
	for _, x := range in {
		i, ok := at[x.id]
		if !ok {
			i = len(out)
			at[x.id] = i
			out = append(out, x)
			has[[2]string{x.id, x.name}] = true
			for _, n := range x.names {
				has[[2]string{x.id, strings.TrimPrefix(bare(n), "~")}] = true
			}
			continue
		}
		for _, n := range append(x.names, x.name) {
			key := [2]string{x.id, strings.TrimPrefix(bare(n), "~")}
			if !has[key] {
				has[key] = true
				out[i].names = append(out[i].names, n)
			}
		}
	}
	return out
}

// overshadow marks the forms of places that a much better known place bears:
// who writes Paris of Paris in Texas says so.
func overshadow(facts []fact) {
	known := townNames{}
	for i := range facts {
		if facts[i].kind == "LOC" {
			known.add(&facts[i])
		}
	}
	for i := range facts {
		if x := &facts[i]; x.kind == "LOC" {
			x.mark(func(form string) bool { return known.has(form, "", x.prior+3) })
		}
	}
}

// source reads the lists; its first error stays.
type source struct {
	data       string
	earthDir   string
	regionList string
	brandsDir  string
	artistList string

	countryIDs   map[string]bool   // QIDs of countries
	countryCodes map[string]string // ISO code by QID
	countryNames map[string]string // name by ISO code
	regionIDs    map[string]string // QID by GeoNames' code of a division
	regionNames  map[string]string // name by QID of a division

	err error
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

// csv gives each row of a comma-separated file with a header.
func (s *source) csv(path string, each func(cell func(string) string)) {
	f, err := os.Open(path)
	if err != nil {
		s.fail(err)
		return
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		s.fail(fmt.Errorf("%s: %w", path, err))
		return
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, r := range rows[1:] {
		each(func(name string) string { return r[column[name]] })
	}
}

func (s *source) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
