package render_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/notify/render"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func alert() events.Alert {
	at := time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC)
	return events.Alert{
		ID: "a1", Version: 2, State: events.Escalated, Level: events.High, Watch: "nato-missile", Headline: "Rutte meets Trump", At: at,
		Reason: "Three independent origins in two hours.", Changed: "elevated to high", Origins: 3,
		Articles: []events.Evidence{
			{Source: "example.org", URL: "https://example.org/a", Title: "One", PublishedAt: at, Origin: "example.org", Why: "own reporting"},
			{Source: "example.net", URL: "https://exämple.net/b", Title: "Two", Origin: "afp", Why: "names afp"},
		},
	}
}

func TestAnAlertReadsInBothLanguages(t *testing.T) {
	for lang, want := range map[string]string{
		"en": `watch nato-missile, version 2, 2024-11-22 12:00 UTC
Three independent origins in two hours.
Changed: elevated to high
3 independent origins, 2 articles

• One
  example.org, 2024-11-22 12:00 UTC → example.org (own reporting)
  https://example.org/a

• Two
  xn--exmple-cua.net → afp (names afp)
  https://xn--exmple-cua.net/b

Explained: https://console.example.org/alerts/a1
`,
		"fr": `veille nato-missile, version 2, 2024-11-22 12:00 UTC
Three independent origins in two hours.
Changement : elevated to high
3 origines indépendantes, 2 articles

• One
  example.org, 2024-11-22 12:00 UTC → example.org (own reporting)
  https://example.org/a

• Two
  xn--exmple-cua.net → afp (names afp)
  https://xn--exmple-cua.net/b

Expliquée : https://console.example.org/alerts/a1
`,
	} {
		f := render.Of(render.Subject{Alert: alert(), Console: "https://console.example.org/", Lang: lang})
		if diff := cmp.Diff(want, f.Text()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
	if f := render.Of(render.Subject{Alert: alert(), Lang: "fr"}); f.Subject != "[haut] aggravée: Rutte meets Trump" {
		t.Errorf("the subject is %q", f.Subject)
	}
}

func TestManyArticlesAreNotAllListed(t *testing.T) {
	a := alert()
	for range 30 {
		a.Articles = append(a.Articles, events.Evidence{Title: "more", URL: "https://example.org/"})
	}
	f := render.Of(render.Subject{Alert: a})
	if len(f.Evidence) != render.MaxEvidence || f.More != "and 22 articles more" || f.Evidence[0].Title != "One" {
		t.Errorf("%d listed, %q", len(f.Evidence), f.More)
	}
}

func TestOnlyPlainLinksAreLinked(t *testing.T) {
	for address, host := range map[string]string{
		"https://example.org/a?b=c":       "example.org",
		"http://Example.ORG:8080/":        "example.org:8080",
		"javascript:alert(1)":             "",
		"data:text/html,x":                "",
		"https://example.org@evil.net/":   "",
		"https://user:pw@example.org/":    "",
		"//example.org/":                  "",
		"https://[::1]/":                  "",
		"https://аррӏе.com/":              "xn--80ak6aa92e.com",
		"https://example.org/\">'<b>(x)*": "example.org",
	} {
		a := alert()
		a.Articles = []events.Evidence{{Title: "t", URL: address}}
		e := render.Of(render.Subject{Alert: a}).Evidence[0]
		if e.Host != host || (e.URL == "") != (host == "") || strings.ContainsAny(e.URL, "\"'<>()*|") {
			t.Errorf("%s is linked as %q at %q", address, e.URL, e.Host)
		}
	}
}

func TestLine(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		most     int
		want     string
	}{
		{"white space is one space", "  a \t\r\n b\u00a0c  ", 50, "a b c"},
		{"controls and escapes go", "a\x00\x1b[31mb\u0085c", 50, "a [31mb c"},
		{"direction marks go", "a\u202Egnp.exe\u202C\u2066x\u2069", 50, "agnp.exex"},
		{"zero-width characters go, joiners stay", "a\u200Bb\u200Dc", 50, "ab\u200Dc"},
		{"bytes that are not UTF-8 show as such", "a\xffb", 50, "a\uFFFDb"},
		{"piled accents are cut down", "a" + strings.Repeat("\u0301", 50), 50, "a\u0301\u0301\u0301"},
		{"what is too long ends in dots", "abcdef", 4, "abc…"},
		{"what just fits stays", "abcd", 4, "abcd"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := render.Line(tc.in, tc.most); got != tc.want {
				t.Errorf("Line = %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzFacts(f *testing.F) {
	f.Add("headline", "reason", "https://example.org/", "title")
	f.Add("\r\nBcc: x", "\x1b[0m\u202E", "javascript:x", "<a href=\"\">")
	f.Add("\xff\xfe", strings.Repeat("é", 5000), "https://exa\u0301mple.org/%zz", "\u2028")
	f.Fuzz(func(t *testing.T, headline, reason, address, title string) {
		a := alert()
		a.Headline, a.Reason, a.Changed, a.Missing, a.Watch, a.State = headline, reason, headline, reason, title, title
		a.Articles = []events.Evidence{{Source: title, URL: address, Title: title, Origin: headline, Why: reason}}
		facts := render.Of(render.Subject{Alert: a, Console: "https://c.example.org", Failed: title, Why: reason})
		harmless(t, reflect.ValueOf(facts))
		if u := facts.Evidence[0].URL; u != "" {
			if p, err := url.Parse(u); err != nil || (p.Scheme != "http" && p.Scheme != "https") || p.Host != facts.Evidence[0].Host {
				t.Errorf("%q is linked as %q (%v)", address, u, err)
			}
		}
	})
}

// harmless walks all strings of v: one line of valid UTF-8, bounded, without
// controls.
func harmless(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		s := v.String()
		if !utf8.ValidString(s) || len(s) > 3*events.MaxURL || strings.ContainsFunc(s, unicode.IsControl) || strings.ContainsAny(s, "\u2028\u2029\u202a\u202e\u2066") {
			t.Errorf("%q", s)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[render.Words]() {
			return
		}
		for i := range v.NumField() {
			harmless(t, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			harmless(t, v.Index(i))
		}
	}
}
