package entity

import (
	"bytes"
	"math"
	"strings"

	"github.com/tocsin-news/tocsin/internal/entity/names"
)

// Base is a knowledge base: records and every form of their names.
// It does not change once made; [Base.With] makes another.
type Base struct {
	set     *names.Set
	metas   []meta
	files   [][]byte // the rows as they were read; a record is parsed when asked for
	ids     index
	earlier map[uint32][]place // other rows of a record, which say more of it
	offices []tenure
	low     lowStarts
}

// place is where a row stands.
type place struct{ file, at uint32 }

// meta is what the linker asks of a record for every candidate.
type meta struct {
	file, at uint32 // where its row stands
	part     uint32 // record+1 of what it belongs to, 0 if nothing
	lat, lon float32
	country  [2]byte
	kind     byte // 'P' 'O' 'L' 'M'
	prior    int8
	placed   bool
	nation   bool // a country
	town     bool
	area     bool // a country, or a region that other places lie in
}

// tenure is an office as the linker asks for it.
type tenure struct {
	holder       uint32
	since, until string
}

// Flags of a name's post. The upper byte says which of the first eight words
// have a capital.
const (
	flagAcronym   uint16 = 1 << iota // all capitals: does not match a word in lower case
	flagWeak                         // needs support
	flagAdjective                    // a demonym
	flagOffice                       // the record is a tenure's number
	flagBare                         // one word for a person
	flagCapitals  = 8                // shift of the capitals
)

// officeBase is added to a tenure's number in a post, so that it is no record's.
const officeBase = 1 << 30

// lowStarts is a set of first words that a form begins with in lower case, so
// that a word without a capital is looked up only when that can help. It may
// hold words that were never added (Bloom's filter with one hash).
type lowStarts []uint64

func (s lowStarts) has(word uint64) bool {
	return len(s) > 0 && s[word>>6%uint64(len(s))]>>(word&63)&1 != 0
}

func (s lowStarts) add(word uint64) { s[word>>6%uint64(len(s))] |= 1 << (word & 63) }

// Seeds of the walks.
var (
	exact   = names.Root(1)
	stemmed = names.Root(2)
	polish  = names.Root(3)
)

// Record parts in a file's row are kept apart by these bytes.
const rowEnd = '\n'

// Len is the number of records.
func (b *Base) Len() int { return len(b.metas) }

// Names is the number of forms that the base knows.
func (b *Base) Names() int { return b.set.Len() }

// ByID returns the record with an id.
func (b *Base) ByID(id string) (Record, bool) {
	i, ok := b.ids.find(id)
	if !ok {
		return Record{}, false
	}
	return b.record(i), true
}

// record parses the rows of record i, which were checked when they were read:
// the last says what it is, all of them give it names.
func (b *Base) record(i uint32) Record {
	m := &b.metas[i]
	r := b.parse(place{m.file, m.at})
	for _, p := range b.earlier[i] {
		old := b.parse(p)
		if old.Name != r.Name {
			r.Names = append(r.Names, Name{Form: old.Name})
		}
		r.Names = append(r.Names, old.Names...)
		r.Adjectives = append(r.Adjectives, old.Adjectives...)
		if r.Role == "" {
			r.Role = old.Role
		}
		if old.Placed && !r.Placed {
			r.Lat, r.Lon, r.Placed = old.Lat, old.Lon, true
		}
	}
	return r
}

func (b *Base) parse(p place) Record {
	raw := b.files[p.file][p.at:]
	if end := bytes.IndexByte(raw, rowEnd); end >= 0 {
		raw = raw[:end]
	}
	var cells [11]string
	n := 0
	for c := range strings.SplitSeq(string(raw), "\t") {
		cells[n] = c
		n++
	}
	r, _ := parseRecord(func(i int) string { return cells[i] })
	return r
}

// head returns the id and the name of record i, without parsing the rest.
func (b *Base) head(i uint32) (id, name string) {
	m := &b.metas[i]
	raw := b.files[m.file][m.at:]
	x := bytes.IndexByte(raw, '\t')
	y := x + 1 + bytes.IndexByte(raw[x+1:], '\t')
	z := bytes.IndexAny(raw[y+1:], "\t\n")
	if z < 0 {
		z = len(raw) - y - 1
	}
	return string(raw[:x]), string(raw[y+1 : y+1+z])
}

// File is an entity file: its name, for errors, and its bytes.
type File struct {
	Name string
	Data []byte
	// homonyms says that a form may stand for many: the generated lists, where
	// context always decides.
	homonyms bool
}

// Load makes a base of entity files.
func Load(files ...File) (*Base, error) {
	return (&Base{set: &names.Set{}, earlier: map[uint32][]place{}}).With(files...)
}

// With returns a base that knows what b knows and what the files add. A row
// whose id b knows already adds its names to that record and replaces what it
// says. The error is a [*FileError]; b stays as it was.
func (b *Base) With(files ...File) (*Base, error) {
	nb := &Base{
		set: b.set.Clone(), ids: b.ids.clone(), earlier: make(map[uint32][]place, len(b.earlier)),
		metas: append([]meta(nil), b.metas...), files: append([][]byte(nil), b.files...),
		offices: append([]tenure(nil), b.offices...), low: make(lowStarts, 4096),
	}
	copy(nb.low, b.low)
	for k, v := range b.earlier {
		nb.earlier[k] = v[:len(v):len(v)]
	}
	l := loader{base: nb, seen: map[string]string{}}
	for _, f := range files {
		if err := table(f.Name, f.Data, l.row(f)); err != nil {
			return nil, err
		}
		l.closeFile()
	}
	if err := l.settle(); err != nil {
		return nil, err
	}
	nb.metas = append([]meta(nil), nb.metas...) // no room to grow
	nb.set.Trim()
	return nb, nil
}

// distance is that between two places in kilometres (haversine); of two that lie
// more than 500 km apart by latitude alone, no more than that part of it.
func distance(lat1, lon1, lat2, lon2 float32) float64 {
	const radius, degree = 6371.0, math.Pi / 180
	if north := math.Abs(float64(lat2-lat1)) * degree * radius; north > 500 {
		return north
	}
	a, b := float64(lat1)*degree, float64(lat2)*degree
	s, t := math.Sin((b-a)/2), math.Sin(float64(lon2-lon1)*degree/2)
	return 2 * radius * math.Asin(math.Sqrt(min(1, s*s+math.Cos(a)*math.Cos(b)*t*t)))
}
