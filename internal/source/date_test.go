package source_test

import (
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

func TestDateReadsWhatFeedsWrite(t *testing.T) {
	for in, want := range map[string]string{
		"2024-11-22T10:00:00Z":              "2024-11-22T10:00:00Z",
		"2024-11-22T10:00:00.123+01:00":     "2024-11-22T09:00:00Z",
		"2024-11-22T10:00:00+0100":          "2024-11-22T09:00:00Z",
		"2024-11-22T10:00:00":               "2024-11-22T10:00:00Z",
		"2024-11-22 10:00":                  "2024-11-22T10:00:00Z",
		"2024-11-22":                        "2024-11-22T00:00:00Z",
		"2024-11":                           "2024-11-01T00:00:00Z",
		"20241122":                          "2024-11-22T00:00:00Z",
		"20241122T100000Z":                  "2024-11-22T10:00:00Z",
		"Fri, 22 Nov 2024 10:00:00 GMT":     "2024-11-22T10:00:00Z",
		"Fri, 22 Nov 2024 10:00:00 +0100":   "2024-11-22T09:00:00Z",
		"Fri, 22 Nov 2024 10:00:00 -05:00":  "2024-11-22T15:00:00Z",
		"22 Nov 24 10:00 EST":               "2024-11-22T15:00:00Z",
		"Fri, 22 Nov 2024 10:00:00 CEST":    "2024-11-22T08:00:00Z",
		"Fri Nov 22 10:00:00 2024":          "2024-11-22T10:00:00Z",
		"Friday, November 22, 2024 3:05 PM": "2024-11-22T15:05:00Z",
		"22-Nov-2024":                       "2024-11-22T00:00:00Z",
		"Nov. 22, 2024, 12:30 a.m.":         "2024-11-22T00:30:00Z",
		"22.11.2024 10:00":                  "2024-11-22T10:00:00Z",
		"22/11/2024":                        "2024-11-22T00:00:00Z",
		"11/22/2024":                        "2024-11-22T00:00:00Z",
		"ven., 22 nov. 2024 10:00:00 +0100": "2024-11-22T09:00:00Z",
		"mardi 5 mars 2024 à 12h30":         "2024-03-05T12:30:00Z",
		"mar, 05 nov 2024 10:00:00 +0100":   "2024-11-05T09:00:00Z",
		"22 août 2024":                      "2024-08-22T00:00:00Z",
		"22. November 2024, 10:00 Uhr":      "2024-11-22T10:00:00Z",
		"5. März 2024":                      "2024-03-05T00:00:00Z",
		"Vie, 22 ene 2024":                  "2024-01-22T00:00:00Z",
		"22 de noviembre de 2024":           "2024-11-22T00:00:00Z",
		"22 gennaio 2024":                   "2024-01-22T00:00:00Z",
		"22 mei 2024":                       "2024-05-22T00:00:00Z",
		"22 października 2024":              "2024-10-22T00:00:00Z",
		"22 de março de 2024":               "2024-03-22T00:00:00Z",
		"Пт, 22 ноября 2024 10:00:00 +0300": "2024-11-22T07:00:00Z",
		"22 листопада 2024":                 "2024-11-22T00:00:00Z",
		"22. června 2024":                   "2024-06-22T00:00:00Z",
		"22. července 2024":                 "2024-07-22T00:00:00Z",
		"22 Kasım 2024":                     "2024-11-22T00:00:00Z",
		"22 Νοεμβρίου 2024":                 "2024-11-22T00:00:00Z",
		"2024年11月22日":                       "2024-11-22T00:00:00Z",
	} {
		at, ok := source.Date(in, "")
		got := ""
		if ok {
			got = at.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("Date(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDateInventsNothing(t *testing.T) {
	for _, in := range []string{
		"", "yesterday", "Nov 2024", "soon 22", "31 Feb 2024", "2024-13-01", "99 Nov 2024", "3/4/2024", "0001-01-01T00:00:00Z",
		"Fri, 22 Nov", "10:00:00", "22 Foo 2024", "2 hours ago",
	} {
		if at, ok := source.Date(in, ""); ok {
			t.Errorf("Date(%q) = %v, want none", in, at)
		}
	}
}

func TestDateAsksTheLanguageWhichNumberIsTheMonth(t *testing.T) {
	for lang, want := range map[string]string{"fr": "2024-04-03", "en-GB": "2024-04-03", "en-US": "2024-03-04", "en": "", "": ""} {
		at, ok := source.Date("3/4/2024", lang)
		if got := at.Format(time.DateOnly); ok != (want != "") || ok && got != want {
			t.Errorf("in %q: %q, %v; want %q", lang, got, ok, want)
		}
	}
}

func FuzzDate(f *testing.F) {
	f.Add("Fri, 22 Nov 2024 10:00:00 +0100", "fr")
	f.Add("2024年11月22日", "")
	f.Add("12h30 3/4/2024 gmt+1", "en")
	f.Fuzz(func(t *testing.T, s, lang string) {
		at, ok := source.Date(s, lang)
		if ok && (at.Year() < 1970 || at.Year() > 2099 || at.Location() != time.UTC) || !ok && !at.IsZero() {
			t.Fatalf("Date(%q) = %v, %v", s, at, ok)
		}
	})
}
