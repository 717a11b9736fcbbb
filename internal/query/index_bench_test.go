package query

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// world draws queries and articles over one vocabulary. Words are Zipf
// distributed, as they are in news.
type world struct {
	rng   *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newWorld() *world {
	rng := rand.New(rand.NewPCG(1, 2))
	w := &world{rng: rng, zipf: rand.NewZipf(rng, 1.1, 4, 199_999)}
	const letters = "bcdfghjklmnprstvz"
	for i := range 200_000 {
		var b strings.Builder
		for n := i + 17; n > 0; n /= 17 * 5 {
			b.WriteByte(letters[n%17])
			b.WriteByte("aeiou"[n/17%5])
		}
		w.words = append(w.words, b.String())
	}
	return w
}

func (w *world) word() string { return w.words[w.zipf.Uint64()] }

// wanted draws a word that somebody would put in a query: none of the hundred
// most common.
func (w *world) wanted() string {
	for {
		if n := w.zipf.Uint64(); n >= 100 {
			return w.words[n]
		}
	}
}

// query draws what desks write: an entity or word that must be there, beside a
// choice of words, phrases, prefixes and topics, and something unwanted.
func (w *world) query(subject string, choice ...string) string {
	for range 2 + w.rng.IntN(3) {
		switch w.rng.IntN(6) {
		case 0:
			choice = append(choice, `"`+w.wanted()+" "+w.wanted()+`"`)
		case 1:
			choice = append(choice, w.wanted()+"~")
		case 2:
			choice = append(choice, w.wanted()+" NEAR/8 "+w.wanted())
		case 3:
			choice = append(choice, fmt.Sprintf("topic:t%d", w.rng.IntN(60)))
		default:
			choice = append(choice, w.wanted())
		}
	}
	return subject + " AND (" + strings.Join(choice, " OR ") + ") AND NOT topic:sport"
}

// article draws some 400 words, ten entities of 50,000 and three topics.
func (w *world) article() *View {
	var text []string
	for range 400 {
		text = append(text, w.word())
	}
	e := &events.Enriched{Lang: "en"}
	e.Article.Title, e.Article.Text, e.Article.Source = strings.Join(text[:10], " "), strings.Join(text[10:], " "), "example.org"
	for range 10 {
		e.Entities = append(e.Entities, events.Entity{ID: fmt.Sprintf("Q%d", w.rng.IntN(50_000)), Kind: events.Misc})
	}
	for range 3 {
		e.Topics = append(e.Topics, events.Tag{Topic: fmt.Sprintf("t%d", w.rng.IntN(60)), Score: 1})
	}
	return NewView(e, Source{})
}

// BenchmarkIndex files 10,000, 100,000 and 1,000,000 queries, and reads "5 in
// 100 match" in three ways: 5 in 100 articles match some query; each article
// has what 5 in 100 queries are about, and one in ten of these match it; each
// article matches 5 in 100 queries, which all have to be named. It prints the
// time for an article through the index and by asking each query, their ratio
// (at least 300 are asked for), the time as a multiple of that for the fewest
// queries (at most 20), and bytes a query.
func BenchmarkIndex(b *testing.B) {
	for _, reading := range []string{"articles-match", "queries-are-about", "queries-match"} {
		fewest := 0.0
		for _, n := range []int{10_000, 1_000_000} {
			b.Run(fmt.Sprintf("5%%-of-%s/queries-%d", reading, n), func(b *testing.B) {
				took := benchIndex(b, n, reading)
				if fewest == 0 {
					fewest = took
					return
				}
				b.ReportMetric(took/fewest, "times-fewest")
				b.ReportMetric(20, "≤times-fewest")
			})
		}
	}
}

// benchIndex gives the nanoseconds that an article takes.
func benchIndex(b *testing.B, n int, reading string) float64 {
	w := newWorld()
	var articles []*View
	for range 100 {
		articles = append(articles, w.article())
	}
	var x Index
	before := inUse()
	for i := range n {
		subject := fmt.Sprintf("entity:Q%d", 50_000+w.rng.IntN(100_000)) // of no article
		var choice []string
		switch {
		case reading == "articles-match" && i%(n/50) == 0:
			a := articles[i/(n/50)%5]
			subject = "entity:" + a.Article.Entities[0].ID + " OR " + subject
		case reading != "articles-match" && i%20 == 0:
			subject = "kind:news"
			if reading == "queries-match" {
				choice = []string{"lang:en"}
			}
		}
		q, err := Parse(w.query(subject, choice...))
		if err != nil {
			b.Fatal(err)
		}
		x.Add(q)
	}
	bytes := float64(inUse()-before) / float64(n)
	each := queriesOf(&x)

	matching, answers := 0, 0
	for _, v := range articles {
		got := x.Match(nil, v)
		if len(got) > 0 {
			matching++
		}
		answers += len(got)
	}
	sample := articles[:5]
	start := time.Now()
	for _, v := range sample {
		var want []Handle
		for h, q := range each {
			if q.Match(v) {
				want = append(want, Handle(h))
			}
		}
		if got := x.Match(nil, v); !slices.Equal(got, want) {
			b.Fatal("index and queries differ")
		}
	}
	checking := float64(time.Since(start).Nanoseconds()) / float64(len(sample))

	var dst []Handle
	i := 0
	b.ResetTimer()
	for b.Loop() {
		dst = x.Match(dst[:0], articles[i%len(articles)])
		i++
	}
	perArticle := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(checking, "ns/article-each")
	b.ReportMetric(checking/perArticle, "times-each")
	b.ReportMetric(300, "≥times-each")
	b.ReportMetric(bytes, "B/query")
	b.ReportMetric(float64(matching), "%articles")
	b.ReportMetric(float64(answers)/float64(len(articles)), "answers/article")
	return perArticle
}

// queriesOf gives the index's queries as queries of their own.
func queriesOf(x *Index) []*Query {
	var out []*Query
	for _, g := range x.member {
		root, _ := x.leaves.tree(x.groups.code(g - 1))
		out = append(out, &Query{Root: root})
	}
	return out
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkView(b *testing.B) {
	e := newWorld().article().Article
	doc := token.Of(e.Article.Title, e.Article.Text)
	var r Reader
	b.ReportAllocs()
	for b.Loop() {
		r.View(e, doc, Source{})
	}
}

func BenchmarkParse(b *testing.B) {
	s := `entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~) AND NOT topic:sport`
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(s); err != nil {
			b.Fatal(err)
		}
	}
}
