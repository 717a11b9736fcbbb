package story_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/token"
)

// An agency's text in English and its French translation, without the credit,
// are one story and one origin; a report of one's own is a second.
func TestATranslatedAgencyTextIsOneOrigin(t *testing.T) {
	r := newReader(t)
	c := shipped(t)
	add := func(id, lang, title, text string, after time.Duration) story.Placement {
		it := r.item(id, lang, title, text, monday.Add(after))
		it.Family = origin.Family{Key: it.Source}
		if o, ok := origin.Agency(title, text, token.Of(title, text)); ok {
			it.Agency = o.Key
		}
		return c.Add(it)
	}
	wire := add("wire", "en", "Azerbaijan Airlines plane crashes near Aktau in Kazakhstan",
		"AKTAU (AFP) - A plane of Azerbaijan Airlines on its way from Baku to Grozny in Russia crashed near Aktau on Wednesday with 67 people on board, killing 38, the government of Kazakhstan said. The 29 survivors were taken to hospital, 11 of them in grave condition.", 0)
	french := add("traduction", "fr", "Kazakhstan : un avion d'Azerbaijan Airlines s'écrase près d'Aktaou",
		"Un avion d'Azerbaijan Airlines qui reliait Bakou à Grozny, en Russie, s'est écrasé mercredi près d'Aktaou avec 67 personnes à bord. Le bilan est de 38 morts, selon le gouvernement du Kazakhstan. Les 29 survivants ont été hospitalisés, dont 11 dans un état grave.", 40*time.Minute)
	if french.Story != wire.Story {
		t.Fatal("the translation is in a story of its own")
	}
	if !strings.HasPrefix(french.Member.Why, "translates") {
		t.Errorf("the translation counts because of %q", french.Member.Why)
	}
	if n, _ := wire.Story.Origins(); n != 1 {
		t.Errorf("%d origins, want 1", n)
	}
	own := add("own", "fr", "Crash d'Aktaou : à Bakou, les familles des passagers attendent des réponses",
		"À l'aéroport de Bakou, une cellule accueille les proches des passagers de l'avion d'Azerbaijan Airlines tombé près d'Aktaou, au Kazakhstan. Une dizaine de psychologues s'y relaient.", 2*time.Hour)
	if n, _ := own.Story.Origins(); own.Story != wire.Story || n != 2 {
		t.Errorf("a report of one's own makes %d origins, want 2", n)
	}
}
