package entity

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

// FileError says where in an entity file something is wrong.
type FileError struct {
	File string
	Line int
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

// row is one line of an entity file with its cells in the order of columns.
type row struct {
	line  int
	cells [11]string
}

func (r *row) cell(i int) string { return r.cells[i] }

// table reads an entity file: a header line that names the columns, then one
// row a line, cells parted by tabs; empty lines and lines that begin with #
// say nothing. each is given every row; offices says which kind of file it is.
func table(file string, data []byte, each func(offices bool, r *row) error) error {
	var columns []string
	var place []int
	var r row
	for len(data) > 0 {
		var raw []byte
		raw, data, _ = bytes.Cut(data, []byte{'\n'})
		r.line++
		line := strings.TrimRight(string(raw), "\r")
		if r.line == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		var err error
		if columns == nil {
			columns, place, err = header(line)
		} else if err = r.fill(line, place); err == nil {
			err = each(columns[0] == officeColumns[0], &r)
		}
		if err != nil {
			return &FileError{File: file, Line: r.line, Err: err}
		}
	}
	return nil
}

// header says, for each column of the file, which of ours it is.
func header(line string) (columns []string, place []int, err error) {
	columns = recordColumns
	if strings.HasPrefix(line, officeColumns[0]) {
		columns = officeColumns
	}
	for name := range strings.SplitSeq(line, "\t") {
		i := slices.Index(columns, strings.TrimSpace(name))
		if i < 0 {
			return nil, nil, fmt.Errorf("unknown column %q: the header names some of %s, parted by tabs", name, strings.Join(columns, " "))
		}
		if slices.Contains(place, i) {
			return nil, nil, fmt.Errorf("column %q stands twice in the header", name)
		}
		place = append(place, i)
	}
	for i, need := range columns[:2] {
		if !slices.Contains(place, i) {
			return nil, nil, fmt.Errorf("the header lacks the column %q", need)
		}
	}
	return columns, place, nil
}

func (r *row) fill(line string, place []int) error {
	r.cells = [11]string{}
	n := 0
	for cell := range strings.SplitSeq(line, "\t") {
		if n == len(place) {
			return fmt.Errorf("the row has more cells than the header has columns (%d)", len(place))
		}
		r.cells[place[n]] = strings.TrimSpace(cell)
		n++
	}
	return nil
}

func parseOffice(cell func(int) string) (Office, error) {
	o := Office{Holder: cell(0), Since: cell(2), Until: cell(3)}
	if o.Holder == "" {
		return o, fmt.Errorf("the holder is empty: give the id of a person")
	}
	var err error
	if o.Titles, err = parseNames(cell(1)); err != nil {
		return o, err
	}
	if len(o.Titles) == 0 {
		return o, fmt.Errorf("the titles are empty: write, say, en:NATO secretary general")
	}
	for _, day := range []string{o.Since, o.Until} {
		if day == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return o, fmt.Errorf("%q is not a day: write YYYY-MM-DD", day)
		}
	}
	if o.Since != "" && o.Until != "" && o.Until < o.Since {
		return o, fmt.Errorf("the office ends (%s) before it begins (%s)", o.Until, o.Since)
	}
	return o, nil
}
