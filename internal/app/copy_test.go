package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// The broker's directory is put back from an older copy. What was lost comes
// again from those who still offer it, and is decided as it was.
func TestAnOlderCopyOfTheStore(t *testing.T) {
	for name, ahead := range map[string]bool{"all of it is older": false, "the detector's state is newer than the streams": true} {
		t.Run(name, func(t *testing.T) {
			var c Config
			r := start(t, func(x *Config) { withWatches(t, allianceWatch)(x); c = *x })
			r.play(t, "2024-11-23T13:00", "2024-11-23T13:57")
			halt(t, r)
			backup := filepath.Join(t.TempDir(), "backup")
			if err := os.CopyFS(backup, os.DirFS(c.NATS.Dir)); err != nil {
				t.Fatal(err)
			}
			r = run(t, c)
			r.play(t, "2024-11-23T14:00", "2024-11-23T16:30")
			before, err := r.Ledger(t.Context())
			if err != nil || before.Alerts == 0 {
				t.Fatal(before, err)
			}
			halt(t, r)
			newer := stateOf(t, c)
			if err := errors.Join(os.RemoveAll(c.NATS.Dir), os.CopyFS(c.NATS.Dir, os.DirFS(backup))); err != nil {
				t.Fatal(err)
			}
			if ahead {
				putBack(t, c, newer)
			}

			r = run(t, c)
			r.play(t, "2024-11-23T14:00", "2024-11-25T00:00")
			after, err := r.Ledger(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if after.InFlight != 0 || after.Unread != 0 || after.Strays != 0 || after.Doubled != 0 || after.Accepted != after.Enriched || after.Accepted <= before.Accepted {
				t.Errorf("before %s, after %s", before, after)
			}
			noticed := r.counter(t, "tocsin_broker_regressed_total") > 0
			if noticed != ahead {
				t.Errorf("that the broker has less than it had is told: %v, want %v", noticed, ahead)
			}
			if ahead {
				// What was decided stands in the state: it is not decided again, and
				// the ledger tells of the versions that the stream has lost.
				if after.Balanced() || after.Gaps != before.Versions {
					t.Errorf("%d versions were lost, and the ledger says %s", before.Versions, after)
				}
				return
			}
			asOneReader(t, r)
			if !after.Balanced() {
				t.Error(after)
			}
		})
	}
}

// stateOf is the state that was written down last, of a store that is at rest.
func stateOf(t *testing.T, c Config) []byte {
	t.Helper()
	b, err := bus.Open(t.Context(), c.NATS, bus.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	o, err := bus.OpenObjects(t.Context(), b, bus.Snapshots)
	if err != nil {
		t.Fatal(err)
	}
	in, err := o.Get(t.Context(), snapshotKey)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// counter is the value of a counter, all its labels together.
func (r *running) counter(t *testing.T, name string) (sum float64) {
	t.Helper()
	families, err := r.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.GetMetric() {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}
