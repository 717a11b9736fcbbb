package enrich_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
)

func enricher(t testing.TB) enrich.Enricher {
	t.Helper()
	finder, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	topics, err := topic.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return enrich.Enricher{Entities: finder, Topics: topics}
}

// BenchmarkEnrich is the whole enrichment of articles of 3.5 KB on one core,
// beside cutting the same articles into words and nothing more.
func BenchmarkEnrich(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	articles := newPress(1).edition(256, 3500)
	e := enricher(b)
	for _, a := range articles { // what is made once is made before
		e.Enrich(a)
	}
	b.Run("whole", func(b *testing.B) {
		took := make([]time.Duration, 0, b.N)
		bytes := 0
		for i := 0; b.Loop(); i++ {
			a := articles[i%len(articles)]
			start := time.Now()
			e.Enrich(a)
			took = append(took, time.Since(start))
			bytes += len(a.Title) + len(a.Text)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		slices.Sort(took)
		b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
		b.SetBytes(int64(bytes / b.N))
		b.ReportAllocs()
	})
	b.Run("words alone", func(b *testing.B) {
		bytes := 0
		for i := 0; b.Loop(); i++ {
			a := articles[i%len(articles)]
			token.Of(a.Title, a.Text)
			bytes += len(a.Title) + len(a.Text)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		b.SetBytes(int64(bytes / b.N))
	})
}
