// Package burst judges whether a series arrives faster than usual.
// It knows counts and times; it has never seen a text.
//
// A series is anything that is counted: a watch's matches, a topic, an entity,
// a pair of entities. Its baseline is 28 daily counts, of which bursts are cut
// off (median and MAD) and slow growth is bounded, spread over the hours by the
// stream's own weekly rhythm. What is asked is how improbable a count in a
// window is: a negative binomial tail, whose width comes from how much the days
// differed and from how few of them there are. Memory per series is fixed.
//
// Sources: C. Farrington et al., "A statistical algorithm for the early
// detection of outbreaks" (1996), for cutting past outbreaks off a baseline;
// Y. Benjamini and Y. Hochberg (1995) for many series at once.
package burst

import (
	"math"
	"slices"
	"time"
)

const (
	days = 28
	day  = 24 * time.Hour
	// Warm is how many days of history a judgement needs.
	Warm = 3
	// strangers is how many articles a source that nobody vouches for can add
	// to one day of a baseline, so that it cannot raise it alone.
	strangers = 24
	// growth is by how much the baseline may exceed that of its older half, so
	// that slow poisoning gains little.
	growth = 2.0
)

// Series is the baseline of one series. The zero value is new. Exported fields
// are its state.
type Series struct {
	// Counts are the articles of each day, by day modulo 28; today's included.
	Counts [days]uint16
	// Day is the latest day counted, in days since 1970.
	Day int64
	// Since is the day of the first count.
	Since int64
	// Begun is the day on which counting began, where the stream is older: that
	// day and those before it are no history. 0: as old as the stream.
	Begun int64
	// Sources count what unvouched sources added today, by hash modulo 16.
	Sources [16]uint8
}

// Add counts one article. source is a hash of its publisher; vouched says that
// it is a known one.
func (s *Series) Add(at time.Time, source uint64, vouched bool) {
	d := dayOf(at)
	s.move(d)
	if s.Day-d >= days {
		return
	}
	if !vouched {
		n := &s.Sources[source%16]
		if *n >= strangers {
			return
		}
		*n++
	}
	if c := &s.Counts[d%days]; *c < math.MaxUint16 {
		*c++
	}
}

// Begin says that counting begins now, in a stream that has a past.
func (s *Series) Begin(now time.Time) { s.Begun = dayOf(now) }

func dayOf(at time.Time) int64 { return at.Unix() / int64(day/time.Second) }

// move clears the days between the last count and d.
func (s *Series) move(d int64) {
	switch {
	case s.Since == 0:
		s.Day, s.Since = d, d
		return
	case d <= s.Day:
		return
	case d-s.Day >= days:
		s.Counts = [days]uint16{}
	default:
		for i := s.Day + 1; i <= d; i++ {
			s.Counts[i%days] = 0
		}
	}
	s.Day, s.Sources = d, [16]uint8{}
}

// Expectation is what a baseline says of a window.
type Expectation struct {
	// Mean is the number of articles expected.
	Mean float64
	// Shape is the negative binomial's: the variance is Mean + Mean²/Shape.
	Shape float64
	// Days is how many days of history it rests on.
	Days int
	// Cold reports that these are too few to judge by.
	Cold bool
}

// Expect says how many articles the window of that length before now would
// have on a usual day. rhythm tells which days the stream was alive, and how
// its articles spread over the week.
func (s *Series) Expect(now time.Time, window time.Duration, rhythm *Rhythm) Expectation {
	history := s.history(now, rhythm)
	e := Expectation{Days: len(history), Cold: len(history) < Warm}
	share := rhythm.share(now, window)
	if len(history) == 0 {
		e.Mean, e.Shape = share, 0.5
		return e
	}
	mean, spread := robust(history)
	if half := len(history) / 2; half >= days/4 {
		older, _ := robust(history[half:])
		mean = math.Min(mean, growth*older+1)
	}
	// Half an article of prior knowledge: a series never seen is rare, not
	// impossible.
	k := float64(len(history))
	mean = (mean*k + 0.5) / (k + 0.5)
	shape := mean * k
	if spread > mean {
		shape = math.Min(shape, mean*mean/(spread-mean))
	}
	e.Mean, e.Shape = mean*share, math.Max(0.5, shape)
	return e
}

// history is the daily counts before today, latest first, of the days on which
// the stream was alive and the series was counted.
func (s *Series) history(now time.Time, rhythm *Rhythm) []float64 {
	today := dayOf(now)
	var out []float64
	for d := today - 1; d > max(today-days, s.Begun); d-- {
		if !rhythm.alive(d) {
			continue
		}
		n := 0.0
		if d <= s.Day && d > s.Day-days && s.Since != 0 {
			n = float64(s.Counts[d%days])
		}
		out = append(out, n)
	}
	return out
}

// robust is the mean and variance of counts, after bursts are cut off at three
// deviations above the median.
func robust(counts []float64) (mean, variance float64) {
	sorted := slices.Clone(counts)
	slices.Sort(sorted)
	median := sorted[len(sorted)/2]
	apart := make([]float64, len(sorted))
	for i, n := range sorted {
		apart[i] = math.Abs(n - median)
	}
	slices.Sort(apart)
	limit := median + 3*math.Max(1.4826*apart[len(apart)/2], math.Sqrt(median+0.25))
	for _, n := range counts {
		mean += math.Min(n, limit)
	}
	mean /= float64(len(counts))
	for _, n := range counts {
		x := math.Min(n, limit) - mean
		variance += x * x
	}
	return mean, variance / float64(max(1, len(counts)-1))
}
