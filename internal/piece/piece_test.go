package piece_test

import (
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/piece"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestKinds(t *testing.T) {
	taxonomy, err := topic.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		lang, title, text, url, kind, reason string
	}{
		"a label with a full stop":             {"fr", "Tribune. Pour une défense européenne", "", "", "opinion", "label Tribune"},
		"a label in capitals behind a dash":    {"fr", "EN DIRECT - Guerre en Ukraine : les dernières nouvelles", "", "", "live", "label EN DIRECT"},
		"a label between comma and colon":      {"fr", "Guerre en Ukraine, en direct : Kiev annonce une avancée", "", "", "live", "label en direct"},
		"a label in brackets":                  {"fr", "[Décryptage] La force nucléaire française", "", "", "analysis", "label Décryptage"},
		"a label behind a bar":                 {"en", "Opinion | The alliance must wake up", "", "", "opinion", "label Opinion"},
		"a label at the end":                   {"en", "The alliance must wake up | Opinion", "", "", "opinion", "label Opinion"},
		"live with a colon":                    {"en", "Live: summit opens in The Hague", "", "", "live", "label Live"},
		"an explainer":                         {"en", "Explainer: how a hypersonic missile flies", "", "", "analysis", "label Explainer"},
		"years on":                             {"en", "Ten years on: the town that was shelled", "", "", "anniversary", "label Ten years on"},
		"on this day":                          {"en", "On this day: the wall falls", "", "", "anniversary", "label On this day"},
		"a label that begins the text":         {"fr", "La force de l'alliance", "TRIBUNE - L'alliance doit changer.", "", "opinion", "label TRIBUNE"},
		"German":                               {"de", "Kommentar: Die Allianz muss aufwachen", "", "", "opinion", "label Kommentar"},
		"Spanish":                              {"es", "Guerra en Ucrania, en directo: última hora", "", "", "live", "label en directo"},
		"Ukrainian":                            {"uk", "Аналіз: чому міст важливий", "", "", "analysis", "label Аналіз"},
		"Russian":                              {"ru", "Что известно: взрыв на складе", "", "", "analysis", "label Что известно"},
		"a section of the address":             {"en", "The alliance must wake up", "", "https://example.org/world/commentisfree/2024/nov/24/alliance", "opinion", "address /commentisfree/"},
		"an article that is named opinion":     {"en", "A day at sea", "", "https://example.org/world/opinion", "news", ""},
		"a host that is named live":            {"en", "A day at sea", "", "https://live/world/a-day", "news", ""},
		"contexts in the title":                {"fr", "Trente ans après, la ville commémore l'attentat", "Une cérémonie en hommage aux disparus a eu lieu, pour l'anniversaire.", "", "anniversary", "context.anniversary"},
		"a question that is explained":         {"fr", "Pourquoi l'armée s'inquiète : ce que l'on sait", "", "", "analysis", "label ce que l'on sait"},
		"news is what is left":                 {"fr", "L'armée a repris la ville", "Les combats ont cessé mardi.", "", "news", ""},
		"public opinion is no opinion":         {"en", "Public opinion turns against the war", "A poll was published.", "", "news", ""},
		"a trial that is shown live":           {"fr", "Le procès sera diffusé en direct sur la chaîne", "Il s'ouvre mardi.", "", "news", ""},
		"how, in French, is not comment":       {"fr", "Comment : la question que pose l'attentat", "", "", "news", ""},
		"a direct attack":                      {"fr", "Une attaque directe contre Kiev", "", "", "news", ""},
		"live ammunition":                      {"en", "Live fire exercise begins at sea", "", "", "news", ""},
		"a politician who says that we must":   {"fr", "Le ministre appelle à l'unité", "« Nous devons agir », a-t-il dit. « Je pense que nous devons parler. »", "", "news", ""},
		"a label of an unknown language holds": {"und", "Kommentar: Wach auf", "", "", "opinion", "label Kommentar"},
		"nothing":                              {"und", "", "", "", "news", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := events.Article{Title: c.title, Text: c.text, URL: c.url}
			doc := token.Of(a.Title, a.Text)
			j := piece.Of(a, doc, c.lang, taxonomy.Read(a, doc, c.lang, nil).Contexts)
			if j.Kind != c.kind || !strings.HasPrefix(j.Reason, c.reason) || (c.reason == "") != (j.Reason == "") {
				t.Errorf("got %q because %q, want %q because %q", j.Kind, j.Reason, c.kind, c.reason)
			}
		})
	}
}

func FuzzOf(f *testing.F) {
	f.Add("Tribune. Une idée", "EN DIRECT", "https://example.org/opinion/a", "fr")
	f.Add("[Live] |", ":", "://///", "und")
	f.Fuzz(func(t *testing.T, title, text, url, lang string) {
		j := piece.Of(events.Article{Title: title, Text: text, URL: url}, token.Of(title, text), lang, nil)
		if (j.Kind == piece.News) != (j.Reason == "") {
			t.Errorf("%q because %q", j.Kind, j.Reason)
		}
	})
}
