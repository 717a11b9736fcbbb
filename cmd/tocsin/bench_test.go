//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/report"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// months of the sample, every three days anew, as Enriched lines.
func months(b *testing.B, n int) []byte {
	b.Helper()
	u, err := app.Understand(app.Config{})
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for round := range n {
		for _, a := range sample.Articles() {
			a.URL += fmt.Sprint("?", round)
			a.FetchedAt = a.FetchedAt.Add(time.Duration(round) * 72 * time.Hour)
			a.PublishedAt = a.FetchedAt
			source.Complete(&a)
			if err := enc.Encode(u.Enrich(a)); err != nil {
				b.Fatal(err)
			}
		}
	}
	return out.Bytes()
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

// The shipped watches over Enriched lines of the sample, nearly all of which
// raise an alert or change one, on as many cores as the benchmark
// is given (-cpu 1); beside it, reading the lines alone and as a plain
// json.Unmarshal reads them. At least 5,000 articles a second of one core are
// asked for.
func BenchmarkBacktest(b *testing.B) {
	lines := months(b, 60)
	count := bytes.Count(lines, []byte("\n"))
	ws, err := pack.Watches()
	if err != nil {
		b.Fatal(err)
	}
	run := func(b *testing.B, take func([]events.Enriched) error) {
		std := stdio{in: bytes.NewReader(lines), out: io.Discard, err: io.Discard}
		if ok, err := (history{std: std}).each(take); err != nil || !ok {
			b.Fatal(err, ok)
		}
	}
	before := worked()
	rate := func(b *testing.B) {
		b.ReportMetric(float64(count)*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		b.ReportMetric(float64(count)*float64(b.N)/(worked()-before).Seconds(), "articles/cpu-s")
		b.ReportMetric(0, "ns/op")
	}
	b.Run("whole", func(b *testing.B) {
		before = worked()
		for range b.N {
			d, err := detectorOf(app.Config{}, ws, 0)
			if err != nil {
				b.Fatal(err)
			}
			bt := backtest{fold: fold{detector: d, log: &report.Log{}}, out: newWriter(io.Discard)}
			run(b, bt.batch)
		}
		rate(b)
		b.ReportMetric(5000, "≥articles/cpu-s")
	})
	b.Run("reading only", func(b *testing.B) {
		before = worked()
		for range b.N {
			run(b, func([]events.Enriched) error { return nil })
		}
		rate(b)
	})
	b.Run("plain decoding only", func(b *testing.B) {
		before = worked()
		for range b.N {
			for l := range bytes.Lines(lines) {
				var e events.Enriched
				if err := json.Unmarshal(l, &e); err != nil {
					b.Fatal(err)
				}
			}
		}
		rate(b)
	})
}
