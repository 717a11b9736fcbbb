package page_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source/page"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestFillCompletesWhatIsThin(t *testing.T) {
	at := time.Date(2024, 11, 22, 9, 0, 0, 0, time.UTC)
	p := page.Page{
		Title: "The page's title", Text: "The whole text of the page.", Authors: []string{"Jane Doe"}, Lang: "en",
		Published: at, Canonical: "https://www.example.org/a?utm_source=x",
	}
	a := events.Article{Source: "example", URL: "https://example.org/a#feed", Title: "The feed's title", Text: "A summary"}
	p.Fill(&a)
	want := events.Article{
		ID: a.ID, Source: "example", URL: "https://www.example.org/a", Title: "The feed's title", Text: "The whole text of the page.",
		Lang: "en", Authors: []string{"Jane Doe"}, PublishedAt: at,
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Fatal(diff)
	}
	if err := a.Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestFillKeepsWhatIsThereAlready(t *testing.T) {
	a := events.Article{Source: "example", URL: "https://example.org/a", Title: "Title", Text: "The feed has more than the page does.", Lang: "fr", Authors: []string{"A"}}
	page.Page{Text: "Less.", Lang: "en", Authors: []string{"B"}, Canonical: "https://elsewhere.example.com/a"}.Fill(&a)
	if a.Text != "The feed has more than the page does." || a.Lang != "fr" || a.Authors[0] != "A" || a.URL != "https://example.org/a" {
		t.Fatalf("got %+v", a)
	}
}
