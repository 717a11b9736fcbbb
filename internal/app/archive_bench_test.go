package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// BenchmarkSearch looks through as many articles as one call may, and finds
// none: by the language, which is seen in the head of an article, and by a
// query, for which each is read whole.
func BenchmarkSearch(b *testing.B) {
	c := Config{Listen: "127.0.0.1:0", NATS: bus.Config{Embedded: true, Dir: b.TempDir(), Sync: "2m"}}
	a, err := New(c, Roles{Enrich: true, Alert: true}, zap.NewNop())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	<-a.Up()
	texts, outs := sample.Articles(), make([]bus.Out, 0, 500)
	for n := range searchArticles {
		x := texts[n%len(texts)]
		x.URL = fmt.Sprintf("%s-%d", x.URL, n)
		x.ID = events.ArticleID(x.Source, x.URL, x.Title, x.Text)
		e := a.enricher.u.Enrich(x)
		if outs = append(outs, bus.Out{Subject: e.Subject(), Type: events.TypeEnriched, ID: e.ID, Value: e}); len(outs) == cap(outs) {
			if _, err := bus.PublishAll(b.Context(), a.bus, outs); err != nil {
				b.Fatal(err)
			}
			outs = outs[:0]
		}
	}
	late, done := context.WithTimeout(b.Context(), 5*time.Minute)
	defer done()
	if err := a.Settled(late); err != nil {
		b.Fatal(err)
	}
	q, err := query.Parse(`topic:weapons.missile AND "no such words"~`)
	if err != nil {
		b.Fatal(err)
	}
	for name, s := range map[string]web.Search{"language": {Lang: "xx", Limit: 50}, "query": {Query: q, Limit: 50}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				page, err := newArchive(a.alerter).Search(b.Context(), s)
				if err != nil || page.Looked != searchArticles || len(page.Articles) != 0 {
					b.Fatal(page.Looked, len(page.Articles), err)
				}
			}
			b.ReportMetric(float64(searchArticles)*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
	cancel()
	if err := <-ran; err != nil {
		b.Fatal(err)
	}
}
