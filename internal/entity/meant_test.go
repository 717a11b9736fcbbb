package entity_test

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Each rule of who is meant, with a text that it decides.
func TestWhoIsMeant(t *testing.T) {
	f := finder(t)
	for rule, c := range map[string][3]string{
		"a surname behind another's full name": {"en", "Eric Trump rang the bell. Trump smiled.", "PER:per.eric-trump"},
		"a surname that is also a country":     {"en", "Michael Jordan took the stand in Charlotte. Jordan, a part-owner, was calm.", "PER:per.michael-jordan LOC:Q16565"},
		"a suffix is no surname":               {"en", "Donald Trump Jr. landed in Nuuk. Trump left again.", "PER:per.donald-trump-jr LOC:Q226"},
		"a person is not cut into two towns":   {"en", "The panel heard George Santos on Monday.", "PER:?George Santos"},
		"a nickname in quotation marks":        {"en", `It was built by Emil "Matty" Kowalski in Dayton.`, `PER:?Emil "Matty" Kowalski LOC:Q34739`},
		"a suffix behind a comma":              {"en", "James Wilbraham, Jr., met Emmanuel Macron.", "PER:?James Wilbraham, Jr. PER:Q3052772"},
		"a name with an ampersand":             {"en", "Shares of Procter & Gamble rose.", "ORG:org.procter-and-gamble"},
		"a parliament, its country named":      {"fr", "À Paris, l'Assemblée nationale a voté.", "LOC:Q90 ORG:org.french-national-assembly"},
		"a parliament of another country":      {"fr", "À Dakar, l'Assemblée nationale a voté.", "LOC:Q3718 ORG:?Assemblée nationale"},
		"a state called like a country":        {"en", "Gunmen took pupils from a school in Niger state, police in Nigeria said.", "LOC:Q503932 LOC:Q1033"},
		"the same words are one thing":         {"ru", "Об этом сообщили в Херсоне. Херсон обстреляли.", "LOC:Q156732"},
	} {
		if got := sketch(f.Find(events.Article{Text: c[1]}, token.Of("", c[1]), c[0])); got != c[2] {
			t.Errorf("%s: %s: %s, want %s", rule, c[1], got, c[2])
		}
	}
}

// A form of another language counts for less: what another language calls a town
// that few know is a name without an id.
func TestFormOfAnotherLanguage(t *testing.T) {
	b, err := entity.Load(file("id  kind  name  names  country  prior", "geo.1  LOC  Belmont  it:Belmonte  SE  4"))
	if err != nil {
		t.Fatal(err)
	}
	f := entity.Finder{Base: b}
	for lang, want := range map[string]string{"it": "LOC:geo.1", "fr": "LOC:?Belmonte"} {
		text := "Belmonte a dit non."
		if got := sketch(f.Find(events.Article{Text: text}, token.Of("", text), lang)); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
