package watch

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// mapping hands each value of a mapping to the reader of its key; what names
// the mapping in errors. A key that no reader wants is an error.
func (d *document) mapping(n ast.Node, what string, readers map[string]func(ast.Node)) (ok bool) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		d.fail(n, "write it as key: value; keys are "+keys(readers), "%s must be a mapping", what)
		return false
	}
	seen := make(map[string]bool, len(pairs))
	for _, p := range pairs {
		key := p.Key.GetToken().Value
		read, known := readers[key]
		switch {
		case !known:
			d.fail(p.Key, d.keyHint(key, readers), "unknown key %q in %s", key, what)
		case seen[key]:
			d.fail(p.Key, "remove one", "key %q stands twice in %s", key, what)
		default:
			seen[key] = true
			read(p.Value)
		}
	}
	return true
}

func keys[T any](m map[string]T) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), " ")
}

// keyHint names the key that was probably meant.
func (d *document) keyHint(key string, readers map[string]func(ast.Node)) string {
	for _, k := range slices.Sorted(maps.Keys(readers)) {
		if alike(strings.ToLower(strings.ReplaceAll(key, "-", "_")), k) {
			return "did you mean " + k
		}
	}
	return "keys are " + keys(readers)
}

// alike reports whether a and b differ by one letter changed, left out, put in
// or swapped with the next.
func alike(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	}
	return len(b) == len(a)+1 && a[i:] == b[i+1:]
}

// list gives the items of a sequence.
func (d *document) list(n ast.Node, what string) []ast.Node {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fail(n, "write each item after a dash", "%s must be a list", what)
		return nil
	}
	return s.Values
}

// text gives a scalar as it was written.
func (d *document) text(n ast.Node, what string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		d.fail(n, "write the value out", "anchors and aliases are not taken")
		return "", false
	case *ast.NullNode:
		d.fail(n, "", "%s is empty", what)
		return "", false
	}
	d.fail(n, "", "%s must be a single value", what)
	return "", false
}

func (d *document) word(n ast.Node, what string, allowed ...string) string {
	s, ok := d.text(n, what)
	if ok && !slices.Contains(allowed, s) {
		d.fail(n, "one of "+strings.Join(allowed, " "), "%s cannot be %q", what, s)
	}
	return s
}

func (d *document) count(n ast.Node, what string, least int) int {
	s, ok := d.text(n, what)
	if !ok {
		return 0
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < least || i > 1_000_000 {
		d.fail(n, "a whole number from "+strconv.Itoa(least), "%s cannot be %q", what, s)
	}
	return i
}

// probability reads a number above 0 and below 1.
func (d *document) probability(n ast.Node, what string) float64 {
	s, ok := d.text(n, what)
	if !ok {
		return 0
	}
	p, err := strconv.ParseFloat(s, 64)
	if err != nil || !(p > 0 && p < 1) {
		d.fail(n, "a probability between 0 and 1, such as 1e-4", "%s cannot be %q", what, s)
	}
	return p
}

// place is a line and a column of a file, from 1.
type place struct{ line, column int }

// places finds where bytes of value stand in the file; n is the scalar that
// holds value, offsets rise. Folding moves white space only, so the characters
// that are none are counted.
func (d *document) places(n ast.Node, value string, offsets []int) []place {
	solid := make([]int, 0, len(offsets))
	count, at := 0, 0
	for _, o := range offsets {
		for _, r := range value[at:o] {
			if !unicode.IsSpace(r) {
				count++
			}
		}
		at = o
		solid = append(solid, count)
	}
	p := d.begin(n)
	out := make([]place, 0, len(offsets))
	count = 0
	for ; p.line-1 < len(d.lines) && len(out) < len(solid); p = (place{p.line + 1, 1}) {
		rest := []rune(d.lines[p.line-1])
		for ; p.column-1 < len(rest); p.column++ {
			if unicode.IsSpace(rest[p.column-1]) {
				continue
			}
			for len(out) < len(solid) && solid[len(out)] == count {
				out = append(out, p)
			}
			count++
		}
	}
	for len(out) < len(offsets) { // the end of value, or an escape in quotes
		out = append(out, d.begin(n))
	}
	return out
}

// begin is where the text of a scalar begins.
func (d *document) begin(n ast.Node) place {
	pos := n.GetToken().Position
	switch n := n.(type) {
	case *ast.LiteralNode:
		return place{pos.Line + 1, 1}
	case *ast.StringNode:
		if t := n.Token.Type; t == token.DoubleQuoteType || t == token.SingleQuoteType {
			return place{pos.Line, pos.Column + 1}
		}
	}
	return place{pos.Line, pos.Column}
}
