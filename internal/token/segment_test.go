package token

import (
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/words"
	"pgregory.net/rapid"
)

// byTables cuts as Split does, asking the tables everywhere.
func byTables(s string) []Token {
	c := cutter{src: s, before: First}
	for it := words.FromString(s); it.Next(); {
		c.word(it.Start(), it.End())
	}
	return c.settle()
}

func TestTheShortWayCutsAsTheTablesDo(t *testing.T) {
	pieces := append(strings.Split("a b é Ł 1 22 ' ’ . , ; : _ - / \" « » … – ! ? ( ) \u00a0 \u00ad \u0301 \u200b \u200d \u3000 א ت 中 カ 🇫 😀 × ÷ ɏ ɐ \xff \xc3 U.S. l’OTAN M. aujourd'hui", " "), " ", "\n", "\r")
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), "")
		if got, want := Split(s), byTables(s); !slices.Equal(got, want) {
			t.Fatalf("%q:\n got %+v\nwant %+v", s, got, want)
		}
	})
}

func TestATitleAndATextAreCutEachByItself(t *testing.T) {
	pieces := strings.Split("a l'OTAN M. U.S. . .. ' , \u200b b", " ")
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 4)
		title, text := strings.Join(some.Draw(t, "title"), ""), strings.Join(some.Draw(t, "text"), "")
		d := Of(title, text)
		if !slices.Equal(d.Title, Split(title)) || !slices.Equal(d.Text, Split(text)) {
			t.Fatalf("%q, %q: got %+v", title, text, d)
		}
		if !slices.Equal(d.Tokens(), append(slices.Clone(d.Title), d.Text...)) {
			t.Fatalf("%q, %q: tokens %+v", title, text, d.Tokens())
		}
	})
}

func TestEveryPairOfLatinLettersIsOneWord(t *testing.T) {
	for r := rune(0); r < 0x250; r++ {
		for _, s := range []string{string(r), "a" + string(r), string(r) + "a", "1" + string(r) + "1", " " + string(r) + " "} {
			if got, want := Split(s), byTables(s); !slices.Equal(got, want) {
				t.Errorf("%q: got %+v, want %+v", s, got, want)
			}
		}
	}
}
