package token

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want string // folded words
	}{
		"French elision parts the article from the name": {"l'OTAN et l’Élysée qu'il", "l otan et l elysee qu il"},
		"an English possessive is parted":                {"Trump's NATO’s", "trump s nato s"},
		"a contraction and a name stay whole":            {"don't O'Brien aujourd’hui", "don't o'brien aujourd'hui"},
		"an acronym with stops is one word":              {"the U.S. and O.T.A.N said", "the u.s. and o.t.a.n. said"},
		"a hyphen parts":                                 {"cessez-le-feu F-16", "cessez le feu f 16"},
		"numbers stay whole":                             {"3,000 and 1.5", "3,000 and 1.5"},
		"a missing space after a full stop":              {"end.Next", "end next"},
		"ligatures and strokes":                          {"cœur Łódź Straße Ørsted", "coeur lodz strasse orsted"},
		"combining marks fold like composed letters":     {"E\u0301lyse\u0301e", "elysee"},
		"invisible marks vanish":                         {"N\u200bATO N\u00adATO", "nato nato"},
		"Cyrillic keeps its letters":                     {"Зеленський Ёлка", "зеленський елка"},
		"Greek loses its tonos":                          {"ΝΑΤΟ Αθήνα", "νατο αθηνα"},
		"full-width letters":                             {"ＮＡＴＯ", "nato"},
		"nothing":                                        {" … !", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Fold(c.in); got != c.want {
				t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestBefore(t *testing.T) {
	in := "M. Rutte, l'OTAN – a dit. Palm-Beach (AFP)\nFin U.S. Army"
	want := map[string]Gap{
		"m": First, "rutte": Abbrev | Space, "l": Comma | Space, "otan": Apostrophe, "a": Space | Dash, "dit": Space,
		"palm": Stop | Space, "beach": Hyphen, "afp": Space | Open, "fin": Close | Line,
		"u.s.": Space, "army": Abbrev | Space,
	}
	got := map[string]Gap{}
	for _, tok := range Split(in) {
		got[tok.Fold] = tok.Before
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestShape(t *testing.T) {
	for word, want := range map[string]Shape{
		"Rutte": Capital | Letters, "OTAN": Capital | Upper | Letters, "drone": Letters, "16": Number,
		"McDonald": Capital | Mixed | Letters, "U.S.": Capital | Upper | Letters | Dotted, "北": Letters | Ideograph,
	} {
		if got := Split(word)[0].Shape; got != want {
			t.Errorf("%s: shape %b, want %b", word, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "l'OTAN", "U.S.", "a.b.c", "\xff\xfe", "'''...", "\u200b\u200b", strings.Repeat("a.", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) && !slices.Equal(Split(s), byTables(s)) {
			t.Fatalf("%q: the tables say %+v", s, byTables(s))
		}
		end := int32(0)
		for _, tok := range Split(s) {
			if tok.Start < end || tok.End <= tok.Start || int(tok.End) > len(s) {
				t.Fatalf("%q: token [%d,%d) after %d", s, tok.Start, tok.End, end)
			}
			if tok.Fold == "" {
				t.Fatalf("%q: empty fold at %d", s, tok.Start)
			}
			if utf8.ValidString(s) && (!utf8.ValidString(tok.Of(s)) || !utf8.ValidString(tok.Fold)) {
				t.Fatalf("%q: token cuts a character", s)
			}
			end = tok.End
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	s := strings.Repeat("Le secrétaire général de l'OTAN, Mark Rutte, a rencontré Donald Trump à Palm Beach. ", 40)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Split(s)
	}
}
