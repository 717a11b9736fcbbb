package bus_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// victim is a process of its own: a broker in dir, somebody who publishes and
// says on standard output what was acknowledged, and a worker. It runs until
// it is killed.
func victim(dir string) {
	ctx := context.Background()
	b, err := bus.Open(ctx, bus.Config{Embedded: true, Dir: dir}, bus.Hooks{})
	if err == nil {
		err = b.Ensure(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	w := bus.Worker{Name: "enricher", Stream: events.StreamArticles}
	go func() {
		_ = bus.Consume(ctx, b, w, func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
			return []bus.Out{enriched(v.N)}, nil
		})
	}()
	first, err := b.Stream(ctx, events.StreamArticles)
	if err != nil {
		os.Exit(1)
	}
	for n := int(first.Last); ; n++ {
		if _, err := bus.Publish(ctx, b, "tocsin.article.test", events.TypeArticle, fmt.Sprintf("note-%d", n), note{n}); err != nil {
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

func TestKilledAtAnyMomentItLosesNothing(t *testing.T) {
	dir := t.TempDir()
	acknowledged := -1
	for round := range 6 {
		acknowledged = max(acknowledged, runAndKill(t, dir, 40+25*round))
	}
	b, err := bus.Open(t.Context(), bus.Config{Embedded: true, Dir: dir}, bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w := worker()
	w.AckWait = 0 // as the victim's
	stop := consume(t, b, w, func(_ context.Context, v note, _ bus.Meta) ([]bus.Out, error) {
		return []bus.Out{enriched(v.N)}, nil
	})
	eventually(t, "what was in hand is handed out again", idle(t, b, w))
	stop()
	articles := map[int]int{}
	for _, v := range read[note](t, b, events.StreamArticles) {
		articles[v.N]++
	}
	results := map[int]int{}
	for _, v := range read[note](t, b, events.StreamEnriched) {
		results[v.N]++
	}
	for n := range acknowledged + 1 {
		if articles[n] != 1 || results[n] != 1 {
			t.Errorf("message %d was acknowledged; it is there %d times, its result %d times", n, articles[n], results[n])
		}
	}
	if len(results) != len(articles) {
		t.Errorf("%d results of %d messages", len(results), len(articles))
	}
}

// runAndKill runs a victim, kills it (SIGKILL) once it has said n
// acknowledgements, and returns the last message that it said was kept.
func runAndKill(t *testing.T, dir string, n int) (last int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), "TOCSIN_BUS_VICTIM="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last = -1
	said := bufio.NewScanner(out)
	for range n {
		if !said.Scan() {
			break
		}
		if last, err = strconv.Atoi(said.Text()); err != nil {
			t.Errorf("the victim said %q", said.Text())
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	for said.Scan() { // said before it died
		if v, err := strconv.Atoi(said.Text()); err == nil {
			last = v
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait()
	return last
}
