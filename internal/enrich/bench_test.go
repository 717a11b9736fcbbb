//go:build unix

package enrich_test

import (
	"runtime"
	"slices"
	"syscall"
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

// worked is the processor time that the process has used: on a machine that
// others use too, it says more than the clock.
func worked() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
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
		bytes, before := 0, worked()
		for i := 0; b.Loop(); i++ {
			a := articles[i%len(articles)]
			start := time.Now()
			e.Enrich(a)
			took = append(took, time.Since(start))
			bytes += len(a.Title) + len(a.Text)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		b.ReportMetric(float64(b.N)/(worked()-before).Seconds(), "articles/cpu-s")
		b.ReportMetric(1500, "≥articles/cpu-s")
		slices.Sort(took)
		b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
		b.ReportMetric(10, "≤p99-ms")
		b.SetBytes(int64(bytes / b.N))
		b.ReportAllocs()
	})
	b.Run("words alone", func(b *testing.B) {
		bytes, before := 0, worked()
		for i := 0; b.Loop(); i++ {
			a := articles[i%len(articles)]
			token.Of(a.Title, a.Text)
			bytes += len(a.Title) + len(a.Text)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		b.ReportMetric(float64(b.N)/(worked()-before).Seconds(), "articles/cpu-s")
		b.SetBytes(int64(bytes / b.N))
	})
}
