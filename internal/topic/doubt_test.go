package topic_test

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestWhatSpeaksAgainstATopic(t *testing.T) {
	taxonomy, err := topic.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		title, text      string
		topic, because   string
		evidence, forit  string
		tagged, noDoubts bool
	}{
		"a drill is no attack": {
			title: "Emergency drill: city rehearses a terrorist attack", text: "In the annual exercise, police simulated a suicide bombing at the station. The drill ends on Friday; nobody was hurt in the mock attack.",
			topic: "terrorism.attack", because: "context.drill", evidence: "drill", forit: "terrorist attack",
		},
		"a film is no strike": {
			title: "Film review: a war thriller", text: "The film, in cinemas now, stars two actors as pilots. The director shows an air strike and a missile strike.",
			topic: "conflict.airstrike", because: "context.fiction", evidence: "film", forit: "missile strike",
		},
		"nothing speaks against an attack": {title: "Suicide bombing kills ten at the station", text: "The terrorist attack hit at noon.", noDoubts: true},
		"nothing at all":                   {noDoubts: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := events.Article{Title: c.title, Text: c.text}
			doubts := taxonomy.Doubts(token.Of(a.Title, a.Text), "en", nil)
			if c.noDoubts {
				if len(doubts) > 0 {
					t.Errorf("%+v", doubts)
				}
				return
			}
			for _, d := range doubts {
				if d.Topic != c.topic {
					continue
				}
				if d.Tagged != c.tagged || d.Left >= d.Alone || len(d.Contexts) == 0 {
					t.Fatalf("%+v", d)
				}
				for _, x := range d.Contexts {
					if x.Topic == c.because && has(a, x.Evidence, c.evidence) && has(a, d.For, c.forit) {
						return
					}
				}
				t.Fatalf("%+v", d)
			}
			t.Errorf("no doubt about %s: %+v", c.topic, doubts)
		})
	}
}

func has(a events.Article, ms []events.Mention, word string) bool {
	for _, m := range ms {
		if m.Of(a) == word {
			return true
		}
	}
	return false
}
