package detect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var day0 = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

const watchFile = `
watches:
  - name: missile
    query: topic:weapons.missile
    when: {origins: 2, within: 6h}
    level: elevated
    escalate: [{origins: 4, level: high}, {origins: 8, level: critical}]
    resolve_after: 12h
  - name: keyword
    query: missile OR parade
    by: query
    when: {origins: 2, within: 3h}
    level: info
    resolve_after: 6h
  - name: surprising
    query: topic:weapons.missile OR topic:cyber.attack
    when: {origins: 1, articles: 2, within: 12h, surprise: 0.05}
    level: high
    resolve_after: 1d
`

func watches(t testing.TB) []watch.Watch {
	t.Helper()
	ws, err := watch.Load(strings.NewReader(watchFile), "test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func detector(t testing.TB, cfg Config) *Detector {
	t.Helper()
	if cfg.Watches == nil {
		cfg.Watches = watches(t)
	}
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var (
	newsrooms = []string{"lemonde.fr", "bbc.com", "spiegel.de", "elpais.com", "nytimes.com", "dn.se", "yle.fi", "rp.pl", "publico.pt", "rt.com"}
	places    = []string{"Ostrava", "Lyon", "Tromsø", "Kaunas", "Odesa", "Porto", "Graz", "Cardiff", "Bilbao", "Gdynia", "Varna", "Liège"}
	subjects  = []string{"factory", "harbour", "convoy", "airfield", "bridge", "refinery", "depot", "railway", "tunnel", "barracks"}
	doings    = []string{"hit", "shelled", "evacuated", "inspected", "rebuilt", "guarded", "abandoned", "visited", "closed", "searched"}
	fillers   = strings.Fields("officials residents morning evening reported witnesses statement smoke sirens shelter ambulance crews spokesman region border winter cloud street windows school traffic council minister inquiry damage weather army convoy repair supply water power station")
)

// happening is something that several sources tell of.
type happening struct {
	place, subject, doing string
	topic                 string
	words                 []string
}

func invent(r *rand.Rand) happening {
	h := happening{place: one(r, places), subject: one(r, subjects), doing: one(r, doings)}
	if r.IntN(2) == 0 {
		h.topic = "weapons.missile"
	}
	for range 12 {
		h.words = append(h.words, one(r, fillers))
	}
	return h
}

func one[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// told is one source's article on the happening.
func (h happening) told(r *rand.Rand, source string, n int, at time.Time) events.Enriched {
	kind := "missile"
	if h.topic == "" {
		kind = "parade"
	}
	title := fmt.Sprintf("%s in %s %s by %s", h.subject, h.place, h.doing, kind)
	if r.IntN(2) == 0 {
		title = fmt.Sprintf("%s: %s strikes %s, which was %s", h.place, kind, h.subject, h.doing)
	}
	var b strings.Builder
	for range 30 + r.IntN(40) {
		if r.IntN(3) == 0 {
			b.WriteString(one(r, h.words))
		} else {
			b.WriteString(one(r, fillers))
		}
		b.WriteByte(' ')
	}
	return article(source, title, b.String(), n, at, h)
}

func article(source, title, text string, n int, at time.Time, h happening) events.Enriched {
	url := fmt.Sprintf("https://%s/%d", source, n)
	e := events.Enriched{
		Article: events.Article{
			ID: events.ArticleID(source, url, title, text), Source: source, URL: url, Title: title, Text: text, FetchedAt: at, PublishedAt: at.Add(-10 * time.Minute),
		},
		Lang:     "en",
		Entities: []events.Entity{{ID: "place." + h.place, Name: h.place, Kind: events.Location, Mentions: []events.Mention{{Field: "title", Start: 0, End: 4}}}},
	}
	if h.topic != "" {
		e.Topics = []events.Tag{{Topic: h.topic, Score: 0.9}}
	}
	return e
}

// stream is some days of news: happenings that several sources tell of, in the
// order of fetching.
func stream(r *rand.Rand, articles int) []events.Enriched {
	var out []events.Enriched
	at := day0
	var live []happening
	for n := range articles {
		at = at.Add(time.Duration(r.IntN(40)) * time.Minute)
		if len(live) == 0 || r.IntN(4) == 0 {
			live = append(live, invent(r))
		}
		if len(live) > 5 {
			live = live[1:]
		}
		if r.IntN(60) == 0 {
			at = at.Add(time.Duration(r.IntN(30)) * time.Hour)
		}
		e := one(r, live).told(r, one(r, newsrooms), n, at)
		switch r.IntN(12) {
		case 0: // undated
			e.Article.PublishedAt = time.Time{}
		case 1: // from the future
			e.Article.PublishedAt = at.Add(400 * 24 * time.Hour)
		case 2: // an old piece
			e.Article.PublishedAt = at.Add(-time.Duration(r.IntN(200)) * time.Hour)
		case 3: // came late from another worker
			e.Article.FetchedAt = at.Add(-time.Duration(r.IntN(300)) * time.Minute)
		}
		out = append(out, e)
	}
	return out
}

// fold applies a stream from sequence first on and returns all versions.
func fold(d *Detector, es []events.Enriched, first uint64) []events.Alert {
	var out []events.Alert
	for i, e := range es {
		out = append(out, d.Apply(e, first+uint64(i))...)
	}
	return out
}
