package detect

import (
	"math/rand/v2"
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
)

// BenchmarkApply folds enriched articles with the shipped watches, beside what
// cutting their words alone costs.
func BenchmarkApply(b *testing.B) {
	ws, err := pack.Watches()
	if err != nil {
		b.Fatal(err)
	}
	es := stream(rand.New(rand.NewPCG(1, 1)), 20_000)
	b.Run("apply", func(b *testing.B) {
		d := detector(b, Config{Watches: ws})
		i := 0
		for b.Loop() {
			if i == len(es) {
				i, d = 0, detector(b, Config{Watches: ws})
			}
			d.Apply(es[i], 0)
			i++
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	})
	b.Run("words alone", func(b *testing.B) {
		i := 0
		for b.Loop() {
			a := &es[i%len(es)].Article
			token.Of(a.Title, a.Text)
			i++
		}
	})
}
