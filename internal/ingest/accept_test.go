package ingest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// offer is an article of example.org by its own feed.
func offer(path, title, text string) Offer {
	return Offer{
		Article: events.Article{Source: "example.org", URL: "https://example.org/" + path, Title: title, Text: text},
		By:      "example.org", Home: "example.org",
	}
}

func by(o Offer, id, home string) Offer {
	o.By, o.Home, o.Article.Source = id, home, id
	return o
}

func accept(t *testing.T, d *Door, o Offer) Result {
	t.Helper()
	r, err := d.Accept(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var long = strings.Repeat("Ministers of the alliance met in Oslo on Friday to talk about the air defence of the north. ", 4)

func TestWhatIsNewAndWhatIsKnown(t *testing.T) {
	type step struct {
		offer    Offer
		want     Outcome
		revision int
	}
	a := offer("a", "Talks open in Oslo", long)
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"said twice is said once", []step{{a, Accepted, 0}, {a, Duplicate, 0}}},
		{"white space and tracking do not make it new", []step{
			{a, Accepted, 0},
			{offer("a?utm_source=rss#top", "Talks  open in\nOslo", long), Duplicate, 0},
		}},
		{"a changed text is the next revision", []step{
			{a, Accepted, 0},
			{offer("a", "Talks open in Oslo", long+"They stay until Sunday."), Accepted, 1},
			{offer("a", "Talks fail in Oslo", long+"They left."), Accepted, 2},
		}},
		{"an old version that comes back is no revision", []step{
			{a, Accepted, 0},
			{offer("a", "Talks fail in Oslo", long), Accepted, 1},
			{a, Duplicate, 0},
			{offer("a", "Talks resume in Oslo", long), Accepted, 2},
		}},
		{"two feeds of one publisher, the same article", []step{
			{by(a, "example-world", "example.org"), Accepted, 0},
			{by(a, "example-front", "example.org"), Duplicate, 0},
		}},
		{"two feeds of one publisher, another summary", []step{
			{by(a, "example-world", "example.org"), Accepted, 0},
			{by(offer("a", "Talks open in Oslo", "Ministers met."), "example-front", "example.org"), Duplicate, 0},
		}},
		{"two feeds that both only tell of the address", []step{
			{by(a, "aggregator.test", "aggregator.test"), Accepted, 0},
			{by(a, "planet.test", "planet.test"), Duplicate, 0},
		}},
		{"a stranger cannot hide the owner's version", []step{
			{by(offer("a", "Talks open in Oslo", "Nothing to see here."), "evil.test", "evil.test"), Accepted, 0},
			{a, Accepted, 0},
		}},
		{"a stranger cannot revise the owner's version", []step{
			{a, Accepted, 0},
			{by(offer("a", "Talks fail", "All is lost."), "evil.test", "evil.test"), Accepted, 0},
			{offer("a", "Talks succeed in Oslo", long), Accepted, 1},
		}},
		{"the same words at another address of the same source", []step{
			{a, Accepted, 0},
			{offer("world/a", "Talks open in Oslo", long), Duplicate, 0},
			{offer("world/a", "Talks open in Oslo", long), Duplicate, 0},
		}},
		{"few words recur and are not the same article", []step{
			{offer("quake/1", "Earthquake felt", "Magnitude 4."), Accepted, 0},
			{offer("quake/2", "Earthquake felt", "Magnitude 4."), Accepted, 0},
		}},
		{"a reprint by another outlet is an article of its own", []step{
			{a, Accepted, 0},
			{by(Offer{Article: events.Article{URL: "https://other.test/x", Title: "Talks open in Oslo", Text: long}}, "other.test", "other.test"), Accepted, 0},
		}},
		{"what has neither address nor guid has no revisions", []step{
			{Offer{Article: events.Article{Source: "example.org", Title: "Flash", Text: "one"}, By: "push/x"}, Accepted, 0},
			{Offer{Article: events.Article{Source: "example.org", Title: "Flash", Text: "two"}, By: "push/x"}, Accepted, 0},
			{Offer{Article: events.Article{Source: "example.org", Title: "Flash", Text: "one"}, By: "push/x"}, Duplicate, 0},
		}},
		{"an id of the teller's own is kept, and is that of one text", []step{
			{Offer{Article: events.Article{ID: "en-1", Source: "example.org", Title: "Flash", Text: "one"}, By: "push/x"}, Accepted, 0},
			{Offer{Article: events.Article{ID: "en-1", Source: "example.org", Title: "Flash", Text: "one"}, By: "push/x"}, Duplicate, 0},
			{Offer{Article: events.Article{ID: "en-1", Source: "example.org", URL: "https://example.org/x", Title: "Another", Text: "two"}, By: "push/x"}, Rejected, 0},
			{Offer{Article: events.Article{ID: "en-2", Source: "example.org", URL: "https://example.org/x", Title: "Another", Text: "two"}, By: "push/x"}, Accepted, 0},
		}},
		{"a revision that the teller claims does not count", []step{
			{Offer{Article: events.Article{Source: "example.org", URL: "https://example.org/x", Title: "Flash", Text: "one", Revision: 1 << 30}, By: "push/x"}, Accepted, 0},
			{Offer{Article: events.Article{Source: "example.org", URL: "https://example.org/x", Title: "Flash", Text: "two", Revision: 7}, By: "push/x"}, Accepted, 1},
		}},
		{"an item without an address goes by its guid", []step{
			{Offer{Article: events.Article{Source: "example.org", Title: "Flash", Text: "one"}, GUID: "tag:1", By: "example.org"}, Accepted, 0},
			{Offer{Article: events.Article{Source: "example.org", Title: "Flash", Text: "two"}, GUID: "tag:1", By: "example.org"}, Accepted, 1},
			{Offer{Article: events.Article{Source: "example.org", Title: "Flash", Text: "two"}, GUID: "tag:2", By: "example.org"}, Accepted, 0},
		}},
	} {
		for _, how := range []string{"in one process", "with a restart in between"} {
			t.Run(c.name+" "+how, func(t *testing.T) {
				d, l, _ := newDoor()
				accepted := 0
				for n, s := range c.steps {
					r := accept(t, d, s.offer)
					if r.Outcome != s.want || r.Outcome == Accepted && r.Article.Revision != s.revision {
						t.Errorf("step %d: %v revision %d, want %v revision %d", n, r.Outcome, r.Article.Revision, s.want, s.revision)
					}
					if s.want == Accepted {
						accepted++
					}
					if how != "in one process" {
						d = d.reopened()
					}
				}
				if got := len(l.all()); got != accepted {
					t.Errorf("%d articles in the log, want %d", got, accepted)
				}
			})
		}
	}
}

// The process dies at each of its steps in turn: what is offered again has the
// same id and revision, and the log has it once.
func TestADeathAtAnyStepChangesNothing(t *testing.T) {
	offers := []Offer{offer("a", "Talks open in Oslo", long), offer("b", "More talks", long), offer("a", "Talks fail in Oslo", long)}
	for _, together := range []bool{false, true} {
		// say offers them all, in one round or one after the other.
		say := func(d *Door) (err error) {
			if together {
				_, err = d.AcceptAll(t.Context(), offers)
				return err
			}
			for _, o := range offers {
				if _, err = d.Accept(t.Context(), o); err != nil {
					return err
				}
			}
			return nil
		}
		d, l, _ := newDoor()
		if err := say(d); err != nil {
			t.Fatal(err)
		}
		want := l.all()

		for step, survived := 1, false; !survived; step++ {
			d, l, seen := newDoor()
			var mu sync.Mutex
			steps := 0
			next := func() error {
				mu.Lock()
				defer mu.Unlock()
				if steps++; steps >= step {
					return errCrash
				}
				return nil
			}
			l.fail, l.after = func(events.Article) error { return next() }, func(events.Article) error { return next() }
			seen.fail = func(_, _ string) error { return next() }
			survived = say(d) == nil

			l.fail, l.after, seen.fail = nil, nil, nil
			d = d.reopened()
			for range 2 {
				if err := say(d); err != nil {
					t.Fatal(err)
				}
			}
			got := l.all()
			if len(got) != len(want) {
				t.Fatalf("together %v, dead at step %d: %d articles, want %d", together, step, len(got), len(want))
			}
			for n := range want {
				if got[n].ID != want[n].ID || got[n].Revision != want[n].Revision {
					t.Errorf("together %v, dead at step %d: article %d: %s revision %d, want %s revision %d", together, step, n, got[n].ID, got[n].Revision, want[n].ID, want[n].Revision)
				}
			}
		}
	}
}

// A round that breaks off in the middle tells which of its offers are final.
func TestARoundThatBreaksOff(t *testing.T) {
	d, l, _ := newDoor()
	accept(t, d, offer("known", "Known", long))
	l.fail = func(a events.Article) error { return errIf(a.Title == "Second") }
	offers := []Offer{offer("1", "First", long), offer("known", "Known", long), offer("2", "Second", long), offer("3", "Third", long), {}, offer("1", "First", long)}
	results, err := d.AcceptAll(t.Context(), offers)
	if !errors.Is(err, errCrash) {
		t.Fatalf("error %v", err)
	}
	check := func(want ...Outcome) {
		t.Helper()
		for n, r := range results {
			if r.Outcome != want[n] {
				t.Errorf("offer %d: %v, want %v", n, r.Outcome, want[n])
			}
		}
	}
	check(Accepted, Duplicate, 0, 0, Rejected, 0)
	l.fail = nil
	if results, err = d.AcceptAll(t.Context(), offers); err != nil {
		t.Fatal(err)
	}
	check(Duplicate, Duplicate, Accepted, Accepted, Rejected, Duplicate)
	if got := strings.Join(l.titles(), " "); got != "Known First Second Third" {
		t.Errorf("titles %q", got)
	}
}

func errIf(now bool) error {
	if now {
		return errCrash
	}
	return nil
}

func TestWhatIsNoArticle(t *testing.T) {
	d, l, _ := newDoor()
	for _, c := range []struct {
		name    string
		article events.Article
		reason  string
	}{
		{"no words", events.Article{Source: "example.org", URL: "https://example.org/a"}, "title"},
		{"no source and no address to tell it", events.Article{Title: "x"}, "source"},
		{"an address that is none", events.Article{Source: "example.org", URL: "javascript:alert(1)", Title: "x"}, "url"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := accept(t, d, Offer{Article: c.article, By: "example.org"})
			if r.Outcome != Rejected || r.Reason != c.reason || r.Err == nil {
				t.Errorf("%+v", r)
			}
			if n := testutil.ToFloat64(d.Metrics.Rejected.WithLabelValues(c.reason)); n != 1 {
				t.Errorf("counted %v times", n)
			}
		})
	}
	if len(l.all()) != 0 {
		t.Error("something was published")
	}
}

func TestOddArticlesAreTamed(t *testing.T) {
	d, l, _ := newDoor()
	accept(t, d, Offer{Article: events.Article{
		Source: "Example.ORG", URL: "HTTPS://Example.org:443/a/../b?utm_medium=x#f", Title: "  a\x00\xff\u202eb " + strings.Repeat("x", 2000),
		Text: strings.Repeat("é", 1<<20), FetchedAt: noon.Add(99 * time.Hour), PublishedAt: time.Unix(0, 0),
	}, By: "push/x"})
	a := l.all()[0]
	if err := a.Validate(); err != nil {
		t.Error(err)
	}
	if !a.FetchedAt.Equal(noon) || a.Source != "example.org" || a.URL != "https://example.org/b" {
		t.Errorf("%s %s %s", a.FetchedAt, a.Source, a.URL)
	}
	if !a.PublishedAt.Equal(time.Unix(0, 0)) || !a.EventTime().Equal(noon.Add(-events.ClampPast)) {
		t.Errorf("published %s, event time %s", a.PublishedAt, a.EventTime())
	}
	if n := testutil.ToFloat64(d.Metrics.Dates.WithLabelValues("past")); n != 1 {
		t.Errorf("the odd date was counted %v times", n)
	}
}

func TestAReplayKeepsItsTime(t *testing.T) {
	d, l, _ := newDoor()
	o := offer("a", "Talks", long)
	o.Article.FetchedAt, o.Replay = noon.Add(-48*time.Hour), true
	accept(t, d, o)
	if at := l.all()[0].FetchedAt; !at.Equal(noon.Add(-48 * time.Hour)) {
		t.Errorf("fetched at %s", at)
	}
}

func TestAPageThatChangesWithEachLookIsCutOff(t *testing.T) {
	d, l, _ := newDoor()
	last := Result{}
	for n := range maxRevisions + 20 {
		last = accept(t, d, offer("live", "Live", fmt.Sprintf("It is %d o'clock.", n)))
	}
	if len(l.all()) != maxRevisions || last.Outcome != Filtered || last.Reason != "revisions" {
		t.Errorf("%d revisions, then %+v", len(l.all()), last)
	}
}

// What the log will never take is rejected, is not marked as seen, and does not
// hold up the rest.
func TestWhatTheLogRefusesForEver(t *testing.T) {
	d, l, seen := newDoor()
	l.fail = func(a events.Article) error {
		if a.Title == "Huge" {
			return verdict.Permanent(errors.New("larger than the broker takes"))
		}
		return nil
	}
	offers := []Offer{offer("1", "First", long), offer("2", "Huge", long), offer("3", "Third", long)}
	for n, want := range [][]Outcome{{Accepted, Rejected, Accepted}, {Duplicate, Rejected, Duplicate}} {
		results, err := d.AcceptAll(t.Context(), offers)
		if err != nil {
			t.Fatal(err)
		}
		for m, r := range results {
			if r.Outcome != want[m] {
				t.Errorf("time %d, offer %d: %v, want %v", n, m, r.Outcome, want[m])
			}
		}
	}
	if len(seen.values) != 4 {
		t.Errorf("%d records for two articles", len(seen.values))
	}
}

func TestAFullDiskAcceptsNothingAndSaysWhen(t *testing.T) {
	d, l, _ := newDoor()
	full := true
	d.Full = func() bool { return full }
	_, err := d.Accept(t.Context(), offer("a", "Talks", long))
	if wait, later := verdict.Delay(err); !errors.Is(err, ErrFull) || !later || wait != fullWait {
		t.Errorf("error %v", err)
	}
	full = false
	if r := accept(t, d, offer("a", "Talks", long)); r.Outcome != Accepted || len(l.all()) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsStillOfferedIsNotForgotten(t *testing.T) {
	d, _, seen := newDoor()
	accept(t, d, offer("a", "Talks", "Short."))
	writes := seen.writes
	d = d.reopened()
	accept(t, d, offer("a", "Talks", "Short."))
	if seen.writes != writes {
		t.Error("a young record was written again")
	}
	d = d.reopened()
	d.Now = func() time.Time { return noon.Add(11 * 24 * time.Hour) }
	if r := accept(t, d, offer("a", "Talks", "Short.")); r.Outcome != Duplicate || seen.writes != writes+1 {
		t.Errorf("%v, %d writes", r.Outcome, seen.writes-writes)
	}
}

func TestTwoDoorsOneArticle(t *testing.T) {
	d, l, _ := newDoor()
	other := d.reopened()
	done := make(chan Outcome)
	for _, door := range []*Door{d, other} {
		go func() {
			r, err := door.Accept(t.Context(), offer("a", "Talks", long))
			if err != nil {
				t.Error(err)
			}
			done <- r.Outcome
		}()
	}
	one, two := <-done, <-done
	if one == two || len(l.all()) != 1 {
		t.Errorf("%v and %v, %d in the log", one, two, len(l.all()))
	}
}
