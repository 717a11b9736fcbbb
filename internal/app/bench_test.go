package app

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// BenchmarkLatency sends 200 articles a second through the whole pipeline
// (door, broker with every write synced, enricher, detector with the shipped
// watches) and gives the time from the publishing of an article to the
// detector's having considered it.
func BenchmarkLatency(b *testing.B) {
	a, err := New(Config{Listen: "127.0.0.1:0", NATS: bus.Config{Embedded: true, Dir: b.TempDir(), Sync: bus.SyncAlways}}, All, zap.NewNop())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	<-a.Up()
	var took []time.Duration
	for b.Loop() {
		took = append(took, paced(b, a, len(took))...)
	}
	cancel()
	if err := <-ran; err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// paced sends 1,000 articles in five seconds, from 8 hands, as pushes come.
func paced(b *testing.B, a *App, round int) []time.Duration {
	b.Helper()
	const n, hands = 1000, 8
	texts := sample.Articles()
	sent := make([]time.Time, n)
	seen := make([]time.Duration, n)
	ids := map[string]int{}
	all := make([]events.Article, n)
	for i := range all {
		x := texts[i%len(texts)]
		x.URL = fmt.Sprintf("%s-%d-%d", x.URL, round, i)
		x.Text += fmt.Sprintf(" Dispatch %d of day %d.", i, round)
		x.ID = events.ArticleID(x.Source, x.URL, x.Title, x.Text)
		x.FetchedAt, x.PublishedAt = time.Now().UTC(), time.Time{}
		all[i], ids[x.ID] = x, i
	}
	done := make(chan error, 1)
	ctx, stop := context.WithTimeout(b.Context(), time.Minute)
	defer stop()
	left := n
	saw := func(id string) {
		if i, ok := ids[id]; ok && seen[i] == 0 {
			seen[i] = time.Since(sent[i])
			if left--; left == 0 {
				done <- nil
			}
		}
	}
	a.alerter.applied.Store(&saw)
	defer a.alerter.applied.Store(nil)
	work := make(chan int)
	for range hands {
		go func() {
			for i := range work {
				sent[i] = time.Now()
				if err := a.Accept(ctx, all[i], true); err != nil {
					done <- err
				}
			}
		}()
	}
	tick := time.NewTicker(time.Second / 200)
	defer tick.Stop()
	for i := range n {
		<-tick.C
		work <- i
	}
	close(work)
	select {
	case err := <-done:
		if err != nil {
			b.Fatal(err)
		}
	case <-ctx.Done():
		b.Fatal("not all articles were considered within a minute")
	}
	return seen
}

// BenchmarkIdle starts tocsin up on an empty store and gives the time until it
// is ready, and its memory once it rests. The aim is under 1 s and 150 MB.
func BenchmarkIdle(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "tocsin")
	if out, err := exec.Command("go", "build", "-o", bin, "github.com/tocsin-news/tocsin/cmd/tocsin").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var ready, memory []float64
	for b.Loop() {
		r, m := idle(b, bin)
		ready, memory = append(ready, r), append(memory, m)
	}
	slices.Sort(ready)
	slices.Sort(memory)
	b.ReportMetric(ready[len(ready)/2], "ready-s")
	b.ReportMetric(1, "≤ready-s")
	b.ReportMetric(memory[len(memory)/2], "MB")
	b.ReportMetric(150, "≤MB")
	b.ReportMetric(0, "ns/op")
}

func idle(b *testing.B, bin string) (seconds, megabytes float64) {
	b.Helper()
	addr := "127.0.0.1:18099"
	cmd := exec.Command(bin, "up", "--dir", b.TempDir(), "--listen", addr)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	for !healthy("http://" + addr) {
		if time.Since(start) > time.Minute {
			b.Fatal("it is not ready after a minute")
		}
		time.Sleep(5 * time.Millisecond)
	}
	seconds = time.Since(start).Seconds()
	time.Sleep(3 * time.Second) // let it rest
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Skip("memory is read from /proc: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); f[0] == "VmRSS:" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return seconds, kb / 1024
		}
	}
	b.Fatal("no VmRSS in /proc")
	return
}
