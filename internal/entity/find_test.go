package entity_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var builtin = sync.OnceValues(entity.Builtin)

func find(t testing.TB, lang, title, text string) []events.Entity {
	t.Helper()
	b, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	a := events.Article{Title: title, Text: text, PublishedAt: time.Date(2024, 11, 23, 9, 0, 0, 0, time.UTC)}
	f := entity.Finder{Base: b}
	return f.Find(a, token.Of(title, text), lang)
}

// sketch writes entities as "kind:id or name".
func sketch(list []events.Entity) string {
	var b strings.Builder
	for _, e := range list {
		id := e.ID
		if id == "" {
			id = "?" + e.Name
		}
		b.WriteString(" " + e.Kind + ":" + id)
	}
	return strings.TrimSpace(b.String())
}

func TestPalmBeach(t *testing.T) {
	got := find(t, "fr", "Mark Rutte rencontre Donald Trump à Palm Beach",
		"Le secrétaire général de l'OTAN s'est entretenu vendredi avec le président élu américain. "+
			"M. Rutte a évoqué les liens de la Russie avec la Corée du Nord et les missiles tirés contre l'Ukraine, "+
			"a indiqué Farah Dakhlallah, porte-parole de l'OTAN.")
	for _, e := range got {
		t.Logf("%+v", e)
	}
	for _, want := range []string{"PER:Q57792", "PER:Q22686", "LOC:geo.4167505", "ORG:Q7184", "LOC:Q159", "LOC:Q423", "LOC:Q212"} {
		if !strings.Contains(sketch(got), want) {
			t.Errorf("%s lacks %s", sketch(got), want)
		}
	}
}

func TestOfficesKeepTheNamesInside(t *testing.T) {
	for text, want := range map[string]string{
		"NATO chief Mark Rutte met French president Emmanuel Macron.":                     "ORG:Q7184 PER:Q57792 MISC:Q142 PER:Q3052772",
		"NATO's secretary general, Mark Rutte, spoke in Kyiv.":                            "ORG:Q7184 PER:Q57792 LOC:Q1899",
		"Israel's defence minister spoke to the US Secretary of State.":                   "LOC:Q801 PER:Q487304 LOC:Q30 PER:Q7821917",
		"North Korea fired a missile; North Korean troops and the NATO chief were silent": "LOC:Q423 ORG:Q7184 PER:Q57792",
	} {
		got := sketch(find(t, "en", "", text))
		for w := range strings.SplitSeq(want, " ") {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s lacks %s", text, got, w)
			}
		}
		if strings.Count(got, "Q423") > 1 {
			t.Errorf("%s: %s has one id twice", text, got)
		}
	}
	got := sketch(find(t, "fr", "Otan : Mark Rutte à Paris", "Le secrétaire général de l'OTAN, Mark Rutte, a parlé."))
	if got != "ORG:Q7184 PER:Q57792 LOC:Q90" {
		t.Error(got)
	}
}

func TestKnownNamesAreCutFromLongerOnes(t *testing.T) {
	f := finder(t)
	for _, c := range [][3]string{
		{"en", "NATO Secretary General Mark Rutte will meet Donald Trump in Palm Beach on Friday.", "ORG:Q7184 PER:Q57792 PER:Q22686 LOC:geo.4167505"},
		{"en", "A visit by NATO's Rutte to Kyiv has been put off.", "ORG:Q7184 PER:Q57792 LOC:Q1899"},
		{"fr", "Rencontre Rutte-Trump en Floride", "PER:Q57792 PER:Q22686 LOC:Q812"},
		{"fr", "L'OTAN se réunit à Bruxelles. L'Alliance a promis des missiles.", "ORG:Q7184 LOC:Q239"},
		{"en", "Zelda Trump spoke at the University of Novoberg.", "PER:?Zelda Trump ORG:?University of Novoberg"},
	} {
		got := sketch(f.Find(events.Article{Text: c[1]}, token.Of("", c[1]), c[0]))
		if got != c[2] {
			t.Errorf("%s: %s, want %s", c[1], got, c[2])
		}
	}
}

var carried = sync.OnceValues(entity.New)

func finder(t testing.TB) *entity.Finder {
	t.Helper()
	f, err := carried()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFindReadsOddText(t *testing.T) {
	f := finder(t)
	for name, c := range map[string]struct{ lang, title, text, want string }{
		"a title in capitals":               {"fr", "MACRON REÇOIT ZELENSKY À PARIS", "", "PER:Q3052772 PER:Q3874799 LOC:Q90"},
		"zero-width marks":                  {"en", "", "The N\u200bATO chief spoke in Kyiv.", "ORG:Q7184 LOC:Q1899"},
		"decomposed letters":                {"fr", "", "Le palais de l'E\u0301lyse\u0301e a démenti.", "ORG:org.elysee"},
		"the wrong language":                {"de", "", "Vladimir Putin a parlé avec Donald Trump.", "PER:Q7747 PER:Q22686"},
		"an unknown language":               {"und", "", "Vladimir Putin, Ангела Меркель, Mark Rutte.", "PER:Q7747 PER:Q567 PER:Q57792"},
		"a Cyrillic case":                   {"ru", "", "Он говорил с Владимиром Путиным об Украине.", "PER:Q7747 LOC:Q212"},
		"a Polish case":                     {"pl", "", "Rozmawiał z Donaldem Trumpem o Rosji.", "PER:Q22686 LOC:Q159"},
		"nothing":                           {"en", "", "", ""},
		"a family name after a full":        {"en", "", "Zelda Quimby left Paris. Quimby said she was tired.", "PER:?Zelda Quimby LOC:Q90"},
		"a headline with names of the text": {"en", "Zelda Quimby Warns Officials As Orlov Visits Kvarnby Harbour", "Minister Zelda Quimby met Pavel Orlov at Kvarnby on Monday. Quimby was tired.", "PER:?Zelda Quimby PER:?Pavel Orlov LOC:?Kvarnby"},
		"a headline in capitals":            {"fr", "FARAH DAKHLALLAH ET ZELDA QUIMBY À PARIS", "Farah Dakhlallah a rencontré Zelda Quimby.", "PER:per.farah-dakhlallah PER:?Zelda Quimby LOC:Q90"},
		"a word that is a place too":        {"fr", "", "Il fait nice et rose, dit la nation.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := sketch(f.Find(events.Article{Title: c.title, Text: c.text}, token.Of(c.title, c.text), c.lang))
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// ROM is not Rome, CAD is not Chad, and BCE is a bank in French only.
func TestShortCapitalsAreNoOtherLanguagesName(t *testing.T) {
	f := finder(t)
	text := "The chip has 4 KB of ROM, the CAD file and a BCE of its own."
	for _, e := range f.Find(events.Article{Text: text}, token.Of("", text), "en") {
		if e.ID != "" {
			t.Errorf("%s is linked to %s (%s)", e.Name, e.ID, e.Reason)
		}
	}
}

func TestFindIsBoundedOnHugeText(t *testing.T) {
	f := finder(t)
	for name, text := range map[string]string{
		"a megabyte without a space": strings.Repeat("x", 1<<20),
		"capitals without an end":    strings.Repeat("Xavier ", 40_000),
		"one repeated name":          strings.Repeat("NATO ", 50_000),
		"brackets":                   strings.Repeat("(", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			got := f.Find(events.Article{Text: text}, token.Of("", text), "en")
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("took %v for %d entities", took, len(got))
			}
		})
	}
}

func TestFindIsDeterministic(t *testing.T) {
	f := finder(t)
	doc := token.Of(article.Title, article.Text)
	want := f.Find(article, doc, "fr")
	for range 20 {
		if d := cmp.Diff(want, f.Find(article, doc, "fr")); d != "" {
			t.Fatal(d)
		}
	}
}

func FuzzFind(f *testing.F) {
	find := finder(f)
	for _, s := range []string{"", "NATO's Mark Rutte", "l'OTAN (OTAN) « a »", "Дональд Трамп", "\xff\u200b", strings.Repeat("A. ", 30)} {
		f.Add(s, "en")
		f.Add(s, "ru")
	}
	f.Fuzz(func(t *testing.T, s, lang string) {
		a := events.Article{Title: s, Text: s, PublishedAt: time.Unix(1.7e9, 0)}
		for _, e := range find.Find(a, token.Of(s, s), lang) {
			if e.Name == "" || e.Kind == "" || len(e.Mentions) == 0 || e.Reason == "" {
				t.Errorf("%+v", e)
			}
			for _, m := range e.Mentions {
				if m.Start < 0 || m.End > len(s) || m.Start >= m.End {
					t.Errorf("%+v does not fit", m)
				}
			}
		}
	})
}

func TestABareFamilyNameNeedsAReason(t *testing.T) {
	f := finder(t)
	for text, want := range map[string]string{
		"The cereal maker Kellogg opened a plant.":                                       "Q27916194",
		"Dr Anna Scholz, a chemist, spoke first. Scholz then thanked the students.":      "Q61053",
		"The paper was read by Ms Johnson at the conference, and the audience liked it.": "Q180589",
	} {
		if got := sketch(f.Find(events.Article{Text: text}, token.Of("", text), "en")); strings.Contains(got, want) {
			t.Errorf("%s: %s has %s", text, got, want)
		}
	}
	text := "In Kyiv, envoys of the United States met the president; Kellogg did not speak."
	if got := sketch(f.Find(events.Article{Text: text}, token.Of("", text), "en")); !strings.Contains(got, "Q27916194") {
		t.Errorf("%s: %s lacks Kellogg", text, got)
	}
}
