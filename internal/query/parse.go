package query

import "strings"

// Bounds of a query. What is beyond them is refused, never cut.
const (
	MaxBytes = 1 << 20
	MaxTerms = 10_000
	MaxDepth = 100
	// MaxCost bounds the work of one answer, see [Query.Cost].
	MaxCost = 200_000
)

// Query is a query that was read and found good. It does not change, and may
// be used from many goroutines.
type Query struct {
	// Source is the text as it was written.
	Source string
	// Root is the tree.
	Root Node

	cost int
}

// Parse reads a query. Every error is an [*Error].
func Parse(s string) (*Query, error) {
	p := parser{src: s}
	if len(s) > MaxBytes {
		return nil, p.fail(0, "split it into several queries", "query has %d bytes, more than %d", len(s), MaxBytes)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.sign == end {
		return nil, p.fail(0, `write a word, "a phrase", or a field such as topic:weapons`, "query is empty")
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.tok.sign == closing {
		return nil, p.fail(p.tok.start, "remove it, or open one before", "unbalanced bracket: nothing to close")
	}
	if p.tok.sign != end {
		return nil, p.fail(p.tok.start, "", "did not expect %q", p.tok.text)
	}
	q := &Query{Source: s, Root: root, cost: cost(root)}
	if q.cost > MaxCost {
		return nil, p.fail(0, "use fewer prefixes, NEAR and phrases", "query costs %d, more than %d", q.cost, MaxCost)
	}
	return q, nil
}

// parser reads by recursive descent, one lexeme ahead.
type parser struct {
	src   string
	at    int
	tok   lexeme
	field Field // of the bracket that stands after a field
	depth int
	terms int
}

func (p *parser) advance() (err error) {
	p.tok, err = p.next()
	return err
}

// or = and { "OR" and }
func (p *parser) or() (Node, error) {
	n, err := p.and()
	if err != nil || p.tok.sign != or {
		return n, err
	}
	all := &Or{}
	all.add(n)
	for p.tok.sign == or {
		at := p.tok
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.stops() {
			return nil, p.fail(at.start, "write what else may match, or remove it", "nothing stands after OR")
		}
		if n, err = p.and(); err != nil {
			return nil, err
		}
		all.add(n)
	}
	return all, nil
}

// and = unary { [ "AND" ] unary }
func (p *parser) and() (Node, error) {
	if p.tok.sign == and || p.tok.sign == or || p.tok.sign == near {
		return nil, p.fail(p.tok.start, "remove it, or write a term before it", "nothing stands before %s", p.tok.text)
	}
	n, err := p.not()
	if err != nil {
		return nil, err
	}
	all := &And{}
	all.add(n)
	for !p.stops() && p.tok.sign != or {
		if p.tok.sign == and {
			at := p.tok
			if err := p.advance(); err != nil {
				return nil, err
			}
			if p.stops() || p.tok.sign == or || p.tok.sign == and {
				return nil, p.fail(at.start, "write what must match too, or remove it", "nothing stands after AND")
			}
		}
		if n, err = p.not(); err != nil {
			return nil, err
		}
		all.add(n)
	}
	if len(all.Of) == 1 {
		return all.Of[0], nil
	}
	return all, nil
}

// not = { "NOT" } near
func (p *parser) not() (Node, error) {
	negated := false
	for p.tok.sign == not {
		at := p.tok
		negated = !negated
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.stops() || p.tok.sign == or || p.tok.sign == and {
			return nil, p.fail(at.start, "write what must not match, or remove it", "nothing stands after NOT")
		}
	}
	n, err := p.near()
	if err != nil || !negated {
		return n, err
	}
	if inner, ok := n.(*Not); ok {
		return inner.Of, nil
	}
	return &Not{Of: n}, nil
}

// near = primary { "NEAR/n" primary }
func (p *parser) near() (Node, error) {
	start := p.tok.start
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	for links := 0; p.tok.sign == near; links++ {
		at := p.tok
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.stops() || p.tok.sign == or || p.tok.sign == and || p.tok.sign == not || p.tok.sign == near {
			return nil, p.fail(at.start, "write the word that stands near", "nothing stands after %s", at.text)
		}
		right := p.tok.start
		b, err := p.primary()
		if err != nil {
			return nil, err
		}
		if !placed(n) {
			return nil, p.fail(start, nearHint, "%s cannot measure from this", at.text)
		}
		if !placed(b) {
			return nil, p.fail(right, nearHint, "%s cannot measure to this", at.text)
		}
		if links >= MaxDepth {
			return nil, p.fail(at.start, "", "more than %d NEAR in a row", MaxDepth)
		}
		n = &Near{A: n, B: b, Within: at.n}
	}
	return n, nil
}

const nearHint = "NEAR stands between words, phrases, prefixes, or brackets of these with OR"

// placed reports whether n has places in the text, as NEAR needs.
func placed(n Node) bool {
	switch n := n.(type) {
	case *Term:
		return n.Field.Worded()
	case *Near:
		return true
	case *Or:
		for _, k := range n.Of {
			if !placed(k) {
				return false
			}
		}
		return true
	}
	return false
}

// primary = "(" or ")" | field "(" or ")" | term
func (p *parser) primary() (Node, error) {
	switch p.tok.sign {
	case open:
		return p.bracket()
	case field:
		return p.fielded()
	case word, phrase:
		return p.term(p.field, p.tok.start)
	case tilde, star:
		return nil, p.fail(p.tok.start, `put it right after a word or a phrase: "missile"~ or missil*`, "%q stands alone", p.tok.text)
	}
	return nil, p.fail(p.tok.start, "", "did not expect %q", p.tok.text)
}

func (p *parser) bracket() (Node, error) {
	at := p.tok
	if p.depth++; p.depth > MaxDepth {
		return nil, p.fail(at.start, "write it flatter", "brackets are nested more than %d deep", MaxDepth)
	}
	defer func() { p.depth-- }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.sign == closing {
		return nil, p.fail(at.start, "write something between, or remove them", "brackets hold nothing")
	}
	if p.tok.sign == end {
		return nil, p.fail(at.start, `close it with ")"`, "unbalanced bracket opened at column %d", p.column(at.start))
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.tok.sign != closing {
		return nil, p.fail(at.start, `close it with ")"`, "unbalanced bracket opened at column %d", p.column(at.start))
	}
	return n, p.advance()
}

// stops reports whether the next lexeme ends a list of terms.
func (p *parser) stops() bool { return p.tok.sign == end || p.tok.sign == closing }

func (p *parser) column(offset int) int { return len([]rune(p.src[:offset])) + 1 }

func (a *And) add(n Node) {
	if inner, ok := n.(*And); ok {
		a.Of = append(a.Of, inner.Of...)
		return
	}
	a.Of = append(a.Of, n)
}

func (o *Or) add(n Node) {
	if inner, ok := n.(*Or); ok {
		o.Of = append(o.Of, inner.Of...)
		return
	}
	o.Of = append(o.Of, n)
}

// joined reports whether the lexeme ahead touches the one before.
func (p *parser) joined(stop int) bool { return p.tok.start == stop }

// nearest finds the known word most like s, or "".
func nearest(s string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance(strings.ToLower(s), k, least); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to change from a to b, at most limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(b)], limit)
}
