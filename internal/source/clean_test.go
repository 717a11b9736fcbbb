package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestCompleteChangesNothingThatIsThere(t *testing.T) {
	given := events.Article{
		ID: "kept", Source: "kept.example", URL: "https://www.example.org/a?utm_source=x#y",
		Title: "  A  title\u00a0 ", Text: "One\r\n\r\n two \u200b", Lang: "fr_FR", Authors: []string{" A "},
	}
	got := given
	source.Complete(&got)
	if diff := cmp.Diff(given, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestCompleteFillsWhatIsAbsent(t *testing.T) {
	a := events.Article{URL: "https://www.example.org/a?utm_source=x", Title: "A title", Text: "A text"}
	source.Complete(&a)
	if a.Source != "example.org" {
		t.Errorf("source is %q", a.Source)
	}
	if want := events.ArticleID("example.org", "https://www.example.org/a", "A title", "A text"); a.ID != want {
		t.Errorf("id is %q, want %q", a.ID, want)
	}
}

func TestCleanMakesAnArticleThatValidates(t *testing.T) {
	a := events.Article{
		URL: "HTTPS://WWW.Example.org:443/a?utm_source=x#y", Title: " Missiles\n over \x00the strait ",
		Text: "One\r\n\r\n\ttwo", Lang: "fr_fr", Authors: []string{" Jane  Doe", "Jane Doe", ""},
	}
	source.Clean(&a)
	want := events.Article{
		ID: a.ID, Source: "example.org", URL: "https://www.example.org/a", Title: "Missiles over the strait",
		Text: "One\ntwo", Lang: "fr-FR", Authors: []string{"Jane Doe"},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Fatal(diff)
	}
	if err := a.Validate(); err != nil {
		t.Fatal(err)
	}
	again := a
	source.Clean(&again)
	if diff := cmp.Diff(a, again); diff != "" {
		t.Fatalf("cleaning twice changes: %s", diff)
	}
}

func TestCleanDerivesAnewAnIDThatNoLongerFits(t *testing.T) {
	a := events.Article{ID: "old", Source: "example.org", URL: "https://example.org/a", Title: "A  title"}
	source.Clean(&a)
	if a.ID == "old" {
		t.Fatal("the title changed, the id did not")
	}
	b := events.Article{ID: "given", Source: "example.org", URL: "https://example.org/a", Title: "A title"}
	source.Clean(&b)
	if b.ID != "given" {
		t.Fatal("nothing changed, but the id did")
	}
}

func TestLang(t *testing.T) {
	for in, want := range map[string]string{
		"fr": "fr", "FR-fr": "fr-FR", "en_GB": "en-GB", "zh-hans-cn": "zh-Hans-CN", "de, en": "de",
		"": "", "français": "", "x": "", "english language": "", "en-": "",
	} {
		if got := source.Lang(in); got != want {
			t.Errorf("Lang(%q) = %q, want %q", in, got, want)
		}
	}
}
