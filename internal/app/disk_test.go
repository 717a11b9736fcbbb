package app

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// The broker's disk fills up: nothing new is taken while there is still room to
// finish what was, and who asks is told why and when to come again. Once there
// is room it goes on by itself.
func TestADiskThatFillsUp(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to mount a small disk")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("cannot mount a small disk here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	r := start(t, func(c *Config) { withWatches(t, allianceWatch)(c); c.NATS.Dir = filepath.Join(dir, "data") })
	token := r.token("ingest")
	r.play(t, "2024-11-23T13:00", "2024-11-23T13:57")

	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 56<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	wait(t, "not ready", func() bool { return errors.Is(r.probes.Ready(), bus.ErrFull) })
	status, reason := r.call(t, "GET", "/readyz", "", "")
	if status != http.StatusServiceUnavailable || !strings.Contains(reason, "disk is full") {
		t.Errorf("ready says %d %s", status, reason)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+"/api/v1/articles", strings.NewReader(`{"source":"a.example","url":"https://a.example/1","title":"New","text":"Well."}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a push on a full disk: %s, Retry-After %q", resp.Status, resp.Header.Get("Retry-After"))
	}
	if free, reserve := r.metric(t, "tocsin_store_free_bytes"), r.metric(t, "tocsin_store_reserve_bytes"); free <= 0 || free >= reserve {
		t.Errorf("%g bytes free and %g to stay free", free, reserve)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	wait(t, "ready again", func() bool { return r.probes.Ready() == nil })
	r.play(t, "2024-11-23T14:00", "2024-11-23T16:00")
	if b, err := r.Ledger(t.Context()); err != nil || !b.Balanced() || b.InFlight != 0 || b.Alerts == 0 {
		t.Error(b, err)
	}
}

// The lag of the detector is how many articles it has not considered, and how
// long the oldest of them has waited.
func TestTheDetectorsLag(t *testing.T) {
	r := start(t, withWatches(t, allianceWatch))
	if n, late := r.metric(t, "tocsin_detector_lag"), r.metric(t, "tocsin_detector_lag_seconds"); n != 0 || late != 0 {
		t.Errorf("at rest %g articles wait, for %g s", n, late)
	}
	r.alerter.mu.Lock() // the detector is busy
	held := time.Now()
	var all []events.Article
	for _, a := range sample.Articles()[:5] {
		all = append(all, a)
		if err := r.Accept(t.Context(), a, true); err != nil {
			t.Fatal(err)
		}
	}
	wait(t, "enriched", func() bool {
		info, err := r.bus.Stream(t.Context(), events.StreamEnriched)
		return err == nil && info.Last == uint64(len(all))
	})
	wait(t, "late", func() bool {
		n, late, err := r.alerter.behind(t.Context())
		return err == nil && n == uint64(len(all)) && late > 100*time.Millisecond && late <= time.Since(held)
	})
	r.alerter.mu.Unlock()
	r.settle(t)
	if n, late := r.metric(t, "tocsin_detector_lag"), r.metric(t, "tocsin_detector_lag_seconds"); n != 0 || late != 0 {
		t.Errorf("when it is done %g articles wait, for %g s", n, late)
	}
}

// metric is the value of a metric without labels.
func (r *running) metric(t *testing.T, name string) float64 {
	t.Helper()
	families, err := r.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}
