package report

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// The plain keyword rule, as people set it up where they have nothing better:
// so many items with a word in a day, and so many times what the week before
// had a day; quiet for half a day once it fired.
const (
	plainItems  = 3
	plainTimes  = 3
	plainWindow = 24 * time.Hour
	plainPast   = 7 * 24 * time.Hour
	plainQuiet  = 12 * time.Hour
	plainLead   = 200 // bytes of the text that are looked at
)

// plainWords are what a security desk would list.
var plainWords = []string{
	"nato", "otan", "missile", "missiles", "nuclear", "nucléaire", "drone", "drones", "airstrike", "airstrikes", "frappes",
	"bombing", "explosion", "attentat", "terrorist", "terroriste", "cyberattack", "cyberattaque", "ceasefire", "trêve",
	"troops", "soldats", "army", "armée", "invasion", "coup", "putsch", "spy", "espion", "sabotage", "sanctions", "hostage",
	"otage", "hostages", "otages", "ukraine", "ukrainian", "russia", "russian", "russie", "russe", "putin", "poutine", "kyiv",
	"kiev", "moscow", "moscou", "kremlin", "israel", "israeli", "israël", "gaza", "hamas", "hezbollah", "iran", "iranian",
	"syria", "syrie", "taliban", "afghanistan", "sudan", "soudan", "niger", "mali", "yemen", "yémen", "china", "taiwan",
	"korea", "corée", "kosovo", "crimea", "crimée", "pentagon",
}

// PlainWords lists the words that the plain rule watches beside these watches: a
// security desk's usual ones, and the single words that the queries ask for as they stand.
func PlainWords(ws []watch.Watch) []string {
	words := slices.Clone(plainWords)
	for _, w := range ws {
		query.Terms(w.Query.Root, func(t *query.Term, negated bool) {
			if !negated && t.Field.Worded() && !t.Prefix && !t.Inflected && len(t.Words) == 1 && len(t.Words[0]) > 3 {
				words = append(words, t.Words[0])
			}
		})
	}
	return words
}

// Firing is the plain rule going off.
type Firing struct {
	Word string
	At   time.Time
	// Items are the ids of the articles that it rests on.
	Items []string
}

// plain is the rule at work.
type plain struct {
	words   map[string]*tally
	firings []Firing
}

// tally is what one word had in the last week.
type tally struct {
	items []item
	quiet time.Time
}

type item struct {
	at      time.Time
	id, url string
}

func newPlain(words []string) *plain {
	p := &plain{words: map[string]*tally{}}
	for _, w := range words {
		for _, t := range token.Of(w, "").Title {
			p.words[t.Fold] = &tally{}
		}
	}
	return p
}

// article counts a, and fires where that is the one too many.
func (p *plain) article(a *events.Article, at time.Time, counts bool) {
	doc := token.Of(a.Title, lead(a.Text))
	var matched []string
	for _, field := range [][]token.Token{doc.Title, doc.Text} {
		for _, t := range field {
			if p.words[t.Fold] != nil {
				matched = append(matched, t.Fold)
			}
		}
	}
	slices.Sort(matched)
	for _, w := range slices.Compact(matched) {
		t := p.words[w]
		if items := t.add(item{at, a.ID, a.URL}); items != nil && counts {
			p.firings = append(p.firings, Firing{w, at, items})
		}
	}
}

// add returns the ids that make the rule fire, if it does.
func (t *tally) add(x item) []string {
	t.items = append(t.items, x)
	old := 0
	for old < len(t.items) && x.at.Sub(t.items[old].at) > plainPast {
		old++
	}
	t.items = t.items[old:]
	recent := len(t.items)
	for recent > 0 && x.at.Sub(t.items[recent-1].at) < plainWindow {
		recent--
	}
	lately := t.items[recent:]
	mean := float64(recent) / float64(plainPast/plainWindow)
	if x.at.Before(t.quiet) || len(lately) < plainItems || float64(len(lately)) < plainTimes*mean || pages(lately) < plainItems {
		return nil
	}
	t.quiet = x.at.Add(plainQuiet)
	ids := make([]string, len(lately))
	for i, y := range lately {
		ids[i] = y.id
	}
	return ids
}

func pages(items []item) int {
	urls := map[string]bool{}
	for _, x := range items {
		urls[x.url] = true
	}
	return len(urls)
}

// lead is the beginning of a text, cut between two characters.
func lead(s string) string {
	if len(s) <= plainLead {
		return s
	}
	n := plainLead
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
