package query

// Node is a part of a query: [*And], [*Or], [*Not], [*Near] or [*Term].
// A parsed tree is normal: no And holds an And, no Or an Or, no Not a Not, and
// And and Or have two parts at least.
type Node interface{ node() }

// And matches where all its parts do.
type And struct{ Of []Node }

// Or matches where one of its parts does.
type Or struct{ Of []Node }

// Not matches where its part does not.
type Not struct{ Of Node }

// Near matches where words of A and B stand within Within words of each other
// in one field, in any order. A and B are text terms, an Or of such, or Near.
type Near struct {
	A, B   Node
	Within int
}

// Term is one condition.
type Term struct {
	// Field is where to look, one of the Field… constants.
	Field Field
	// Words are the folded words of a text term, side by side.
	Words []string
	// Spelt are the words in lower case with their accents, which stemmers
	// want; only inflected terms have them.
	Spelt []string
	// Inflected accepts other forms of each word, Prefix words that begin as
	// the last one does.
	Inflected, Prefix bool
	// Value is what another field is compared with: lower case, except that
	// countries, entity ids and entity kinds are in capitals.
	Value string
	// Op is how a tier is compared: "=", "<", "<=", ">", ">=".
	Op string
	// Start and End are bytes of the query's own text.
	Start, End int

	keys []uint64 // hash of each word, or of the fact
}

func (*And) node()  {}
func (*Or) node()   {}
func (*Not) node()  {}
func (*Near) node() {}
func (*Term) node() {}

// Field is what a term looks at.
type Field string

// Fields of the language.
const (
	Any           Field = "" // title or text
	Title         Field = "title"
	Text          Field = "text"
	Lang          Field = "lang"
	SourceField   Field = "source"
	Country       Field = "country"
	PlaceCountry  Field = "place.country"
	SourceCountry Field = "source.country"
	Tier          Field = "tier"
	Entity        Field = "entity"
	EntityKind    Field = "entity.kind"
	Kind          Field = "kind"
	Topic         Field = "topic"
	Origin        Field = "origin"
)

// Fields lists the fields that a query may name, in the order of the language's
// description.
func Fields() []Field {
	return []Field{Title, Text, Lang, SourceField, Country, PlaceCountry, SourceCountry, Tier, Entity, EntityKind, Kind, Topic, Origin}
}

// Worded reports whether f is compared with the words of the article.
func (f Field) Worded() bool { return f == Any || f == Title || f == Text }

// Terms calls yield for every term of the tree, left to right; under tells
// whether an odd number of NOT stands above it.
func Terms(n Node, yield func(t *Term, negated bool)) { terms(n, false, yield) }

func terms(n Node, negated bool, yield func(*Term, bool)) {
	switch n := n.(type) {
	case *And:
		for _, k := range n.Of {
			terms(k, negated, yield)
		}
	case *Or:
		for _, k := range n.Of {
			terms(k, negated, yield)
		}
	case *Not:
		terms(n.Of, !negated, yield)
	case *Near:
		terms(n.A, negated, yield)
		terms(n.B, negated, yield)
	case *Term:
		yield(n, negated)
	}
}
