package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/source"
)

func TestParagraphs(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"paragraphs stay, folded":               {"  One \t two\r\n\r\n\n three  ", "One two\nthree"},
		"plain text is untouched":               {"Missiles over the strait.\nA second line.", "Missiles over the strait.\nA second line."},
		"French spaces become plain ones":       {"«\u00a0Non\u202f!\u00a0»", "« Non ! »"},
		"controls and marks of order go":        {"a\x00b\x1b[31mc\ufeff\u200bd\u00ade", "ab[31mcde"},
		"direction overrides go":                {"safe\u202egpj.exe\u202c", "safegpj.exe"},
		"letters are composed":                  {"Cafe\u0301", "Café"},
		"invalid bytes show":                    {"a\xffb", "a\uFFFDb"},
		"stacked marks are cut":                 {"a" + strings.Repeat("\u0335", 50), "a" + strings.Repeat("\u0335", 6)},
		"joined emoji stay joined":              {"👩\u200d🚀", "👩\u200d🚀"},
		"windows-1252 taken for Latin-1":        {"don\u0092t \u0080 5 \u0085", "don’t € 5 …"},
		"UTF-8 written twice":                   {"Lâ€™Ã©tÃ© Ã\u00a0 Paris", "L’été à Paris"},
		"true letters stay as they are":         {"MAÇû QUALITÉ» âme Ñandú", "MAÇû QUALITÉ» âme Ñandú"},
		"line and paragraph separators are \\n": {"a\u2028b\u2029c", "a\nb\nc"},
	} {
		t.Run(name, func(t *testing.T) {
			got := source.Paragraphs(tc.in, 1000)
			if got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if again := source.Paragraphs(got, 1000); again != got {
				t.Fatalf("not idempotent: %q", again)
			}
		})
	}
}

func TestLineIsOneBoundedLine(t *testing.T) {
	if got := source.Line("a\nb\n\nc", 100); got != "a b c" {
		t.Errorf("got %q", got)
	}
	if got := source.Line(strings.Repeat("é", 2000), 512); utf8.RuneCountInString(got) != 512 {
		t.Errorf("got %d characters", utf8.RuneCountInString(got))
	}
	if got := source.Line("ab cd", 3); got != "ab" {
		t.Errorf("a cut line ends in a space: %q", got)
	}
}

func TestPlainText(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"text without markup":              {"A & B", "A & B"},
		"entities are read once":           {"caf&eacute; &amp;amp; co", "café &amp; co"},
		"tags go, blocks break":            {"<p>One</p><p>Two<br>three</p>", "One\nTwo\nthree"},
		"inline tags do not break words":   {"Mi<b>ss</b>ile", "Missile"},
		"scripts and styles are left out":  {"a<script>alert('x')</script><style>p{}</style>b", "ab"},
		"a bare angle is text":             {"3 < 4 and <b>so</b> on", "3 < 4 and so on"},
		"wrapped source lines are no ends": {"<p>One\ntwo</p>\n<p>three</p>", "One two\nthree"},
		"lines of plain text are":          {"One\n<i>two</i>", "One\ntwo"},
		"table cells stay apart":           {"<table><tr><td>a</td><td>b</td></tr></table>", "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := source.Paragraphs(source.PlainText(tc.in), 1000); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\u0301\u200b\u0301 \n b", 5)
	f.Add("<p>a</p>&#0;\xff", 100)
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = min(max(most, 1), 1000)
		for _, got := range []string{source.Line(s, most), source.Paragraphs(s, most), source.Paragraphs(source.PlainText(s), most)} {
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > most {
				t.Fatalf("%q: bad bound or bytes: %q", s, got)
			}
			if again := source.Paragraphs(got, most); again != got {
				t.Fatalf("%q: not idempotent: %q then %q", s, got, again)
			}
		}
	})
}
