package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// same compares trees, but not where their terms stood in the source.
var same = cmp.Options{cmpopts.IgnoreFields(Term{}, "Start", "End"), cmpopts.IgnoreUnexported(Term{})}

func TestParseGivesTheCanonicalForm(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a bare word loses case and accents":         {"Élysée", "elysee"},
		"terms side by side are joined by AND":       {"missile russia", "missile AND russia"},
		"AND binds tighter than OR":                  {"a1 OR b1 AND c1", "a1 OR b1 AND c1"},
		"brackets that change nothing go":            {"((a1 AND (b1)) AND c1)", "a1 AND b1 AND c1"},
		"brackets that matter stay":                  {"(a1 OR b1) c1", "(a1 OR b1) AND c1"},
		"NOT takes the next term alone":              {"NOT a1 b1", "NOT a1 AND b1"},
		"two NOT are none":                           {"NOT NOT a1", "a1"},
		"NOT takes a bracket":                        {"a1 NOT (b1 c1)", "a1 AND NOT (b1 AND c1)"},
		"lower-case operators are words":             {"black and white", "black AND and AND white"},
		"a phrase":                                   {`"North  Korea"`, `"north korea"`},
		"an inflected phrase keeps its accents":      {`"Corée du Nord"~`, `"corée du nord"~`},
		"an inflected word":                          {"missile~", `"missile"~`},
		"a prefix":                                   {"Missil*", "missil*"},
		"a prefix ends a phrase":                     {`"north kor"*`, `"north kor"*`},
		"a word with a hyphen is a phrase":           {"F-16", `"f 16"`},
		"an elision is a phrase":                     {"l'OTAN", `"l otan"`},
		"NEAR chains to the left":                    {"a1 NEAR/3 b1 NEAR/4 c1", "a1 NEAR/3 b1 NEAR/4 c1"},
		"NEAR takes a bracket of words":              {"(a1 OR b1) NEAR/8 c1", "(a1 OR b1) NEAR/8 c1"},
		"NEAR nests to the right in brackets":        {"a1 NEAR/3 (b1 NEAR/4 c1)", "a1 NEAR/3 (b1 NEAR/4 c1)"},
		"a field before a bracket is each one's":     {"title:(missile OR rocket)", "title:missile OR title:rocket"},
		"a field inside a bracket wins":              {"title:(missile text:rocket)", "title:missile AND text:rocket"},
		"a topic with a star for its children":       {"topic:weapons.*", "topic:weapons"},
		"an entity by id":                            {"entity:q7184", "entity:Q7184"},
		"an entity by the base's key":                {"entity:per.Mark-Rutte", "entity:per.mark-rutte"},
		"an entity by name":                          {`entity:"Mark Rutte"`, `entity:"mark rutte"`},
		"an entity's kind":                           {"entity.kind:per", "entity.kind:PER"},
		"a country":                                  {"country:ua", "country:UA"},
		"a country that looks like an operator":      {"country:OR", "country:OR"},
		"a tier":                                     {"tier:=1 tier:<=2", "tier:1 AND tier:<=2"},
		"a source and its beginning":                 {"source:BBC* source:lemonde.fr", "source:bbc* AND source:lemonde.fr"},
		"typographic quotation marks":                {"«Corée du Nord» “North Korea”", `"coree du nord" AND "north korea"`},
		"the watch of the manual":                    {"entity:Q7184 AND (topic:weapons.missile OR \"north korea\"~ OR \"corée du nord\"~)\n AND NOT topic:sport", `entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~) AND NOT topic:sport`},
		"a field of capitals":                        {"TITLE:missile", "title:missile"},
		"a time is no field":                         {"12:30", `"12 30"`},
		"a soft hyphen is nobody's letter":           {"mis\u00adsile~", `"missile"~`},
		"an inflected word in decomposed characters": {"Core\u0301e~", `"corée"~`},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := Parse(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := q.String(); got != c.want {
				t.Errorf("canonical form of %s\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ in, want, caret string }{
		"an open bracket":            {"nato AND (missile OR rocket", `column 10: unbalanced bracket opened at column 10 (close it with ")")`, "         ^"},
		"a closing bracket":          {"nato) missile", "column 5: unbalanced bracket: nothing to close (remove it, or open one before)", "    ^"},
		"columns count characters":   {"é (a", `column 3: unbalanced bracket opened at column 3 (close it with ")")`, "  ^"},
		"an open quotation":          {`nato "north`, "column 6: quotation mark is never closed (close it with the same mark)", "     ^"},
		"nothing":                    {"  ", `column 1: query is empty (write a word, "a phrase", or a field such as topic:weapons)`, "^"},
		"empty brackets":             {"a1 ()", "column 4: brackets hold nothing (write something between, or remove them)", "   ^"},
		"AND at the end":             {"nato AND", "column 6: nothing stands after AND (write what must match too, or remove it)", "     ^"},
		"OR at the start":            {"OR nato", "column 1: nothing stands before OR (remove it, or write a term before it)", "^"},
		"NOT at the end":             {"nato NOT", "column 6: nothing stands after NOT (write what must not match, or remove it)", "     ^"},
		"a field mistyped":           {"nato tilte:x", `column 6: unknown field "tilte" (did you mean title:)`, "     ^"},
		"a field nobody knows":       {"http://example.org", `column 1: unknown field "http" (fields are title text lang source country place.country source.country tier entity entity.kind kind topic origin; put words with a colon in quotation marks)`, "^"},
		"a field without value":      {"title: missile", "column 1: title: has no value (write it right after the colon: title:missile)", "^"},
		"NEAR without distance":      {"a1 NEAR b1", "column 4: NEAR has no distance that can be used (write NEAR/8 for at most eight words apart, 1 to 100)", "   ^"},
		"NEAR a topic":               {"topic:coup NEAR/3 b1", "column 1: NEAR/3 cannot measure from this (NEAR stands between words, phrases, prefixes, or brackets of these with OR)", "^"},
		"NEAR nothing":               {"a1 NEAR/3", "column 4: nothing stands after NEAR/3 (write the word that stands near)", "   ^"},
		"a star alone":               {"nato *", `column 6: "*" stands alone (put it right after a word or a phrase: "missile"~ or missil*)`, "     ^"},
		"a star within a word":       {"mis*ile", `column 5: did not expect "ile" here (a star or a tilde ends its word; put a space after it)`, "    ^"},
		"a prefix of one letter":     {"m*", `column 1: prefix "m" is too short (two letters at least)`, "^"},
		"a term without a word":      {"nato +", `column 6: "+" holds no word (a term needs a letter or a digit)`, "     ^"},
		"an entity's kind as kind":   {"kind:PER", `column 6: kind: cannot be "PER" (kinds of entity are entity.kind:PER)`, "     ^"},
		"a kind nobody knows":        {"kind:gossip", `column 6: kind: cannot be "gossip" (one of news opinion live analysis anniversary)`, "     ^"},
		"a tier that is no number":   {"tier:best", `column 6: tier: cannot be "best" (a number from 1 to 9, or a comparison such as <=2)`, "     ^"},
		"a country in words":         {"country:France", `column 9: country: cannot be "France" (two letters of ISO 3166, such as UA)`, "        ^"},
		"an inflected topic":         {"topic:coup~", "column 7: topic: is compared as it stands (only words take ~ and *, and source: takes *)", "      ^"},
		"a prefix that is inflected": {"coup~*", `column 1: a term cannot be inflected and a prefix at once (take one: missil* or "missile"~)`, "^"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(c.in)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("Parse(%q) = %v, want an *Error", c.in, err)
			}
			if e.Error() != c.want {
				t.Errorf("Parse(%q)\n got %s\nwant %s", c.in, e, c.want)
			}
			if want := c.in + "\n" + c.caret; e.Caret() != want {
				t.Errorf("caret\n%s\nwant\n%s", e.Caret(), want)
			}
		})
	}
}

func TestParseIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		good bool
	}{
		"a hundred brackets":         {strings.Repeat("(", 100) + "nato" + strings.Repeat(")", 100), true},
		"a thousand brackets":        {strings.Repeat("(", 1000) + "nato" + strings.Repeat(")", 1000), false},
		"a million brackets":         {strings.Repeat("(", 1<<20), false},
		"ten thousand terms":         {strings.Repeat("nato ", 10_000), true},
		"one more":                   {strings.Repeat("nato ", 10_001), false},
		"a hundred thousand NOT":     {strings.Repeat("NOT ", 100_000) + "nato", true},
		"a long chain of NEAR":       {"a1" + strings.Repeat(" NEAR/9 b1", 1000), false},
		"NEAR that costs too much":   {"a1" + strings.Repeat(" NEAR/9 b1", 50), false},
		"more than a megabyte":       {strings.Repeat("a", 1<<20+1), false},
		"a single word of a million": {strings.Repeat("a", 1<<19), true},
		"invalid UTF-8":              {"nato \xff\xfe", false},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := Parse(c.in)
			if (err == nil) != c.good {
				t.Fatalf("good = %v, error %v", err == nil, err)
			}
			if err != nil {
				return
			}
			again, err := Parse(q.String())
			if err != nil {
				t.Fatalf("the canonical form is refused: %v", err)
			}
			if again.String() != q.String() {
				t.Error("the canonical form is not stable")
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~) AND NOT topic:sport`,
		"a NEAR/8 b NEAR/2 (c OR d*)", "title:(a b OR c) text:x", "((", `"x`, "NOT NOT x", "tier:<=2 lang:fr source:bbc*",
		"country:OR", "U.S.* O'Brien~ ß~ İ~ ﬁ~", "«é»~", `entity:"A 'b"`, "origin:\"a f p\"", "12:30 a:b", "kör̈~",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: error %T", s, err)
			}
			e.Caret()
			return
		}
		again, err := Parse(q.String())
		if err != nil {
			t.Fatalf("%q became %q, which is refused: %v", s, q.String(), err)
		}
		if d := cmp.Diff(q.Root, again.Root, same); d != "" {
			t.Fatalf("%q became %q, which is another query:\n%s", s, q.String(), d)
		}
	})
}
