package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Story is a cluster of articles on one happening, as the console shows it.
type Story struct {
	ID       string `json:"id"`
	Headline string `json:"headline"`
	// Phase is its place in life: emerging, developing, confirmed, peak,
	// fading, closed, revived.
	Phase string    `json:"phase"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	// Count is the number of articles; Articles are they, where one story is
	// shown by itself.
	Count    int               `json:"count"`
	Articles []events.Evidence `json:"articles,omitempty"`
	Origins  int               `json:"origins"`
	// Langs are its languages in the order in which they told it first.
	Langs []Tongue `json:"langs"`
	Audit []Change `json:"audit,omitempty"`
}

// Tongue is a language, and when a story was first told in it.
type Tongue struct {
	Lang string    `json:"lang"`
	At   time.Time `json:"at"`
}

// Change is something that happened to a story: a merge, a split.
type Change struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// Lead says whose press was first and by how much: "French press 3 h 10 min
// before English". It is empty where only one language tells the story.
func Lead(langs []Tongue) string {
	if len(langs) < 2 {
		return ""
	}
	var later []string
	for _, t := range langs[1:] {
		d := t.At.Sub(langs[0].At).Round(time.Minute)
		if d <= 0 {
			later = append(later, "together with "+LanguageName(t.Lang))
			continue
		}
		later = append(later, Span(d)+" before "+LanguageName(t.Lang))
	}
	return fmt.Sprintf("%s press %s", LanguageName(langs[0].Lang), strings.Join(later, ", "))
}
