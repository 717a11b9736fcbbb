package eval

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMarkedNews(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		items, err := markedNews(lang)
		if err != nil {
			t.Fatal(err)
		}
		names := 0
		for _, x := range items {
			names += len(x.Spans)
			for _, s := range x.Spans {
				if name := x.Text[s[0].(int):s[1].(int)]; strings.TrimSpace(name) != name || strings.ContainsAny(name, "[]") {
					t.Errorf("%s: name %q", x.ID, name)
				}
			}
		}
		if len(items) < 80 || names < 200 {
			t.Errorf("%s: %d sentences with %d names", lang, len(items), names)
		}
	}
}

// Each name says who is meant, and who.tsv whom the base has for them.
func TestWhoIsMeant(t *testing.T) {
	ids, err := meant()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"read", "unread"} {
		for _, lang := range []string{"en", "fr"} {
			items, err := marked("who-"+part+"-"+lang+".txt", lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range items {
				for i, title := range x.who {
					if _, ok := ids[title]; !ok && title != "?" {
						t.Errorf("%s: name %d is %q, which who.tsv lacks", x.ID, i+1, title)
					}
				}
			}
		}
	}
}

// What measures must not train: no sentence of the news set, bare of its
// marks, may stand among those that the tagger learns from.
func TestNewsIsNotTrainedOn(t *testing.T) {
	bare := strings.NewReplacer("[P ", "", "[O ", "", "[L ", "", "[M ", "", "]", "")
	for _, lang := range []string{"en", "fr"} {
		learnt, err := os.ReadFile(filepath.Join("..", "entity", "train", "sentences", lang+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		text := bare.Replace(string(learnt))
		for _, name := range []string{"news", "who-read", "who-unread"} {
			items, err := marked(name+"-"+lang+".txt", lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range items {
				if strings.Contains(text, x.Text) {
					t.Errorf("%s, %s is learnt from: %s", name, x.ID, x.Text)
				}
			}
		}
	}
}
