package ingest

import (
	"sync"
	"time"
)

// clock tells the stream's time. Windows move with what it says, so it never
// jumps and never runs backwards: when the machine's clock is set, it gains or
// loses a tenth until it agrees again. A machine that is off by more than a
// week was never set, and is followed at once.
type clock struct {
	// read is the machine's wall clock, and a reading that no setting moves;
	// time.Now when nil.
	read func() (wall time.Time, steady time.Duration)

	mu    sync.Mutex
	start time.Time
	last  time.Duration // steady reading
	told  time.Time
}

const (
	// slew is the part by which the clock gains or loses.
	slew = 10
	// unset is how far off a clock is that was never set.
	unset = 7 * 24 * time.Hour
)

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall, steady := c.readings()
	if c.told.IsZero() || off(wall, c.told) > unset {
		c.told, c.last = wall, steady
		return wall
	}
	passed := max(steady-c.last, 0)
	c.last = steady
	next := c.told.Add(passed)
	most := passed / slew
	c.told = next.Add(min(max(wall.Sub(next), -most), most))
	return c.told
}

func off(a, b time.Time) time.Duration { return a.Sub(b).Abs() }

// readings gives the wall clock without its monotonic part, which would hide
// that it was set.
func (c *clock) readings() (time.Time, time.Duration) {
	if c.read != nil {
		return c.read()
	}
	now := time.Now()
	if c.start.IsZero() {
		c.start = now
	}
	return now.Round(0), now.Sub(c.start)
}
