package render

import (
	"fmt"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Words are the fixed words of one language.
type Words struct {
	Lang   string
	Levels [4]string
	states map[string]string
	// Stand takes watch, version and time; Counts origins and articles; More
	// a count; Undelivered a channel and a reason.
	Stand, Counts, More, Undelivered string
	Test                             string
	Origin, Article                  [2]string // one, many
	Changed, Missing, Explained      string
	Evidence                         string
	Open                             string
	colon                            string
	zeroIsOne                        bool
}

var english = Words{
	Lang:   "en",
	Levels: [4]string{"info", "elevated", "high", "critical"},
	states: map[string]string{
		events.Opened: "opened", events.Updated: "updated", events.Escalated: "escalated", events.Resolved: "resolved",
	},
	Stand:       "watch %s, version %d, %s",
	Counts:      "%s, %s",
	More:        "and %s more",
	Undelivered: "Not delivered on channel %s: %s.",
	Test:        "This is a test.",
	Origin:      [2]string{"independent origin", "independent origins"},
	Article:     [2]string{"article", "articles"},
	Changed:     "Changed", Missing: "Missing for the next level", Explained: "Explained:",
	Evidence: "Evidence", Open: "Open",
	colon: ": ",
}

var french = Words{
	Lang:   "fr",
	Levels: [4]string{"info", "élevé", "haut", "critique"},
	states: map[string]string{
		events.Opened: "ouverte", events.Updated: "mise à jour", events.Escalated: "aggravée", events.Resolved: "close",
	},
	Stand:       "veille %s, version %d, %s",
	Counts:      "%s, %s",
	More:        "et %s de plus",
	Undelivered: "Non remise sur le canal %s : %s.",
	Test:        "Ceci est un essai.",
	Origin:      [2]string{"origine indépendante", "origines indépendantes"},
	Article:     [2]string{"article", "articles"},
	Changed:     "Changement", Missing: "Manque pour le niveau suivant", Explained: "Expliquée :",
	Evidence: "Preuves", Open: "Ouvrir",
	colon: " : ", zeroIsOne: true,
}

func wordsOf(lang string) Words {
	if lang == "fr" {
		return french
	}
	return english
}

// State is the word for one of the events' states.
func (w Words) State(state string) string {
	if s, ok := w.states[state]; ok {
		return s
	}
	return Line(state, 20)
}

// Count is n and the noun in its number; in French zero takes the singular.
func (w Words) Count(n int, noun [2]string) string {
	if n == 1 || (n == 0 && w.zeroIsOne) {
		return fmt.Sprintf("%d %s", n, noun[0])
	}
	return fmt.Sprintf("%d %s", n, noun[1])
}

// Time is t in UTC to the minute, alike in every language.
func (w Words) Time(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

func (w Words) label(label, text string) string {
	if text == "" {
		return ""
	}
	return label + w.colon + text
}
