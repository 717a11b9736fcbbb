package enrich_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// shared is loaded once: it never changes.
var shared = sync.OnceValue(func() enrich.Enricher { return enricher(&testing.B{}) })

func article(title, text string) events.Article {
	a := events.Article{
		Source: "example.org", URL: "https://example.org/a", Title: title, Text: text,
		PublishedAt: time.Date(2024, 11, 23, 10, 0, 0, 0, time.UTC),
	}
	a.ID = events.ArticleID(a.Source, a.URL, a.Title, a.Text)
	return a
}

// sound checks what every enrichment must be, whatever the text.
func sound(t testing.TB, a events.Article) events.Enriched {
	t.Helper()
	e := shared().Enrich(a)
	if err := e.Validate(); err != nil && a.Validate() == nil {
		t.Errorf("enriched: %v", err)
	}
	if d := cmp.Diff(a, e.Article); d != "" {
		t.Errorf("the article was changed:\n%s", d)
	}
	if e.Kind == "" || (e.Kind == "news") != (e.KindReason == "") {
		t.Errorf("kind %q because %q", e.Kind, e.KindReason)
	}
	for _, x := range e.Entities {
		if len(x.Mentions) == 0 || x.Reason == "" || x.Name == "" || !utf8.ValidString(x.Name) {
			t.Errorf("entity without mention, reason or name: %+v", x)
		}
	}
	for _, x := range e.Topics {
		if len(x.Evidence) == 0 {
			t.Errorf("topic %s without evidence", x.Topic)
		}
	}
	if d := cmp.Diff(e, shared().Enrich(a)); d != "" {
		t.Errorf("read again, it is another:\n%s", d)
	}
	return e
}

func TestOneArticleWhole(t *testing.T) {
	e := sound(t, article("Mark Rutte rencontre Donald Trump à Palm Beach",
		"(AFP) - Le secrétaire général de l'OTAN a évoqué la Russie, la Corée du Nord et les missiles. « L'alliance doit répondre », a déclaré Mark Rutte."))
	var ids []string
	for _, x := range e.Entities {
		ids = append(ids, x.ID)
	}
	for _, want := range []string{"Q7184", "Q159", "Q423", "Q22686"} { // NATO, Russia, North Korea, Donald Trump
		if !slices.Contains(ids, want) {
			t.Errorf("%s is not among %v", want, ids)
		}
	}
	if e.Lang != "fr" || e.Kind != "news" || e.Origin == nil || e.Origin.Key != "afp" {
		t.Errorf("lang %s, kind %s, origin %v", e.Lang, e.Kind, e.Origin)
	}
	rutte := e.Entities[slices.IndexFunc(e.Entities, func(x events.Entity) bool { return x.Name == "Mark Rutte" })]
	if len(e.Says) != 1 || e.Says[0].Speaker != rutte.ID || e.Says[0].Words.Of(e.Article) != "L'alliance doit répondre" {
		t.Errorf("says %+v, want one by %s", e.Says, rutte.ID)
	}
}

func TestAnOriginThatTheArticleStatesStands(t *testing.T) {
	a := article("A day at sea", "(AFP) - Nothing of note happened.")
	a.Origin = "reuters"
	if e := sound(t, a); e.Origin != nil {
		t.Errorf("origin %v beside the article's own", e.Origin)
	}
}

func TestNothingIsAnEmptyList(t *testing.T) {
	b, err := json.Marshal(sound(t, article("", "")))
	if err != nil || !strings.Contains(string(b), `"entities":[],"topics":[]`) {
		t.Errorf("%s, %v", b, err)
	}
}

// slow is what no text may take, even with the race detector on a busy machine;
// most take milliseconds. It is for what grows with the square of the text.
const slow = 40 * time.Second

// TestHostileTexts: whatever the text, the answer is sound, and comes soon.
func TestHostileTexts(t *testing.T) {
	p := newPress(7)
	plain := p.article(3500)
	for name, c := range map[string]struct{ title, text, lang string }{
		"nothing":                      {},
		"white space":                  {" \t", "\n\u00a0\u2003", ""},
		"a megabyte without a space":   {"A", strings.Repeat("missile", 150_000), ""},
		"a megabyte of one letter":     {"A", strings.Repeat("a", 1<<20), ""},
		"a megabyte of full stops":     {"A", strings.Repeat(".", 1<<20), ""},
		"a megabyte of quotations":     {"«", strings.Repeat("« a » \"b\" ", 70_000), "fr"},
		"a megabyte of line breaks":    {"A", strings.Repeat("a\n", 1<<19), ""},
		"combining marks by thousands": {"e" + strings.Repeat("\u0301", 400), "e" + strings.Repeat("\u0301\u0327", 50_000), ""},
		"zero-width marks":             {between(plain.Title, "\u200b"), between(plain.Text, "\u200d"), "fr"},
		"right-to-left marks":          {"\u202e" + plain.Title, between(plain.Text, "\u200f\u202b"), "fr"},
		"soft hyphens":                 {plain.Title, between(plain.Text, "\u00ad"), "fr"},
		"decomposed":                   {norm.NFD.String(plain.Title), norm.NFD.String(plain.Text), "fr"},
		"forms mixed":                  {norm.NFKD.String(plain.Title), plain.Text[:1000] + norm.NFD.String(plain.Text[1000:]), "fr"},
		"ALL CAPITALS":                 {strings.ToUpper(plain.Title), strings.ToUpper(plain.Text), "fr"},
		"HTML left in":                 {"<b>" + plain.Title + "</b>", "<p class=\"x\">" + strings.ReplaceAll(plain.Text, " ", "&nbsp;<br/>") + "</p><script>alert('NATO')</script>", "fr"},
		"a wrong declared language":    {plain.Title, plain.Text, "zh-Hant"},
		"one repeated name":            {"NATO", strings.Repeat("NATO ", 50_000), "en"},
		"one repeated full name":       {"Mark Rutte", strings.Repeat("Mark Rutte said ", 15_000), "en"},
		"one repeated topic":           {"Missile", strings.Repeat("missile strike, ", 15_000), "en"},
		"all names of the world":       {"A", strings.Repeat("Paris London Smith John Georgia Jordan Victoria Washington Will Rice ", 3_000), "en"},
		"Chinese":                      {"北约秘书长吕特会见特朗普", strings.Repeat("北约秘书长吕特会见特朗普。", 2_000), "zh"},
		"Arabic and Hebrew":            {"الناتو", strings.Repeat("قال الأمين العام لحلف الناتو \"نحن مستعدون\" נאט\"ו אמר ", 1_000), "ar"},
		"emoji and flags":              {"🇫🇷🇺🇦", strings.Repeat("👩‍👩‍👧‍👦🇺🇦", 5_000), ""},
		"control characters":           {"\x00\x01", "a\x00b\x1b[31mNATO\x1b[0m", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := article(c.title, c.text)
			a.Lang = c.lang
			start := time.Now()
			shared().Enrich(a)
			if took, size := time.Since(start), len(c.text); took > slow {
				t.Errorf("%d bytes took %v", size, took)
			}
			sound(t, a)
		})
	}
}

// between puts s between all letters.
func between(text, s string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(r)
		if r > ' ' {
			b.WriteString(s)
		}
	}
	return b.String()
}

// TestTimeGrowsWithTheText: ten times the text takes some ten times the work of
// the processor, which a busy machine does not change.
func TestTimeGrowsWithTheText(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	best := func(size int) time.Duration {
		a := newPress(3).article(size)
		least := time.Hour
		for range 5 {
			start := worked()
			shared().Enrich(a)
			least = min(least, worked()-start)
		}
		return least
	}
	best(1000)
	if small, large := best(20_000), best(200_000); large > 40*small {
		t.Errorf("20 KB take %v, 200 KB %v", small, large)
	}
}

func TestManyAtOnceAgree(t *testing.T) {
	articles := newPress(9).edition(8, 2000)
	var want []events.Enriched
	for _, a := range articles {
		want = append(want, sound(t, a))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, a := range articles {
				if d := cmp.Diff(want[i], shared().Enrich(a)); d != "" {
					t.Errorf("side by side, it is another:\n%s", d)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzEnrich(f *testing.F) {
	for _, a := range newPress(5).edition(4, 300) {
		f.Add(a.Title, a.Text)
	}
	f.Add("TRIBUNE - « L’OTAN »", "\u202e<b>U.S.</b> said: “we” \u200b(AFP)")
	f.Add("Otan : Rutte", "M.\u00a0Rutte, secrétaire général de l'OTAN, dément.")
	f.Fuzz(func(t *testing.T, title, text string) {
		if utf8.ValidString(title) && utf8.ValidString(text) {
			sound(t, article(title, text))
		}
	})
}
