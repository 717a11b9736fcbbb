package lang

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// Group is the languages of one script that only statistics can tell apart.
type Group struct {
	Script    string
	Languages []string // BCP 47
	// Rare are those that news in this script is seldom written in: a text
	// must speak for them more clearly.
	Rare map[string]bool
}

// Groups are the scripts that more than one language is written in.
var Groups = []Group{
	{
		"Latin",
		[]string{
			"en", "fr", "de", "es", "it", "nl", "pl", "pt", "cs", "sk", "sl", "hr", "hu", "ro", "sv", "da", "no",
			"fi", "et", "lv", "lt", "tr", "sq", "ca", "is", "az", "id", "vi",
		},
		map[string]bool{"sq": true, "ca": true, "is": true, "az": true, "id": true, "vi": true},
	},
	{"Cyrillic", []string{"ru", "uk", "bg", "sr", "mk", "be", "kk"}, map[string]bool{"kk": true, "be": true, "mk": true}},
	{"Arabic", []string{"ar", "fa", "ur"}, nil},
}

// The model's numbers: a cost is -ln p · Scale in one byte. BackOff is the
// factor for an n-gram that a language lacks, on its shorter form's
// probability (Brants et al. 2007, "stupid backoff"); Floor is the probability
// of a letter that a language lacks.
const (
	Scale   = 16
	BackOff = 0.3
	Floor   = 1e-5
)

//go:embed model.bin.gz
var packed []byte

// table maps an n-gram of up to four letters to its costs: open addressing, a
// power of two in size, at most half full. A slot holds a row's number and some
// of the hash, so that what is not there costs one look, and what is there two.
type table struct {
	slots []uint32 // tag and row number + 1; 0 is free
	rows  []byte   // row after row: the n-gram in 8 bytes, then one byte a language
	width int
	mask  uint64
}

const (
	head   = 8
	tagged = 20 // the bits of a slot that are the row's number
)

// Load unpacks what is carried, which the first Identify does otherwise, so that
// no article waits for it: about 60 ms. Once is enough; more does nothing.
func Load() {
	models()
	small()
}

// models unpacks the carried model, once, on first use.
var models = sync.OnceValue(func() []table {
	t, err := unpack(packed)
	if err != nil {
		panic("lang: the carried model cannot be read: " + err.Error())
	}
	return t
})

// unpack reads, for each of Groups: a count, that many n-grams (a length byte,
// UTF-8), then for each language that many costs.
func unpack(data []byte) ([]table, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(z, 1<<16)
	tables := make([]table, len(Groups))
	for i, g := range Groups {
		if tables[i], err = readTable(r, len(g.Languages)); err != nil {
			return nil, fmt.Errorf("%s: %w", g.Script, err)
		}
	}
	return tables, nil
}

func readTable(r *bufio.Reader, width int) (table, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return table{}, err
	}
	size := uint64(1)
	for size < 2*n {
		size *= 2
	}
	if n >= 1<<tagged {
		return table{}, fmt.Errorf("%d n-grams are more than a slot can number", n)
	}
	t := table{slots: make([]uint32, size), rows: make([]byte, n*uint64(head+width)), width: width, mask: size - 1}
	var buf [16]byte
	for i := range n {
		l, err := r.ReadByte()
		if err != nil {
			return table{}, err
		}
		if int(l) > len(buf) {
			return table{}, fmt.Errorf("n-gram %d has %d bytes", i, l)
		}
		if _, err := io.ReadFull(r, buf[:l]); err != nil {
			return table{}, err
		}
		key := uint64(0)
		for _, c := range string(buf[:l]) {
			key = push(key, c)
		}
		t.put(key, int(i))
	}
	column := make([]byte, n)
	for c := range width {
		if _, err := io.ReadFull(r, column); err != nil {
			return table{}, err
		}
		for i, cost := range column {
			t.rows[i*(head+width)+head+c] = cost
		}
	}
	return t, nil
}

// push appends a letter to an n-gram of up to four: 16 bits a letter.
func push(key uint64, r rune) uint64 { return key<<16 | uint64(uint16(r)) }

func hash(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 }

func (t *table) put(key uint64, row int) {
	h := hash(key)
	i := h >> 24 & t.mask
	for t.slots[i] != 0 {
		i = (i + 1) & t.mask
	}
	t.slots[i] = uint32(h>>52)<<tagged | uint32(row+1)
	binary.LittleEndian.PutUint64(t.rows[row*(head+t.width):], key)
}

// row is the costs of the longest n-gram that ends in key's last letter and is
// known, or nil.
func (t *table) row(key uint64) []byte {
	for m := ^uint64(0); ; m >>= 16 {
		k := key & m
		if k == 0 {
			return nil
		}
		h := hash(k)
		tag := uint32(h >> 52)
		for i := h >> 24 & t.mask; t.slots[i] != 0; i = (i + 1) & t.mask {
			if t.slots[i]>>tagged != tag {
				continue
			}
			at := int(t.slots[i]&(1<<tagged-1)-1) * (head + t.width)
			if row := t.rows[at : at+head+t.width]; binary.LittleEndian.Uint64(row) == k {
				return row[head:]
			}
		}
	}
}
