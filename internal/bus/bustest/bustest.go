// Package bustest gives tests a real broker, in process, in a directory of the
// test's own. Only tests import it.
package bustest

import (
	"log/slog"
	"testing"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// Start starts a broker with the whole topology, and a bus on it; both end
// with the test. Files are synced at intervals, so that tests are quick.
func Start(t testing.TB) *bus.Bus {
	t.Helper()
	return StartWith(t, bus.Config{Sync: "2m"}, bus.Hooks{})
}

// StartWith is [Start] with settings of the test's own; Dir and Embedded are
// set here when they are left out. What the bus logs goes to the test's log
// when h has no logger.
func StartWith(t testing.TB, c bus.Config, h bus.Hooks) *bus.Bus {
	t.Helper()
	c.Embedded = true
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	if h.Log == nil {
		h.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	b, err := bus.Open(t.Context(), c, h)
	if err != nil {
		t.Fatalf("start a broker for the test: %v", err)
	}
	t.Cleanup(b.Close)
	if err := b.Ensure(t.Context()); err != nil {
		t.Fatalf("make the topology for the test: %v", err)
	}
	return b
}
