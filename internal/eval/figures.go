package eval

import (
	"fmt"
	"strings"
)

// Figures is a scorer's answer.
type Figures map[string]any

// at walks a dotted path; nil when there is nothing.
func (f Figures) at(path string) any {
	var v any = map[string]any(f)
	for _, k := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// line writes a row: its name, then each figure with its path's last word.
func (f Figures) line(name string, paths ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s", name)
	for _, p := range paths {
		fmt.Fprintf(&b, "  %s %s", strings.ReplaceAll(p, ".", "/"), number(f.at(p)))
	}
	return b.String() + "\n"
}

func number(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case float64:
		if v == float64(int64(v)) && (v > 1 || v == 0) {
			return fmt.Sprintf("%d", int64(v))
		}
		return fmt.Sprintf("%.4f", v)
	}
	return fmt.Sprint(v)
}
