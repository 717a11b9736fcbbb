package entity

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/entity/ending"
	"github.com/tocsin-news/tocsin/internal/entity/names"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// loader adds the rows of files to a base.
type loader struct {
	base *Base
	rows bytes.Buffer      // of the file being read
	seen map[string]string // form and kind, to the id that has it, within one file
	late []pending
	ofs  []officeRow
	hash []uint64
}

type pending struct {
	file   string
	line   int
	record uint32
	part   string
}

type officeRow struct {
	file   string
	line   int
	office Office
}

func (l *loader) closeFile() {
	l.base.files = append(l.base.files, bytes.Clone(l.rows.Bytes()))
	l.rows.Reset()
	clear(l.seen)
}

func (l *loader) row(f File) func(bool, *row) error {
	file := f.Name
	return func(offices bool, r *row) error {
		if offices {
			o, err := parseOffice(r.cell)
			l.ofs = append(l.ofs, officeRow{file, r.line, o})
			return err
		}
		rec, err := parseRecord(r.cell)
		if err != nil {
			return err
		}
		if !f.homonyms {
			if err := l.distinct(rec); err != nil {
				return err
			}
		}
		if !f.homonyms && r.cell(priorColumn) == "" {
			rec.Prior = listed
		}
		i := l.keep(rec, r)
		if rec.Part != "" {
			l.late = append(l.late, pending{file, r.line, i, rec.Part})
		}
		return nil
	}
}

// distinct refuses a form that a file gives to two entities of one kind,
// unless it is marked as weak.
func (l *loader) distinct(r Record) error {
	weak := map[string]bool{}
	for _, n := range r.Names {
		weak[n.Form] = weak[n.Form] || n.Weak
	}
	for _, n := range append([]Name{{Form: r.Name}}, r.Names...) {
		if weak[n.Form] {
			continue
		}
		key := r.Kind + n.Lang + "\x00" + n.Form
		other, ok := l.seen[key]
		if ok && other != r.ID {
			return fmt.Errorf("name %q stands for %s already: mark it ~%s in both rows, so that context decides", n.Form, other, n.Form)
		}
		l.seen[key] = r.ID
	}
	return nil
}

// keep stores the row and its names, and returns the record's number.
func (l *loader) keep(r Record, raw *row) uint32 {
	b := l.base
	m := meta{
		file: uint32(len(b.files)), at: uint32(l.rows.Len()),
		kind: r.Kind[0], prior: int8(r.Prior), lat: float32(r.Lat), lon: float32(r.Lon), placed: r.Placed,
	}
	copy(m.country[:], r.Country)
	m.nation = r.Kind == events.Location && strings.HasPrefix(r.Role, "country")
	m.area = m.nation
	m.town = slices.Contains(towns, r.Role) || strings.HasPrefix(r.Role, "town ")
	last := len(raw.cells)
	for last > 3 && raw.cells[last-1] == "" {
		last--
	}
	l.rows.WriteString(strings.Join(raw.cells[:last], "\t"))
	l.rows.WriteByte(rowEnd)

	i, known := b.ids.find(r.ID)
	if !known {
		i = uint32(len(b.metas))
		b.metas = append(b.metas, m)
		b.ids.add(r.ID, i)
	} else {
		old := b.metas[i]
		b.earlier[i] = append(b.earlier[i], place{old.file, old.at})
		if !m.placed {
			m.lat, m.lon, m.placed = old.lat, old.lon, old.placed
		}
		m.part, m.area = old.part, m.area || old.area
		if r.Role == "" {
			m.nation, m.town = old.nation, old.town
		}
		b.metas[i] = m
	}
	own := Name{Form: r.Name}
	for _, n := range r.Names {
		own.Weak = own.Weak || n.Weak && n.Form == r.Name
	}
	l.name(i, r, own)
	for _, n := range r.Names {
		l.name(i, r, n)
	}
	for _, n := range r.Adjectives {
		for _, form := range adjectives(n.Form, n.Lang) {
			l.add(i, form, n.Lang, flagAdjective)
		}
	}
	return i
}

// listed is the prior of what somebody listed by hand without one: it is worth
// finding where nothing else in the article speaks of it.
const listed = 5

// towns are the roles of the generated list's towns.
var towns = []string{"capital", "city", "town", "part of a town"}

// name adds one form of a record's name.
func (l *loader) name(i uint32, r Record, n Name) {
	var flags uint16
	letters, digits, upper := 0, 0, true
	for _, c := range n.Form {
		switch {
		case unicode.IsLetter(c):
			letters++
			upper = upper && unicode.IsUpper(c)
		case unicode.IsDigit(c):
			digits++
		}
	}
	if letters == 0 || letters+digits < 2 {
		return
	}
	if letters == 1 { // a designation: F-16, S-400, G7
		if letters+digits < 3 && r.Prior < 7 {
			flags |= flagWeak
		}
	} else if upper && letters < 7 && !strings.Contains(n.Form, " ") {
		flags |= flagAcronym
	}
	if n.Weak || letters == 2 && flags&flagAcronym == 0 {
		flags |= flagWeak
	}
	if r.Kind[0] == 'P' && !strings.ContainsAny(n.Form, " -") {
		flags |= flagBare
	}
	l.add(i, n.Form, n.Lang, flags)
}

func (l *loader) add(i uint32, form, lang string, flags uint16) {
	words := token.Split(form)
	l.hash = l.hash[:0]
	for k, w := range words {
		l.hash = append(l.hash, w.Hash)
		if k < 8 && w.Shape&token.Capital != 0 {
			flags |= 1 << (flagCapitals + k)
		}
	}
	if len(words) == 0 {
		return
	}
	if words[0].Shape&(token.Capital|token.Number) == 0 {
		l.base.low.add(words[0].Hash)
	}
	p := names.Post{Record: i, Langs: langBit(lang), Flags: flags}
	l.base.set.Add(exact, l.hash, p)
	l.addStems(words, form, lang, p)
}

// addStems adds the form again with its words' endings cut, so that its other
// cases are found.
func (l *loader) addStems(words []token.Token, form, lang string, p names.Post) {
	if p.Flags&flagAcronym != 0 {
		return
	}
	cyrillic := words[0].Fold[0] >= 0xd0 && words[0].Fold[0] <= 0xd3
	root, tongue := stemmed, ""
	switch {
	case cyrillic:
	case lang == "pl" || lang == "" && p.Flags&flagAdjective == 0:
		root, tongue = polish, "pl"
	default:
		return
	}
	l.hash = l.hash[:0]
	for _, w := range words {
		l.hash = append(l.hash, xxhash.Sum64String(ending.Cut(w.Fold, tongue)))
	}
	if words[0].Shape&(token.Capital|token.Number) == 0 {
		l.base.low.add(l.hash[0])
	}
	l.base.set.Add(root, l.hash, p)
}

// settle ties parts and offices to records, once all are known.
func (l *loader) settle() error {
	b := l.base
	for _, p := range l.late {
		i, ok := b.ids.find(p.part)
		if !ok {
			return &FileError{p.file, p.line, fmt.Errorf("part %q is no id that is known: add its row, or take it out", p.part)}
		}
		b.metas[p.record].part = i + 1
		b.metas[i].area = b.metas[i].area || !b.metas[i].town
		if ring := b.ring(p.record); ring != "" {
			return &FileError{p.file, p.line, fmt.Errorf("part makes a cycle: %s", ring)}
		}
	}
	for _, o := range l.ofs {
		i, ok := b.ids.find(o.office.Holder)
		if !ok {
			return &FileError{o.file, o.line, fmt.Errorf("holder %q is no id that is known: add its row first", o.office.Holder)}
		}
		b.offices = append(b.offices, tenure{i, o.office.Since, o.office.Until})
		for _, t := range o.office.Titles {
			l.add(officeBase+uint32(len(b.offices)-1), t.Form, t.Lang, flagOffice)
		}
	}
	return nil
}

// ring returns the ids of a cycle of parts through record i, or "".
func (b *Base) ring(i uint32) string {
	for n, at := 0, b.metas[i].part; at != 0; n, at = n+1, b.metas[at-1].part {
		if at-1 == i || n == 32 {
			return b.way(i)
		}
	}
	return ""
}

// way is the ids from record i to what it is part of, once round or 32 steps far.
func (b *Base) way(i uint32) string {
	way, _ := b.head(i)
	for n, at := 0, b.metas[i].part; at != 0 && n < 32; n, at = n+1, b.metas[at-1].part {
		next, _ := b.head(at - 1)
		way += " → " + next
		if at-1 == i {
			break
		}
	}
	return way
}
