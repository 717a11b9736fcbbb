package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Explanation tells why an alert is: the clauses and their numbers, the
// origins and why each is one, the evidence down to the words, what was not
// counted again, and what is missing.
type Explanation struct {
	Alert events.Alert `json:"alert"`
	// Versions are its versions in brief, the oldest first.
	Versions []Version `json:"versions"`
	Query    string    `json:"query"`
	Clauses  []Clause  `json:"clauses"`
	Baseline Baseline  `json:"baseline"`
	// Origins are the independent origins, in the order of their coming.
	Origins []Origin `json:"origins"`
	// Articles is the evidence, each with the words that made it match.
	Articles []Grounds `json:"articles"`
	// Story is where the alert stands in its story, when its watch is by story.
	Story *Standing `json:"story,omitempty"`
	// Missing says what the next level still lacks.
	Missing string `json:"missing,omitempty"`
	// Near are situations of the same watch or story that nearly were an alert.
	Near []NearMiss `json:"near_misses,omitempty"`
	// Care is what people have said of the alert, where they have.
	Care *subscription.Care `json:"care,omitempty"`
}

// Version is one version of an alert in brief.
type Version struct {
	Version int       `json:"version"`
	State   string    `json:"state"`
	Level   string    `json:"level"`
	At      time.Time `json:"at"`
	Origins int       `json:"origins"`
	// Changed says what it changed.
	Changed string `json:"changed,omitempty"`
}

// Baseline is what an expectation rests on.
type Baseline struct {
	Observed int     `json:"observed"`
	Expected float64 `json:"expected"`
	PValue   float64 `json:"p_value"`
	// Days is how many days of history it covers; Cold, that these are too few
	// to judge by.
	Days int  `json:"days"`
	Cold bool `json:"cold"`
}

// String says it in a sentence: "13 articles where 1.2 were expected from 28
// days of history (p = 1e-05)".
func (b Baseline) String() string {
	if b.Cold {
		return fmt.Sprintf("%s in the window; how many to expect is not known yet: the baseline is cold, it covers %s", count(b.Observed, "article"), count(b.Days, "day"))
	}
	return fmt.Sprintf("%s in the window where %s expected from %s of history (p = %.2g)", count(b.Observed, "article"), were(b.Expected), count(b.Days, "day"), b.PValue)
}

func were(x float64) string {
	if x == 1 {
		return "1 was"
	}
	return fmt.Sprintf("%.3g were", x)
}

// Clause is one condition of a watch with what was asked and seen.
type Clause struct {
	Name  string `json:"name"`
	Asked string `json:"asked"`
	Seen  string `json:"seen"`
	Met   bool   `json:"met"`
}

// Standing is what an explanation tells of the alert's story.
type Standing struct {
	ID    string   `json:"id"`
	Phase string   `json:"phase"`
	Langs []Tongue `json:"langs"`
	// Lead says whose press was first: "French press 3 h 10 min before English".
	Lead string `json:"lead,omitempty"`
}

// NearMiss is a situation that nearly opened an alert.
type NearMiss struct {
	Watch    string    `json:"watch"`
	Story    string    `json:"story,omitempty"`
	Headline string    `json:"headline"`
	At       time.Time `json:"at"`
	Origins  int       `json:"origins"`
	Articles int       `json:"articles"`
	// Lacks says what was missing: "two origins of three within 6h".
	Lacks string `json:"lacks"`
}

// Origin is an independent origin among the evidence, and why it is one.
type Origin struct {
	Key      string `json:"origin"`
	Articles int    `json:"articles"`
	// Trusted reports that a trusted publisher carries it.
	Trusted bool `json:"trusted"`
	// First is the article that brought it; Sources are all that carry it.
	First   string   `json:"first"`
	Sources []string `json:"sources"`
	// Why says what makes it one: the agency's byline, the family, own reporting.
	Why string `json:"why"`
}

// Originate sorts the articles of an explanation by origin: it gives the
// origins in the order of their coming, and tells each article that brought
// none which one was there before it.
func Originate(articles []Grounds) []Origin {
	var out []Origin
	first := map[string]int{}
	for i := range articles {
		g := &articles[i]
		at, known := first[g.Origin]
		if !known {
			at = len(out)
			first[g.Origin] = at
			out = append(out, Origin{Key: g.Origin, First: g.ID, Why: g.OriginWhy()})
		}
		g.Counts = !known
		o := &out[at]
		if known {
			g.repeats(articles, o.First)
		}
		o.Articles++
		o.Trusted = o.Trusted || g.Trusted
		if !slices.Contains(o.Sources, g.Source) {
			o.Sources = append(o.Sources, g.Source)
		}
	}
	return out
}

// Unmet are the clauses that do not hold.
func (e Explanation) Unmet() []Clause {
	return slices.DeleteFunc(slices.Clone(e.Clauses), func(c Clause) bool { return c.Met })
}

// Repeats is how many articles brought no origin.
func (e Explanation) Repeats() (n int) {
	for _, g := range e.Articles {
		if !g.Counts {
			n++
		}
	}
	return n
}

// words says how it is known.
func (a Agency) words() string {
	if a.Words == "" {
		return "its feed or byline says so"
	}
	return "its text says “" + strings.TrimSpace(a.Words) + "”"
}
