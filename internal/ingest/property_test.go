package ingest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Whatever is offered, in whatever rounds, wherever the process dies: each id
// is in the log once and has one revision for ever, the revisions of an address
// have no gaps, and what was accepted is in the log.
func TestAnyOffersAnyDeaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, l, seen := newDoor()
		revision := map[string]int{}
		l.after = func(a events.Article) error {
			if r, said := revision[a.ID]; said && r != a.Revision {
				t.Fatalf("%s was revision %d, and is %d now", a.ID, r, a.Revision)
			}
			revision[a.ID] = a.Revision
			return nil
		}
		anOffer := rapid.Custom(func(t *rapid.T) Offer {
			o := offer(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "path"),
				rapid.SampledFrom([]string{"Talks", "More talks", "No talks"}).Draw(t, "title"),
				long+rapid.SampledFrom([]string{"", "One.", "Two."}).Draw(t, "text"))
			o.By = rapid.SampledFrom([]string{"example-world", "example-front"}).Draw(t, "by")
			o.Mark = rapid.Uint64Range(0, 2).Draw(t, "mark")
			return o
		})
		accepted := map[string]bool{}
		for n := range rapid.IntRange(1, 12).Draw(t, "rounds") {
			offers := rapid.SliceOfN(anOffer, 1, 5).Draw(t, fmt.Sprint("round ", n))
			var mu sync.Mutex
			left := rapid.IntRange(0, 25).Draw(t, "steps to live") // 25 are more than a round has
			seen.fail = func(_, _ string) error {
				mu.Lock()
				defer mu.Unlock()
				left--
				return errIf(left < 0)
			}
			l.fail = func(events.Article) error { return seen.fail("", "") }
			results, err := d.AcceptAll(context.Background(), offers)
			seen.fail, l.fail = nil, nil
			if err != nil {
				d = d.reopened()
				if results, err = d.AcceptAll(context.Background(), offers); err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range results {
				if r.Outcome == Accepted {
					accepted[r.Article.ID] = true
				}
				if r.Outcome != Accepted && r.Outcome != Duplicate {
					t.Fatalf("%+v", r)
				}
			}
		}
		highest, count := map[string]int{}, map[string]int{}
		for _, a := range l.all() {
			delete(accepted, a.ID)
			highest[a.URL] = max(highest[a.URL], a.Revision)
			count[a.URL]++
		}
		if len(accepted) > 0 {
			t.Fatalf("accepted, and not in the log: %v", accepted)
		}
		for url, n := range count {
			if highest[url] != n-1 {
				t.Fatalf("%s has %d versions, and revision %d", url, n, highest[url])
			}
		}
	})
}
