package watch

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Bounds of a file of watches.
const (
	MaxFile    = 16 << 20
	MaxWatches = 100_000
	maxErrors  = 20
	maxFlow    = 64
)

// Load reads a file of watches; name is what its errors call it. A file with
// an error gives no watch at all, and its errors, [*Error] each, joined.
func Load(r io.Reader, name string) ([]Watch, error) {
	d := &document{name: name}
	root, err := d.read(r)
	if err != nil {
		return nil, err
	}
	var out []Watch
	d.mapping(root, "a file of watches", map[string]func(ast.Node){
		"watches": func(n ast.Node) { out = d.watches(n) },
	})
	if len(d.errs) == 0 && out == nil {
		d.fail(root, "list them under watches:", "file holds no watches")
	}
	if err := errors.Join(d.errs...); err != nil {
		return nil, err
	}
	return out, nil
}

// LoadOne reads a single watch, in YAML or JSON, without the list around it.
func LoadOne(r io.Reader, name string) (Watch, error) {
	d := &document{name: name}
	root, err := d.read(r)
	if err != nil {
		return Watch{}, err
	}
	w := d.watch(root)
	return w, errors.Join(d.errs...)
}

// LoadAs is [LoadOne] of a watch that is known by a name already: it may leave
// that out, and may not have another.
func LoadAs(r io.Reader, file, name string) (Watch, error) {
	d := &document{name: file, known: name}
	root, err := d.read(r)
	if err != nil {
		return Watch{}, err
	}
	w := d.watch(root)
	if w.Name != name && len(d.errs) == 0 {
		d.fail(root, "leave name out, or write it the same", "watch is named %q, and put under %q", w.Name, name)
	}
	return w, errors.Join(d.errs...)
}

// document is a file as it is read, and the errors met.
type document struct {
	name  string
	known string // the name of its one watch, where that need not be said
	lines []string
	errs  []error
}

func (d *document) read(r io.Reader) (ast.Node, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read watches %s: %w", d.name, err)
	}
	if len(data) > MaxFile {
		return nil, &Error{File: d.name, Message: fmt.Sprintf("file has more than %d bytes", MaxFile), Hint: "split it"}
	}
	d.lines = strings.Split(string(data), "\n")
	if line := tooDeep(d.lines); line > 0 {
		return nil, &Error{File: d.name, Line: line, Column: 1, Message: "brackets or dashes are nested too deep"}
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, d.syntax(err)
	}
	if len(file.Docs) > 1 {
		return nil, d.at(file.Docs[1], "put all watches into one list", "file holds more than one document")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, &Error{File: d.name, Line: 1, Column: 1, Message: "file is empty", Hint: "list watches under watches:"}
	}
	return file.Docs[0].Body, nil
}

// tooDeep finds the line where nesting goes beyond what a file of watches can
// mean, before the parser recurses into it; 0 when none does.
func tooDeep(lines []string) int {
	flow := 0
	for i, l := range lines {
		for j := range len(l) {
			switch l[j] {
			case '[', '{':
				flow++
			case ']', '}':
				flow = max(0, flow-1)
			}
		}
		if flow > maxFlow || strings.Count(l, "- - ") > maxFlow/2 || strings.Count(l, "? ? ") > maxFlow/2 {
			return i + 1
		}
	}
	return 0
}

func (d *document) syntax(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil || y.GetToken().Position == nil {
		return &Error{File: d.name, Message: firstLine(err.Error())}
	}
	p := y.GetToken().Position
	return &Error{File: d.name, Line: p.Line, Column: p.Column, Message: "not YAML: " + y.GetMessage(), Hint: hintFor(y.GetMessage())}
}

func hintFor(message string) string {
	if strings.Contains(message, "tab") {
		return "indent with spaces"
	}
	return ""
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// fail notes an error at n.
func (d *document) fail(n ast.Node, hint, format string, args ...any) {
	d.add(d.at(n, hint, format, args...))
}

func (d *document) add(e *Error) {
	if len(d.errs) < maxErrors {
		d.errs = append(d.errs, e)
	}
}

func (d *document) at(n ast.Node, hint, format string, args ...any) *Error {
	e := &Error{File: d.name, Message: fmt.Sprintf(format, args...), Hint: hint}
	e.Line, e.Column = start(n)
	return e
}

// start is where n begins: a mapping at its first key.
func start(n ast.Node) (line, column int) {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && !m.IsFlowStyle {
			n = m.Values[0].Key
		}
	case *ast.MappingValueNode:
		n = m.Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line, t.Position.Column
	}
	return 0, 0
}
