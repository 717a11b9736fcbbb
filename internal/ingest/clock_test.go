package ingest

import (
	"testing"
	"time"
)

func TestTheClockNeverJumps(t *testing.T) {
	for _, c := range []struct {
		name string
		set  time.Duration // the machine's clock is set by this much, after an hour
		// off is how far it is from the machine's after another hour.
		off time.Duration
	}{
		{"set forward an hour", time.Hour, 54 * time.Minute},
		{"set back an hour", -time.Hour, 54 * time.Minute},
		{"set forward a day", 24 * time.Hour, 24*time.Hour - 6*time.Minute},
		{"set by a leap second", -time.Second, 0},
		{"set for the first time", 54 * 365 * 24 * time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			wall, steady := noon, time.Duration(0)
			clk := &clock{read: func() (time.Time, time.Duration) { return wall, steady }}
			last := clk.now()
			for n := range 7200 {
				if n == 3600 {
					wall = wall.Add(c.set)
				}
				wall, steady = wall.Add(time.Second), steady+time.Second
				now := clk.now()
				step := now.Sub(last)
				if step < 900*time.Millisecond || step > 1100*time.Millisecond && c.set < unset {
					t.Fatalf("second %d took %s", n, step)
				}
				last = now
			}
			if got := off(wall, last).Round(time.Minute); got != c.off {
				t.Errorf("off by %s, want %s", got, c.off)
			}
		})
	}
}
