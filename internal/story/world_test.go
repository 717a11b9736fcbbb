package story

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var day0 = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// press writes articles of happenings: a happening has words, names and
// numbers of its own beside those of all news.
type press struct {
	r *rand.Rand
	n int
}

type happening struct {
	id     int
	words  []string
	names  []string
	number string
}

// word is one of fifty thousand, common ones more often.
func (p *press) word() string {
	x := p.r.Float64()
	return fmt.Sprintf("w%d", int(50_000*x*x*x*x))
}

func (p *press) name() string {
	x := p.r.Float64()
	return fmt.Sprintf("Q%d", int(20_000*x*x*x))
}

func (p *press) invent() happening {
	p.n++
	h := happening{id: p.n, number: fmt.Sprint(10 + p.r.IntN(9000))}
	for range 14 {
		h.words = append(h.words, p.word())
	}
	for range 4 {
		h.names = append(h.names, p.name())
	}
	return h
}

// tell writes one article; a prefix makes its words those of another language.
func (p *press) tell(h happening, id, lang string, at time.Time) events.Enriched {
	prefix := ""
	if lang != "en" {
		prefix = lang
	}
	var title, text []string
	for range 6 {
		title = append(title, prefix+h.words[p.r.IntN(len(h.words))])
	}
	for range 40 {
		w := p.word()
		if p.r.IntN(3) == 0 {
			w = h.words[p.r.IntN(len(h.words))]
		}
		text = append(text, prefix+w)
	}
	text = append(text, h.number)
	e := events.Enriched{
		Article: events.Article{ID: id, Source: fmt.Sprintf("s%d.example", p.r.IntN(200)), URL: "https://x.example/" + id, Title: strings.Join(title, " "), Text: strings.Join(text, " "), FetchedAt: at},
		Lang:    lang,
	}
	for _, n := range h.names {
		if p.r.IntN(4) > 0 {
			kind := events.Person
			if len(n)%2 == 0 {
				kind = events.Location
			}
			e.Entities = append(e.Entities, events.Entity{ID: n, Name: n, Kind: kind, Mentions: []events.Mention{{Field: "text", Start: 0, End: 2}}})
		}
	}
	return e
}

func item(e events.Enriched) Item {
	return ItemOf(e, token.Of(e.Article.Title, e.Article.Text), e.Article.FetchedAt)
}

// stream is n articles over a week; four happenings in five have one article,
// the others up to twenty. It tells for each article its happening.
func (p *press) stream(n int, over time.Duration) (items []Item, of []int) {
	var live []happening
	for i := range n {
		at := day0.Add(time.Duration(float64(over) * float64(i) / float64(n)))
		var h happening
		if len(live) > 0 && p.r.IntN(2) == 0 {
			h = live[p.r.IntN(len(live))]
		} else {
			h = p.invent()
			if p.r.IntN(5) == 0 {
				live = append(live, h)
			}
			if len(live) > 60 {
				live = live[1:]
			}
		}
		items = append(items, item(p.tell(h, fmt.Sprint(i), "en", at)))
		of = append(of, h.id)
	}
	return items, of
}
