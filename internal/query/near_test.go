package query

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestNearOfTwoWordsIsNearOfTheirPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"nato", "a", "title:a", "text:a", "drone", "title:drone", "text:the"})
		s := fmt.Sprintf("%s NEAR/%d %s", word.Draw(t, "a"), rapid.IntRange(1, 9).Draw(t, "within"), word.Draw(t, "b"))
		q, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		v := drawView(t)
		if got, want := q.Match(v), len(v.spans(q.Root, 1)) > 0; got != want {
			t.Fatalf("%s in title %q text %q: got %v, want %v", s, v.Article.Article.Title, v.Article.Article.Text, got, want)
		}
	})
}
