package speech

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestNothingIsSaidIsNoStatement(t *testing.T) {
	for _, text := range []string{"Moscow denied that", "The minister confirmed that.", "Le ministre a démenti que", "Kyiv confirmed"} {
		a := events.Article{Text: text}
		if got := Find(a, token.Of("", text), "en", nil); len(got) != 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
