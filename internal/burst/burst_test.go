package burst

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// history is a stream of so many days: the rhythm of everything, and a series
// with rate(day) articles on each day, by poisson.
func history(r *rand.Rand, days int, rate func(day int) float64) (*Series, *Rhythm, time.Time) {
	s, rhythm := &Series{}, &Rhythm{}
	for d := range days {
		for h := range 24 {
			at := start.Add(time.Duration(d*24+h) * time.Hour)
			for range 10 {
				rhythm.Add(at)
			}
			for range poisson(r, rate(d)/24) {
				s.Add(at, uint64(r.IntN(1000)), true)
			}
		}
	}
	return s, rhythm, start.Add(time.Duration(days) * 24 * time.Hour)
}

func poisson(r *rand.Rand, mean float64) int {
	n, p, limit := 0, 1.0, math.Exp(-mean)
	for {
		if p *= r.Float64(); p < limit {
			return n
		}
		n++
	}
}

func TestExpectation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name       string
		days       int
		rate       func(int) float64
		least, top float64 // mean expected in a day
		cold       bool
	}{
		{"a steady series", 28, func(int) float64 { return 12 }, 10, 14, false},
		{"a quiet series", 28, func(int) float64 { return 0.1 }, 0, 0.5, false},
		{"a past burst of two days is cut off", 28, func(d int) float64 {
			if d == 10 || d == 11 {
				return 300
			}
			return 6
		}, 5, 9, false},
		{"slow poisoning gains at most a factor of two", 28, func(d int) float64 { return 2 * math.Exp2(float64(d)/4) }, 0, 30, false},
		{"a month missing is not a month of silence", 28, func(int) float64 { return 12 }, 10, 14, false},
		{"a cold start says so", 2, func(int) float64 { return 12 }, 0, 100, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, rhythm, now := history(r, c.days, c.rate)
			e := s.Expect(now, day, rhythm)
			if e.Mean < c.least || e.Mean > c.top || e.Cold != c.cold {
				t.Errorf("expects %.1f (cold %v), want %.0f to %.0f (cold %v)", e.Mean, e.Cold, c.least, c.top, c.cold)
			}
		})
	}
}

func TestGapInHistory(t *testing.T) {
	s, rhythm := &Series{}, &Rhythm{}
	for d := range 28 {
		if d >= 4 && d < 22 {
			continue
		}
		for h := range 24 {
			at := start.Add(time.Duration(d*24+h) * time.Hour)
			rhythm.Add(at)
			s.Add(at, 1, true)
		}
	}
	e := s.Expect(start.Add(28*day), day, rhythm)
	if e.Days > 10 || e.Mean < 20 {
		t.Errorf("a gap counts as silence: %.1f expected from %d days", e.Mean, e.Days)
	}
}

func TestUnvouchedSourceCannotRaiseABaseline(t *testing.T) {
	s, rhythm := &Series{}, &Rhythm{}
	for d := range 27 {
		at := start.Add(time.Duration(d) * day)
		rhythm.Add(at)
		for range 1000 {
			s.Add(at, 7, false)
		}
	}
	if e := s.Expect(start.Add(27*day), day, rhythm); e.Mean > strangers+1 {
		t.Errorf("one unknown source raised the baseline to %.0f a day", e.Mean)
	}
}

func TestRhythmMovesTheExpectation(t *testing.T) {
	rhythm := &Rhythm{}
	s := &Series{}
	for d := range 28 {
		for h := range 24 {
			n := 1
			if h >= 8 && h < 20 {
				n = 50
			}
			at := start.Add(time.Duration(d*24+h) * time.Hour)
			for range n {
				rhythm.Add(at)
			}
			if n > 1 {
				s.Add(at, 1, true)
			}
		}
	}
	night := s.Expect(start.Add(28*day+4*time.Hour), 3*time.Hour, rhythm).Mean
	noon := s.Expect(start.Add(28*day+14*time.Hour), 3*time.Hour, rhythm).Mean
	if noon < 3*night {
		t.Errorf("%.2f expected at noon, %.2f at night", noon, night)
	}
}

func TestPValuesAreHonest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	alarms, trials := 0, 0
	for range 60 {
		s, rhythm, now := history(r, 28, func(int) float64 { return 8 })
		e := s.Expect(now, day, rhythm)
		for range 50 {
			trials++
			if e.PValue(poisson(r, 8)) <= 0.01 {
				alarms++
			}
		}
	}
	if rate := float64(alarms) / float64(trials); rate > 0.02 {
		t.Errorf("%.3f of quiet windows are surprising at 0.01", rate)
	}
}

func TestPValueIsATail(t *testing.T) {
	for _, e := range []Expectation{{Mean: 0.01, Shape: 0.5}, {Mean: 3, Shape: 2}, {Mean: 40, Shape: 1000}, {}} {
		last := 1.0
		for n := range 200 {
			p := e.PValue(n)
			if math.IsNaN(p) || p > last+1e-9 || p < 0 {
				t.Fatalf("%+v: P(≥%d) = %v after %v", e, n, p, last)
			}
			last = p
		}
	}
}

func TestMonitor(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	m, rhythm := &Monitor{Most: 4000}, &Rhythm{}
	add := func(key string, at time.Time) { m.Add(key, at, r.Uint64(), true) }
	for d := range 21 {
		for h := range 24 {
			at := start.Add(time.Duration(d*24+h) * time.Hour)
			for range 20 {
				rhythm.Add(at)
			}
			for i := range 3000 {
				if r.Float64() < 0.02 {
					add(fmt.Sprintf("entity-%d", i), at)
				}
			}
			if h%6 == 0 {
				add("Russia", at)
				add("North Korea", at)
			}
		}
	}
	now := start.Add(21*day - time.Minute)
	if got, cold := m.Bursts(now, 6*time.Hour, 0.05, rhythm); cold || len(got) > 3 {
		t.Errorf("%d bursts among 3,000 quiet series (cold %v): %v", len(got), cold, got)
	}
	for range 6 {
		add(Pair("Russia", "North Korea"), now)
	}
	for range 12 {
		add("entity-7", now)
	}
	got, _ := m.Bursts(now, 6*time.Hour, 0.05, rhythm)
	found := map[string]Burst{}
	for _, b := range got {
		found[b.Key] = b
	}
	if b, ok := found["North Korea × Russia"]; !ok || !b.New {
		t.Errorf("a pair that never met is not found, or not new: %v", got)
	}
	if _, ok := found["entity-7"]; !ok {
		t.Errorf("a burst is not found: %v", got)
	}
	for i := range 100_000 {
		add(fmt.Sprintf("flood-%d", i), now)
	}
	if len(m.Rows) > 4000 {
		t.Errorf("%d rows", len(m.Rows))
	}
	if _, cold := (&Monitor{}).Bursts(start, time.Hour, 0.05, &Rhythm{}); !cold {
		t.Error("a cold start does not say so")
	}
}

func BenchmarkSeries(b *testing.B) {
	s, rhythm, now := history(rand.New(rand.NewPCG(1, 2)), 28, func(int) float64 { return 12 })
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			s.Add(now, 1, true)
		}
	})
	b.Run("judge", func(b *testing.B) {
		for b.Loop() {
			s.Expect(now, 6*time.Hour, rhythm).PValue(20)
		}
	})
}

func BenchmarkMonitorBursts(b *testing.B) {
	m, rhythm := &Monitor{}, &Rhythm{}
	for d := range 5 {
		for i := range DefaultMost {
			at := start.Add(time.Duration(d) * day)
			rhythm.Add(at)
			m.Add(fmt.Sprint(i%5000), at, uint64(i), true)
		}
	}
	for b.Loop() {
		m.Bursts(start.Add(5*day), 6*time.Hour, 0.05, rhythm)
	}
}
