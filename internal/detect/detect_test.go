package detect

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func load(t testing.TB, text string) []watch.Watch {
	t.Helper()
	ws, err := watch.Load(strings.NewReader(text), "test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

const missileOnly = `
watches:
  - name: missile
    query: topic:weapons.missile
    when: {origins: 3, within: 2h}
    level: elevated
    escalate: [{origins: 5, level: high}]
    resolve_after: 6h
`

// raid is a happening told in different words by each newsroom.
func raid(r *rand.Rand) happening {
	h := invent(r)
	h.topic = "weapons.missile"
	return h
}

func states(as []events.Alert) string {
	var s []string
	for _, a := range as {
		s = append(s, fmt.Sprintf("%s:%s:%d", a.State, a.Level, a.Origins))
	}
	return strings.Join(s, " ")
}

func TestLifeOfAnAlert(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	h := raid(r)
	wire := h.told(r, "afp.com", 900, day0)
	reprint := func(source string, n, minute int) events.Enriched {
		e := wire
		e.Article.Source, e.Article.URL = source, fmt.Sprintf("https://%s/%d", source, n)
		e.Article.FetchedAt = day0.Add(time.Duration(minute) * time.Minute)
		e.Article.Title = "Afp: " + e.Article.Title
		e.Article.ID = events.ArticleID(source, e.Article.URL, e.Article.Title, e.Article.Text)
		return e
	}
	own := func(source string, n, minute int) events.Enriched {
		return h.told(r, source, n, day0.Add(time.Duration(minute)*time.Minute))
	}
	tick := func(n int, hour float64) events.Enriched {
		return article("bbc.com", "Orchestra plays new symphony", "The audience applauded the conductor for minutes.", n,
			day0.Add(time.Duration(hour*float64(time.Hour))), happening{place: "Salzburg"})
	}
	for _, c := range []struct {
		name string
		es   []events.Enriched
		want string
	}{
		{"one article raises nothing", []events.Enriched{own("lemonde.fr", 1, 0)}, ""},
		{"three newsrooms open", []events.Enriched{own("lemonde.fr", 1, 0), own("bbc.com", 2, 5), own("spiegel.de", 3, 9)}, "opened:elevated:3"},
		{"one owner's sites count once", []events.Enriched{own("bbc.com", 1, 0), own("bbc.co.uk", 2, 5), own("spiegel.de", 3, 9)}, ""},
		{"sixty reprints are one origin", append([]events.Enriched{own("lemonde.fr", 0, 0)}, func() (es []events.Enriched) {
			for i := range 60 {
				es = append(es, reprint(fmt.Sprintf("site%d.example", i), 100+i, 1+i/2))
			}
			return es
		}()...), ""},
		{"what comes too slowly does not open", []events.Enriched{own("lemonde.fr", 1, 0), own("bbc.com", 2, 100), own("spiegel.de", 3, 200)}, ""},
		{"more newsrooms escalate, at once", []events.Enriched{
			own("lemonde.fr", 1, 0), own("bbc.com", 2, 5), own("spiegel.de", 3, 9), own("elpais.com", 4, 11), own("dn.se", 5, 12),
		}, "opened:elevated:3 escalated:high:5"},
		{"silence resolves", []events.Enriched{
			own("lemonde.fr", 1, 0), own("bbc.com", 2, 5), own("spiegel.de", 3, 9), tick(50, 3), tick(51, 7),
		}, "opened:elevated:3 resolved:elevated:3"},
		{"a resolved alert comes back under its id", []events.Enriched{
			own("lemonde.fr", 1, 0), own("bbc.com", 2, 5), own("spiegel.de", 3, 9), tick(50, 7),
			own("lemonde.fr", 11, 600), own("bbc.com", 12, 605), own("spiegel.de", 13, 609),
		}, "opened:elevated:3 resolved:elevated:3 opened:elevated:3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := detector(t, Config{Watches: load(t, missileOnly)})
			out := fold(d, c.es, 1)
			if got := states(out); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			for _, a := range out {
				if a.ID != out[0].ID {
					t.Errorf("the alert changed its id")
				}
			}
		})
	}
}

func TestForgedWorlds(t *testing.T) {
	t.Parallel()
	worlds := 1000
	if testing.Short() {
		worlds = 50
	}
	high, opened := 0, 0
	files := []string{
		missileOnly,
		strings.Replace(missileOnly, "level: elevated\n    escalate: [{origins: 5, level: high}]", "level: high", 1),
		strings.Replace(missileOnly, "level: elevated\n    escalate: [{origins: 5, level: high}]", "level: critical", 1),
	}
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 40))
		d := detector(t, Config{Watches: load(t, one(r, files))})
		n := 10 + r.IntN(40)
		if r.IntN(40) == 0 {
			n = 1000
		}
		h := raid(r)
		for i := range n {
			source := fmt.Sprintf("new%d.example", i)
			if r.IntN(20) == 0 {
				source = one(r, []string{"rt.com", "sputnikglobe.com", "tass.ru"}) // known, and trusted with nothing alone
			}
			e := h.told(r, source, i, day0.Add(time.Duration(i)*20*time.Second))
			if r.IntN(5) == 0 { // they claim to be an agency's
				e.Origin = &events.Origin{Key: one(r, []string{"afp", "reuters", "ap"})}
			}
			for _, a := range d.Apply(e, uint64(i+1)) {
				opened++
				if events.LevelRank(a.Level) >= events.LevelRank(events.High) {
					high++
				}
				if !strings.Contains(a.Missing, "a trusted independent origin") {
					t.Fatalf("world %d: missing says %q", seed, a.Missing)
				}
			}
		}
	}
	t.Logf("%d forged worlds: %d alert versions, %d of them high or critical", worlds, opened, high)
	if high > 0 || opened == 0 {
		t.Errorf("%d versions reached high without a trusted origin", high)
	}
}

func TestATrustedOriginMakesItHigh(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	h := raid(r)
	d := detector(t, Config{Watches: load(t, missileOnly)})
	var out []events.Alert
	for i := range 8 {
		out = append(out, d.Apply(h.told(r, fmt.Sprintf("new%d.example", i), i, day0.Add(time.Duration(i)*time.Minute)), uint64(i+1))...)
	}
	out = append(out, d.Apply(h.told(r, "bbc.com", 99, day0.Add(10*time.Minute)), 100)...)
	last := out[len(out)-1]
	if last.State != events.Escalated || last.Level != events.High {
		t.Errorf("after a trusted newsroom: %s", states(out))
	}
}

func TestAWrongClockCannotMoveTime(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	d := detector(t, Config{Watches: load(t, missileOnly)})
	h := raid(r)
	apply := func(n int, source string, at time.Time, fetched bool) []events.Alert {
		e := h.told(r, source, n, at)
		e.Article.PublishedAt = at
		if !fetched {
			e.Article.FetchedAt = time.Time{}
		}
		return d.Apply(e, uint64(n))
	}
	apply(1, "lemonde.fr", day0, false)
	apply(2, "broken.example", day0.Add(24*time.Hour), false)
	apply(3, "broken.example", day0.Add(24*time.Hour+time.Minute), false)
	if got := d.Now(); got.Sub(day0) > time.Hour {
		t.Fatalf("one source moved the stream's time to %s", got)
	}
	apply(4, "bbc.com", day0.Add(10*time.Minute), false)
	apply(5, "spiegel.de", day0.Add(20*time.Minute), false)
	if d.Now().After(day0.Add(30 * time.Minute)) {
		t.Errorf("time is %s", d.Now())
	}
	// A second source confirms that a day went by.
	apply(6, "dn.se", day0.Add(25*time.Hour), false)
	apply(7, "yle.fi", day0.Add(25*time.Hour+time.Minute), false)
	if d.Now().Before(day0.Add(24 * time.Hour)) {
		t.Errorf("two sources agree, and the time is still %s", d.Now())
	}
}

func TestAStoryQuietsTheKeywordAlertInsideIt(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	d := detector(t, Config{})
	h := raid(r)
	var out []events.Alert
	for i, s := range []string{"lemonde.fr", "bbc.com", "spiegel.de", "elpais.com"} {
		out = append(out, d.Apply(h.told(r, s, i, day0.Add(time.Duration(i)*time.Minute)), uint64(i+1))...)
	}
	for _, a := range out {
		if a.Watch == "keyword" {
			t.Errorf("the keyword alert opened beside the story's: %s", a.Reason)
		}
	}
}

func TestNearMissesAndExplain(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	d := detector(t, Config{Watches: load(t, missileOnly)})
	h := raid(r)
	d.Apply(h.told(r, "lemonde.fr", 1, day0), 1)
	d.Apply(h.told(r, "bbc.com", 2, day0.Add(time.Minute)), 2)
	if m := d.NearMisses(); len(m) != 1 || m[0].Lacks != "two origins of three within 2h" {
		t.Fatalf("near misses: %+v", m)
	}
	out := d.Apply(h.told(r, "spiegel.de", 3, day0.Add(2*time.Minute)), 3)
	if len(out) != 1 {
		t.Fatalf("%d versions", len(out))
	}
	if m := d.NearMisses(); len(m) != 0 {
		t.Errorf("still a near miss: %+v", m)
	}
	x, ok := d.Explain(out[0].ID)
	if !ok || len(x.Clauses) != 1 || !x.Clauses[0].Met || len(x.Origins) != 3 || x.Story == nil || x.Missing == "" || len(x.Versions) != 1 {
		t.Errorf("explanation: %+v", x)
	}
	if _, ok := d.Explain("nothing"); ok {
		t.Error("an unknown alert is explained")
	}
	if id, ok := d.StoryOf(out[0].Articles[0].ID); !ok || id != out[0].Story {
		t.Errorf("article is in %q, alert tells of %q", id, out[0].Story)
	}
}

func TestReload(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	d := detector(t, Config{Watches: load(t, missileOnly)})
	h := raid(r)
	out := fold(d, []events.Enriched{
		h.told(r, "lemonde.fr", 1, day0), h.told(r, "bbc.com", 2, day0.Add(time.Minute)), h.told(r, "spiegel.de", 3, day0.Add(2*time.Minute)),
	}, 1)
	changed := load(t, strings.Replace(missileOnly, "origins: 5", "origins: 4", 1))
	if err := d.SetWatches(changed); err != nil {
		t.Fatal(err)
	}
	more := d.Apply(h.told(r, "dn.se", 4, day0.Add(3*time.Minute)), 4)
	if len(more) != 1 || more[0].ID != out[0].ID || more[0].State != events.Escalated {
		t.Errorf("the living alert did not go on under the changed watch: %s", states(more))
	}
	if err := d.SetWatches(append(changed, changed...)); err == nil {
		t.Error("two watches of one name are taken")
	}
}

func TestRestoreRefusesWhatIsNoSnapshot(t *testing.T) {
	d := detector(t, Config{})
	fold(d, stream(rand.New(rand.NewPCG(8, 8)), 60), 1)
	var b bytes.Buffer
	if err := d.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 4
	for name, bad := range map[string][]byte{
		"empty": nil, "cut": whole[:len(whole)-9], "a bit flipped": flipped, "another file": []byte(strings.Repeat("no snapshot ", 20)),
	} {
		again := detector(t, Config{})
		if err := again.Restore(bytes.NewReader(bad)); !errors.Is(err, ErrSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
		if again.Position() != 0 {
			t.Errorf("%s: a failed restore changed the state", name)
		}
	}
}

func TestStoryOfFiftyThousand(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute: run without -short")
	}
	r := rand.New(rand.NewPCG(9, 9))
	d := detector(t, Config{Watches: load(t, missileOnly)})
	h := raid(r)
	began := time.Now()
	n := 50_000
	versions := 0
	for i := range n {
		out := d.Apply(h.told(r, fmt.Sprintf("s%d.example", i%900), i, day0.Add(time.Duration(i)*time.Second)), uint64(i+1))
		versions += len(out)
		for _, a := range out {
			if len(a.Articles) > firstEvidence+latestEvidence {
				t.Fatalf("%d articles in a version", len(a.Articles))
			}
		}
	}
	t.Logf("%d articles of one story: %d versions, %.0f articles/s", n, versions, float64(n)/time.Since(began).Seconds())
	if versions > 400 {
		t.Errorf("%d versions", versions)
	}
}
