package detect

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

const paradesTogether = `
watches:
  - name: parades
    query: parade
    by: query
    when: {origins: 2, within: 6h}
    level: info
    resolve_after: 12h
`

// TestASituationIsToldInInstalments: a watch by query lists in each version
// what came since the one before, at most once an hour.
func TestASituationIsToldInInstalments(t *testing.T) {
	d := detector(t, Config{Watches: load(t, paradesTogether)})
	r := rand.New(rand.NewPCG(21, 21))
	seen := map[string]int{}
	var last time.Time
	versions := 0
	for i := range 40 {
		h := invent(r)
		h.topic = ""
		at := day0.Add(time.Duration(i) * 10 * time.Minute)
		for _, a := range d.Apply(h.told(r, newsrooms[i%len(newsrooms)], i, at), uint64(i+1)) {
			versions++
			for _, x := range a.Articles {
				if seen[x.ID]++; seen[x.ID] > 1 {
					t.Errorf("version %d tells %q again", a.Version, x.Title)
				}
			}
			if a.State == events.Updated && (at.Sub(last) < time.Hour || len(a.Articles) < instalmentArticles) {
				t.Errorf("version %d after %s, with %d articles", a.Version, at.Sub(last), len(a.Articles))
			}
			if a.Headline == "" || len(a.Entities) == 0 {
				t.Errorf("version %d says nothing: %+v", a.Version, a)
			}
			last = at
		}
	}
	if versions < 5 || versions > 7 {
		t.Errorf("%d versions in seven hours", versions)
	}
	if d.Alerts()[0].Level != events.Info {
		t.Errorf("level %s", d.Alerts()[0].Level)
	}
}

// TestWhatIsHeldBackIsTold: an update that came too early is told when it is
// time, with an article of something else.
func TestWhatIsHeldBackIsTold(t *testing.T) {
	d := detector(t, Config{Watches: load(t, missileOnly)})
	r := rand.New(rand.NewPCG(22, 22))
	h := raid(r)
	at := func(minute int) time.Time { return day0.Add(time.Duration(minute) * time.Minute) }
	other := func(n, minute int) events.Enriched {
		return article("bbc.com", "Orchestra plays new symphony", "The audience applauded the conductor for minutes.", n, at(minute), happening{place: "Salzburg"})
	}
	fold(d, []events.Enriched{h.told(r, "lemonde.fr", 1, at(0)), h.told(r, "bbc.com", 2, at(1)), h.told(r, "spiegel.de", 3, at(2))}, 1)
	if out := d.Apply(h.told(r, "lemonde.fr", 4, at(4)), 4); len(out) != 0 {
		t.Fatalf("told at once: %s", states(out))
	}
	if out := d.Apply(other(5, 10), 5); len(out) != 0 {
		t.Fatalf("told too early: %s", states(out))
	}
	out := d.Apply(other(6, 18), 6)
	if len(out) != 1 || out[0].State != events.Updated || !strings.HasPrefix(out[0].Changed, "1 more article") {
		t.Fatalf("held back: %s %+v", states(out), out)
	}
	if out := d.Apply(other(7, 60), 7); len(out) != 0 {
		t.Errorf("told twice: %s", states(out))
	}
}
