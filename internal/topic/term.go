package topic

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/tocsin-news/tocsin/internal/token"
)

// term is one kind of evidence: a phrase, or two or three near each other.
type term struct {
	text  string // as written
	sides []side
	near  []int // words at most between the first side and each other
}

// maxSides is how many phrases a term may ask for.
const maxSides = 3

// side is a phrase as written: elements in order, or one entity.
type side struct {
	elements []element
	entity   string // id of an entity
	kind     string // kind of an entity: PER ORG LOC MISC
}

// element is one place of a phrase: alternatives, or a named set of them.
type element struct {
	set string
	alt []alternative
}

// alternative is words in a row; an empty one makes the element optional.
type alternative []pattern

// pattern is one word of a rule.
type pattern struct {
	word string // as written, without its mark: for stemmers, which need accents
	fold string
	form form
	// caps asks for a word in capitals: EI is not ei.
	caps bool
}

// form is how a pattern stands for other forms of its word.
type form uint8

const (
	exact   form = iota // missile
	inflect             // missile~: the forms with the same stem
	prefix              // missil*: every word that begins so
)

type termError struct{ what, hint string }

var nearMark = regexp.MustCompile(`^NEAR/(\d{1,2})$`)

// readTerm reads "frappe~ (aérienne~|russe~)", "rocket~ NEAR/6 @launch",
// "kind:PER NEAR/4 rencontre~".
func readTerm(s string) (term, *termError) {
	t := term{text: s}
	fields, terr := splitTerm(s)
	if terr != nil {
		return t, terr
	}
	from := 0
	for i, f := range fields {
		m := nearMark.FindStringSubmatch(f)
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		if n == 0 {
			return t, &termError{"NEAR/0 is never true", "NEAR/1 is a word in between at most"}
		}
		if len(t.near)+2 > maxSides {
			return t, &termError{"has more than two NEAR", "write two terms"}
		}
		if terr := t.add(fields[from:i]); terr != nil {
			return t, terr
		}
		t.near = append(t.near, n)
		from = i + 1
	}
	return t, t.add(fields[from:])
}

func (t *term) add(fields []string) *termError {
	s, err := readSide(fields)
	t.sides = append(t.sides, s)
	return err
}

// splitTerm cuts at white space, but not within parentheses.
func splitTerm(s string) ([]string, *termError) {
	var out []string
	depth, start := 0, -1
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		}
		if depth < 0 || depth > 1 {
			return nil, &termError{"parentheses do not match", "one level: (a|b|c d)"}
		}
		if unicode.IsSpace(r) && depth == 0 {
			if start >= 0 {
				out = append(out, s[start:i])
			}
			start = -1
		} else if start < 0 {
			start = i
		}
	}
	if depth != 0 {
		return nil, &termError{"a parenthesis is not closed", "one level: (a|b|c d)"}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out, nil
}

func readSide(fields []string) (side, *termError) {
	var sd side
	if len(fields) == 0 {
		return sd, &termError{"nothing stands there", "words, (a|b), @set, entity:ID or kind:PER"}
	}
	for _, f := range fields {
		switch {
		case strings.HasPrefix(f, "entity:"), strings.HasPrefix(f, "kind:"):
			if len(fields) > 1 {
				return sd, &termError{"an entity stands alone or beside NEAR", "entity:Q7184 NEAR/5 word"}
			}
			return readEntity(f)
		case strings.HasPrefix(f, "@"):
			if !setName.MatchString(f[1:]) {
				return sd, &termError{"is not a name for a set", "such as @launch"}
			}
			sd.elements = append(sd.elements, element{set: f[1:]})
		case strings.HasPrefix(f, "("):
			if !strings.HasSuffix(f, ")") {
				return sd, &termError{"a parenthesis stands within a word", "put a space around (a|b)"}
			}
			var e element
			for a := range strings.SplitSeq(f[1:len(f)-1], "|") {
				words, err := readWords(strings.TrimSpace(a))
				if err != nil && strings.TrimSpace(a) != "" {
					return sd, err
				}
				e.alt = append(e.alt, words)
			}
			sd.elements = append(sd.elements, e)
		default:
			words, err := readWords(f)
			if err != nil {
				return sd, err
			}
			sd.elements = append(sd.elements, element{alt: []alternative{words}})
		}
	}
	return sd, nil
}

func readEntity(f string) (side, *termError) {
	if id, ok := strings.CutPrefix(f, "entity:"); ok {
		if id == "" {
			return side{}, &termError{"names no entity", "such as entity:Q7184"}
		}
		return side{entity: id}, nil
	}
	kind := strings.TrimPrefix(f, "kind:")
	switch kind {
	case "PER", "ORG", "LOC", "MISC":
		return side{kind: kind}, nil
	}
	return side{}, &termError{"is not a kind of entity", "PER, ORG, LOC or MISC"}
}

// readWords reads words in a row; "~" and "*" at a word's end are marks.
func readWords(s string) (alternative, *termError) {
	var out alternative
	for w := range strings.FieldsSeq(s) {
		f := exact
		if rest, ok := strings.CutSuffix(w, "~"); ok {
			w, f = rest, inflect
		} else if rest, ok := strings.CutSuffix(w, "*"); ok {
			w, f = rest, prefix
		}
		if strings.ContainsAny(w, "~*@()|\"") {
			return nil, &termError{"a mark stands within a word", "~ and * end a word, @set and (a|b) stand alone"}
		}
		parts := token.Split(w)
		for i, t := range parts {
			p := pattern{word: strings.ToLower(t.Of(w)), fold: t.Fold, caps: t.Shape&token.Upper != 0}
			if i == len(parts)-1 {
				p.form = f
			}
			if p.form == prefix && len(p.fold) < 3 {
				return nil, &termError{"is too short for *", "write its forms out: (a|b)"}
			}
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, &termError{"has no word", "letters or digits"}
	}
	return out, nil
}
