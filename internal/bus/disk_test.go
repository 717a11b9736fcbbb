package bus_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// smallDisk mounts a disk of 64 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to mount a small disk")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("cannot mount a small disk here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// noise is what no compression makes smaller.
func noise(n int) json.RawMessage {
	raw := make([]byte, n)
	_, _ = rand.Read(raw)
	return json.RawMessage(`"` + base64.StdEncoding.EncodeToString(raw) + `"`)
}

func publishNoise(t *testing.T, b *bus.Bus, i int) error {
	_, err := bus.Publish(t.Context(), b, "tocsin.article.test", events.TypeArticle, fmt.Sprintf("big-%d", i),
		noise(400<<10))
	return err
}

func TestAFullDiskIsSaidAndGotOver(t *testing.T) {
	dir := smallDisk(t)
	b := bustest.StartWith(t, bus.Config{Dir: dir}, bus.Hooks{})
	say(t, b, 1)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 57<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is not ready", func() bool { return errors.Is(b.Ready(), bus.ErrFull) })
	if err := publishNoise(t, b, 0); !errors.Is(err, bus.ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
	}
	alert := enriched(1)
	if _, err := bus.Publish(t.Context(), b, alert.Subject, alert.Type, alert.ID, alert.Value); err != nil {
		t.Errorf("what was accepted goes on: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is ready again", func() bool { return b.Ready() == nil })
	if err := publishNoise(t, b, 0); err != nil {
		t.Error(err)
	}
}

func TestADiskFullToTheLastByteLosesNothing(t *testing.T) {
	dir := smallDisk(t)
	b := bustest.StartWith(t, bus.Config{Dir: dir}, bus.Hooks{})
	kept := 0
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 48<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 200 { // faster than the disk is looked at
		if err := publishNoise(t, b, i); err != nil {
			if !errors.Is(err, bus.ErrFull) {
				t.Logf("the broker's last word: %v", err)
			}
			break
		}
		kept++
	}
	if kept == 200 || kept == 0 {
		t.Fatalf("%d were kept: the test tests nothing", kept)
	}
	eventually(t, "it is not ready", func() bool { return b.Ready() != nil })
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it works again", func() bool { return b.Ready() == nil && publishNoise(t, b, 1000) == nil })
	if got := messages(t, b, events.StreamArticles); got < uint64(kept)+1 {
		t.Errorf("%d messages, want at least %d", got, kept+1)
	}
}
