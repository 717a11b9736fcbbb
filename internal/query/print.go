package query

import (
	"regexp"
	"strconv"
	"strings"
)

// String gives the query in its canonical form. Parsed again, it gives the
// same tree.
func (q *Query) String() string {
	var b strings.Builder
	print(&b, q.Root, 0)
	return b.String()
}

// String gives the term as it stands in the canonical form.
func (t *Term) String() string {
	var b strings.Builder
	print(&b, t, 0)
	return b.String()
}

// print writes n, in brackets where it binds less than what stands around it:
// an Or 0, an And 1, a Not 2, a Near 3, a term 4. No bracket is written that
// the source did without, so that depth never grows.
func print(b *strings.Builder, n Node, around int) {
	switch n := n.(type) {
	case *And:
		list(b, n.Of, " AND ", 1, around)
	case *Or:
		list(b, n.Of, " OR ", 0, around)
	case *Not:
		enclose(b, 2, around, func() {
			b.WriteString("NOT ")
			print(b, n.Of, 3)
		})
	case *Near:
		enclose(b, 3, around, func() {
			print(b, n.A, 3)
			b.WriteString(" NEAR/" + strconv.Itoa(n.Within) + " ")
			print(b, n.B, 4)
		})
	case *Term:
		n.print(b)
	}
}

func list(b *strings.Builder, of []Node, between string, own, around int) {
	enclose(b, own, around, func() {
		for i, k := range of {
			if i > 0 {
				b.WriteString(between)
			}
			print(b, k, own+1)
		}
	})
}

func enclose(b *strings.Builder, own, around int, write func()) {
	if own >= around {
		write()
		return
	}
	b.WriteByte('(')
	write()
	b.WriteByte(')')
}

var plain = regexp.MustCompile(`^[\p{L}\p{N}]+$`)

func (t *Term) print(b *strings.Builder) {
	if t.Field != Any {
		b.WriteString(string(t.Field) + ":")
	}
	switch {
	case t.Inflected:
		b.WriteString(`"` + strings.Join(t.Spelt, " ") + `"~`)
	case t.Field == Entity && t.Words != nil:
		b.WriteString(`"` + strings.Join(t.Words, " ") + `"`)
	case t.Field == Tier:
		if t.Op != "=" {
			b.WriteString(t.Op)
		}
		b.WriteString(t.Value)
	case t.Field == Origin && !plain.MatchString(t.Value):
		b.WriteString(`"` + t.Value + `"`)
	case !t.Field.Worded():
		b.WriteString(t.Value)
	case len(t.Words) == 1 && plain.MatchString(t.Words[0]):
		b.WriteString(t.Words[0])
	default:
		b.WriteString(`"` + strings.Join(t.Words, " ") + `"`)
	}
	if t.Prefix {
		b.WriteByte('*')
	}
}

// cost is the work that n may take: a word 1, an inflected word 2, a prefix 8,
// and what stands in NEAR four times.
func cost(n Node) int {
	sum := 0
	switch n := n.(type) {
	case *And:
		for _, k := range n.Of {
			sum += cost(k)
		}
	case *Or:
		for _, k := range n.Of {
			sum += cost(k)
		}
	case *Not:
		sum = cost(n.Of)
	case *Near:
		sum = min(4*(cost(n.A)+cost(n.B)), MaxCost+1)
	case *Term:
		sum = max(1, len(n.Words))
		if n.Inflected {
			sum *= 2
		}
		if n.Prefix {
			sum += 8
		}
	}
	return sum
}

// Cost is the work that one answer may take, in words looked up.
func (q *Query) Cost() int { return q.cost }
