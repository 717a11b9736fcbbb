package detect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

const surprised = `
watches:
  - name: surprised
    query: topic:weapons.missile
    when: {origins: 2, within: 6h, surprise: 0.01}
`

// TestABaselineCoversWhatItCounted: the days before a watch was there are no
// history of it, and an alert on a cold baseline says so.
func TestABaselineCoversWhatItCounted(t *testing.T) {
	for _, c := range []struct {
		name        string
		added, told int // days
		want        string
	}{
		{"a watch as old as the stream", 0, 10, "expected from 10 days of history"},
		{"a watch added today", 10, 10, "cold baseline: it covers none of the 3 days that a judgement needs, so three articles stand in for surprise"},
		{"a watch added on the third day before", 8, 10, "cold baseline: it covers two of the 3 days"},
		{"a watch added a week ago", 3, 10, "expected from 7 days of history"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(31, 31))
			d := detector(t, Config{Watches: load(t, missileOnly)})
			seq := uint64(0)
			apply := func(e events.Enriched) []events.Alert { seq++; return d.Apply(e, seq) }
			day := func(n int) time.Time { return day0.Add(time.Duration(n) * 24 * time.Hour) }
			for n := range c.told {
				if n == c.added {
					if err := d.SetWatches(load(t, surprised)); err != nil {
						t.Fatal(err)
					}
				}
				apply(article("bbc.com", fmt.Sprintf("Orchestra plays symphony %d", n), "The audience applauded.", n, day(n), happening{place: "Salzburg"}))
			}
			if c.added == c.told {
				apply(article("bbc.com", "Orchestra rests", "The audience waited.", 900, day(c.told), happening{place: "Salzburg"}))
				if err := d.SetWatches(load(t, surprised)); err != nil {
					t.Fatal(err)
				}
			}
			h := raid(r)
			var out []events.Alert
			for i, source := range []string{"lemonde.fr", "bbc.com", "spiegel.de"} {
				out = append(out, apply(h.told(r, source, 1000+i, day(c.told).Add(time.Duration(i)*time.Minute)))...)
			}
			if len(out) == 0 || !strings.Contains(out[0].Reason, c.want) {
				t.Errorf("%s: %+v", states(out), out)
			}
		})
	}
}
