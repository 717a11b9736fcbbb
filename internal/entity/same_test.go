package entity_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// frames are sentences that a name of any kind may stand in.
var frames = map[string]string{
	"en": "On Tuesday, officials spoke of %s and said that talks would go on.",
	"fr": "Mardi, les responsables ont parlé de %s et ont dit que les discussions continueraient.",
	"de": "Am Dienstag sprachen die Behörden über %s und sagten, die Gespräche gingen weiter.",
	"es": "El martes, las autoridades hablaron de %s y dijeron que las conversaciones seguirían.",
	"it": "Martedì le autorità hanno parlato di %s e hanno detto che i colloqui continueranno.",
	"pl": "We wtorek w wiadomościach mówiono: %s, rozmowy będą kontynuowane w tym tygodniu.",
	"ru": "Во вторник в новостях говорили: %s, переговоры продолжатся на этой неделе.",
	"uk": "У вівторок у новинах говорили: %s, переговори триватимуть цього тижня.",
}

// The names of the daily news have one id, whatever the language calls them.
func TestSameInEveryLanguage(t *testing.T) {
	finder, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	id := func(lang, name string) string {
		text := fmt.Sprintf(frames[lang], name)
		a := events.Article{Text: text}
		start := strings.Index(text, name)
		for _, e := range finder.Find(a, token.Of("", text), lang) {
			for _, m := range e.Mentions {
				if m.Start == start && m.End == start+len(name) {
					return e.ID
				}
			}
		}
		return ""
	}
	data, err := os.ReadFile("testdata/same.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(data)), "\n")[2:]
	for _, row := range rows {
		cells := strings.Split(row, "\t")
		want := id("en", cells[0])
		if want == "" {
			t.Errorf("en %q: not linked", cells[0])
			continue
		}
		names := [][2]string{{"fr", cells[1]}}
		if len(cells) > 2 {
			for _, part := range strings.Split(cells[2], " | ") {
				lang, name, _ := strings.Cut(part, ":")
				names = append(names, [2]string{lang, name})
			}
		}
		for _, n := range names {
			if got := id(n[0], n[1]); got != want {
				t.Errorf("%s %q: %q, want %s as %q", n[0], n[1], got, want, cells[0])
			}
		}
	}
}
