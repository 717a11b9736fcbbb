package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestTheTextSaysWhichOfTheNamesakesIsMeant(t *testing.T) {
	for name, c := range map[string]struct{ lang, text, want, not string }{
		"the state behind a comma picks the town":        {"en", "He was born in Cambridge, Massachusetts, in 1950.", "LOC:Q49111", ""},
		"the state behind a comma picks the county":      {"en", "Crews from Jackson County, Mississippi, sent aid.", "LOC:Q485378", ""},
		"the town before a comma picks the state":        {"en", "He moved to Atlanta, Georgia, last year.", "LOC:Q1428", "Q230"},
		"the capital before a comma picks the country":   {"en", "He moved to Tbilisi, Georgia, last year.", "LOC:Q230", "Q1428"},
		"a far better known place needs nothing":         {"en", "Talks were held in Paris on Monday.", "LOC:Q90", ""},
		"equal namesakes are left open":                  {"en", "He was born in Springfield and likes to read.", "", "Springfield LOC:Q"},
		"a little known place far away is left open":     {"fr", "Il a lu un livre de Motru.", "", "LOC:Q"},
		"the word for its kind may stand before a place": {"en", "The city of Kherson was shelled.", "LOC:Q156732", ""},
		"a country stands before the town of its name":   {"fr", "La France et le Luxembourg ont signé un accord.", "LOC:Q32", "Q1842"},
		"a word that is a name too is no name":           {"en", "The shell hit a tank.", "", "Q154950"},
	} {
		t.Run(name, func(t *testing.T) {
			got := sketch(find(t, c.lang, "", c.text))
			if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%s: %s, want %q, not %q", c.text, got, c.want, c.not)
			}
		})
	}
}

func TestTheReasonNamesTheRegion(t *testing.T) {
	for _, e := range find(t, "en", "", "He was born in Cambridge, Massachusetts, in 1950.") {
		if e.ID == "Q49111" && !strings.Contains(e.Reason, "in Massachusetts") {
			t.Errorf("%+v", e)
		}
	}
}

func TestCountriesHaveAPlace(t *testing.T) {
	for _, e := range find(t, "en", "", "Envoys of Ukraine, Italy and Japan met.") {
		if e.Lat == nil || e.Lon == nil || e.Country == "" {
			t.Errorf("%s has no place: %+v", e.Name, e)
		}
	}
}

func TestANameMarkedAsWeakNeedsSupport(t *testing.T) {
	b, err := entity.Load(file("id  kind  name  names  country  role  prior",
		"org.tide  ORG  Tide  ~Tide|Tide Energy  GB  company  4"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"At noon the Tide turned.":                          0,
		"Tide Energy has a new plant. Tide is in Cornwall.": 2,
	} {
		f, mentions := entity.Finder{Base: b}, 0
		for _, e := range f.Find(events.Article{Text: text}, token.Of("", text), "en") {
			if e.ID == "org.tide" {
				mentions += len(e.Mentions)
			}
		}
		if mentions != want {
			t.Errorf("%s: %d mentions, want %d", text, mentions, want)
		}
	}
}

func TestManyNamesakesAreBounded(t *testing.T) {
	rows := []string{"id  kind  name  country  lat  lon  prior"}
	for i := range 3000 {
		rows = append(rows, fmt.Sprintf("loc.%d  LOC  ~Newtown  US  %d.5  %d.5  2", i, i%60, i%170))
	}
	rows[0] = "id  kind  name  names  country  lat  lon  prior"
	for i := 1; i < len(rows); i++ {
		rows[i] = strings.Replace(rows[i], "~Newtown", "Newtown  ~Newtown", 1)
	}
	b, err := entity.Load(file(rows...))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("Newtown met Newtown, Newtown. ", 30)
	f := entity.Finder{Base: b}
	if got := f.Find(events.Article{Text: text}, token.Of("", text), "en"); len(got) > 1 {
		t.Errorf("%d entities", len(got))
	}
}
