package watch

import (
	"fmt"
	"math"
)

// Evaluate counts the alerts a day that a watch would have raised on the
// history at hand, with the thresholds of w in place of the watch's own.
type Evaluate func(w When) (perDay float64, err error)

// Try is one step of a search for thresholds.
type Try struct {
	When   When
	PerDay float64
}

// Bounds of the search: surprise from 10^-1 to 10^-12, and three times the
// origins that the watch asks for.
const (
	loosest, strictest = 1, 12
	originsFactor      = 3
)

// Solve finds the loosest thresholds under which the watch keeps to its budget,
// and every step that it took. Surprise is tightened first, then origins are
// raised: both can only lower the number of alerts. An error says that the
// budget cannot be kept, with the strictest thresholds beside it.
func Solve(w Watch, evaluate Evaluate) (When, []Try, error) {
	if w.Budget.Per <= 0 {
		return w.When, nil, nil
	}
	s := search{budget: w.Budget.PerDay(), evaluate: evaluate}
	when := w.When
	for when.Origins <= originsFactor*w.When.Origins {
		found, ok, err := s.surprise(when)
		if err != nil {
			return w.When, s.tries, fmt.Errorf("solve budget of watch %q: %w", w.Name, err)
		}
		if ok {
			return found, s.tries, nil
		}
		when.Origins++
	}
	when.Origins--
	when.Surprise = math.Pow10(-strictest)
	return when, s.tries, fmt.Errorf("watch %q cannot keep to %s: %.2g alerts a day at %d origins and surprise %.0e (narrow the query)",
		w.Name, w.Budget, s.tries[len(s.tries)-1].PerDay, when.Origins, when.Surprise)
}

type search struct {
	budget   float64
	evaluate Evaluate
	tries    []Try
}

// surprise finds the loosest power of ten that keeps to the budget; ok is false
// when none does.
func (s *search) surprise(when When) (found When, ok bool, err error) {
	low, high := loosest, strictest+1 // the answer is in [low, high]; high: none
	for low < high {
		k := (low + high) / 2
		when.Surprise = math.Pow10(-k)
		n, err := s.evaluate(when)
		if err != nil {
			return when, false, err
		}
		s.tries = append(s.tries, Try{When: when, PerDay: n})
		if n <= s.budget {
			found, ok, high = when, true, k
		} else {
			low = k + 1
		}
	}
	return found, ok, nil
}
