package story_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/story"
)

// The stories of the sample are those that a reader would make.
func TestSampleStories(t *testing.T) {
	r := newReader(t)
	c := shipped(t)
	id := map[string]string{} // by title
	for i, a := range sample.Articles() {
		id[a.Title] = fmt.Sprint(i)
		c.Add(r.item(id[a.Title], a.Lang, a.Title, a.Text, a.FetchedAt))
	}
	of := func(title string) *story.Story {
		t.Helper()
		for full, article := range id {
			if strings.HasPrefix(full, title) {
				s, _ := c.StoryOf(article)
				return s
			}
		}
		t.Fatalf("the sample has no title that begins with %q", title)
		return nil
	}
	for _, x := range []struct {
		name, a, b string
		same       bool
	}{
		{"a meeting in two languages", "Mark Rutte rencontre Donald Trump", "NATO chief Mark Rutte meets", true},
		{"a meeting and what was said there", "Rutte flies to Florida", "Donald Trump et Mark Rutte face à l'alliance", true},
		{"the same man elsewhere", "Trump picks a hedge fund manager", "Mark Rutte rencontre Donald Trump", false},
		{"a strike in two languages", "Un missile russe d'un type inconnu", "Ukraine says a new kind of Russian missile", true},
		{"a strike and its answer", "Ukraine says a new kind of Russian missile", "Vladimir Poutine revendique le tir", true},
		{"warrants in two languages", "Court in The Hague issues", "La CPI émet des mandats", true},
		{"a building in two languages", "Lebanon: strike levels building", "Liban : une frappe israélienne", true},
		{"cables in two languages", "Danish navy shadows Chinese ship", "Câbles coupés en Baltique", true},
		{"a country's skiers and its soldiers", "Ski de fond : la saison", "Finland and Sweden open joint drill", false},
	} {
		t.Run(x.name, func(t *testing.T) {
			if same := of(x.a) == of(x.b); same != x.same {
				t.Errorf("in one story: %v, want %v", same, x.same)
			}
		})
	}
	t.Run("who told it first", func(t *testing.T) {
		s := of("Mark Rutte rencontre Donald Trump")
		if len(s.Tongues) != 2 || s.Tongues[0].Lang != "fr" || s.Tongues[1].Lang != "en" || s.Tongues[1].At.Sub(s.Tongues[0].At).Minutes() != 40 {
			t.Errorf("languages: %v; want French 40 minutes before English", s.Tongues)
		}
		if h := s.Headline(s.First); !strings.Contains(h, "Rutte") || !strings.Contains(h, "Trump") {
			t.Errorf("the headline is %q", h)
		}
	})
}
