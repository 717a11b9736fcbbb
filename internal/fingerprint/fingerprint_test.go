package fingerprint

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/internal/token"
)

// prose makes n words of a language that nobody speaks.
func prose(r *rand.Rand, n int) []string {
	out := make([]string, n)
	for i := range out {
		// A Zipf-like choice, so that words repeat as in real prose.
		out[i] = fmt.Sprintf("w%d", int(2000*r.Float64()*r.Float64()*r.Float64()))
	}
	return out
}

func sketch(title string, words []string) Sketch {
	return Make(token.Of(title, strings.Join(words, " ")))
}

func TestCopies(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text, other := prose(r, 500), prose(r, 500)
	edited := append([]string(nil), text...)
	for i := 7; i < len(edited); i += 15 {
		edited[i] = "changed"
	}
	quote := append(append(append([]string(nil), other[:200]...), text[100:150]...), other[200:]...)
	for _, c := range []struct {
		name   string
		title  string
		words  []string
		copies bool
	}{
		{"the same text", "A title of five words", text, true},
		{"a retitled copy", "Something quite different stands here", text, true},
		{"a copy cut to its first third", "A title of five words", text[:170], true},
		{"a copy cut to its middle", "Something quite different stands here", text[200:350], true},
		{"a copy wrapped in boilerplate", "A title of five words", append(prose(r, 80), text[:200]...), true},
		{"a copy with a word changed in fifteen", "Other words above the text", edited, true},
		{"another text", "A title of five words", other, false},
		{"another text that quotes fifty words", "Something quite different stands here", quote, false},
		{"a title alone, the same", "A title of five words", nil, true},
		{"a title alone, another", "Another title of six or seven", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			share, ok := Copies(sketch("A title of five words", text), sketch(c.title, c.words))
			if ok != c.copies {
				t.Errorf("copies = %v (share %.2f), want %v", ok, share, c.copies)
			}
		})
	}
}

func TestShortTitlesAreNeverCopies(t *testing.T) {
	a, b := Of(token.Of("War in Ukraine", "")), Of(token.Of("War in Ukraine", ""))
	if Same(a, b) {
		t.Errorf("a title of three words is taken for a copied text: %q", a)
	}
}

func TestPackedAndUnpacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "words")
		s := sketch("some title for it", prose(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), n))
		if len(s.Hashes) > most {
			t.Fatalf("%d hashes kept", len(s.Hashes))
		}
		got, err := Parse(s.String())
		if err != nil || got.Level != s.Level || got.Title != s.Title || len(got.Hashes) != len(s.Hashes) {
			t.Fatalf("Parse(%q) = %v, %v; want %v", s.String(), got, err, s)
		}
		if share, ok := Copies(s, got); n > 20 && (!ok || share != 1) {
			t.Fatalf("a text is no copy of itself: %v", share)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add(Of(token.Of("A title of five words", strings.Repeat("one two three four five ", 40))))
	f.Add("AQAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		if again := s.String(); again != text && (s.Title != 0 || len(s.Hashes) > 0) {
			// Trailing bits of base64 may differ; the sketch may not.
			if b, err := Parse(again); err != nil || b.Level != s.Level || len(b.Hashes) != len(s.Hashes) {
				t.Fatalf("%q reads as %v, writes as %q", text, s, again)
			}
		}
	})
}

// BenchmarkOf compares with cutting the text into words, which every article
// pays anyway: the fingerprint should cost a small part of that.
func BenchmarkOf(b *testing.B) {
	text := strings.Join(prose(rand.New(rand.NewPCG(1, 2)), 600), " ")
	doc := token.Of("A title of five words", text)
	b.Run("fingerprint", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			Of(doc)
		}
	})
	b.Run("words alone", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			token.Of("A title of five words", text)
		}
	})
}

func BenchmarkCopies(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := sketch("one title of words", prose(r, 600)), sketch("another title of words", prose(r, 600))
	for b.Loop() {
		Copies(x, y)
	}
}
