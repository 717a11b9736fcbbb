package burst

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Monitor watches thousands of series at once in fixed memory: topics,
// entities, places, and pairs of them. Exported fields are its state.
type Monitor struct {
	// Most is how many series are kept; 0 means DefaultMost.
	Most int
	Rows []Row
	// Hand is where the search for a row to give up goes on.
	Hand int
	// Evicted counts series given up for others.
	Evicted uint64

	byKey map[uint64]int32
}

// DefaultMost is how many series a Monitor keeps unless told otherwise: some
// 200 bytes each.
const DefaultMost = 8192

const ring = 24

// Row is one series of a Monitor.
type Row struct {
	Key string
	Series
	// Hours are the counts of the last day, by hour modulo 24; Hour the latest.
	Hours [ring]uint16
	Hour  int64
	// Total counts all since the row was taken.
	Total uint32
}

// Pair is the key of a pair of series. The order does not matter.
func Pair(a, b string) string {
	if b < a {
		a, b = b, a
	}
	return a + pairSign + b
}

const pairSign = " × "

// Add counts one article in the series of key.
func (m *Monitor) Add(key string, at time.Time, source uint64, vouched bool) {
	r := m.row(key)
	h := at.Unix() / 3600
	if r.Hour == 0 || h-r.Hour >= ring {
		r.Hours, r.Hour = [ring]uint16{}, h
	}
	for ; r.Hour < h; r.Hour++ {
		r.Hours[(r.Hour+1)%ring] = 0
	}
	if r.Hour-h >= ring {
		return
	}
	if n := &r.Hours[h%ring]; *n < math.MaxUint16 {
		*n++
	}
	r.Total++
	r.Series.Add(at, source, vouched)
}

// row finds the row of key, or makes one: in place of another where all are
// taken.
func (m *Monitor) row(key string) *Row {
	m.index()
	k := xxhash.Sum64String(key)
	if i, ok := m.byKey[k]; ok {
		return &m.Rows[i]
	}
	most := m.Most
	if most <= 0 {
		most = DefaultMost
	}
	i := int32(len(m.Rows))
	if len(m.Rows) < most {
		m.Rows = append(m.Rows, Row{})
	} else {
		i = m.weakest()
		delete(m.byKey, xxhash.Sum64String(m.Rows[i].Key))
		m.Evicted++
	}
	m.Rows[i] = Row{Key: strings.Clone(key)}
	m.byKey[k] = i
	return &m.Rows[i]
}

// weakest is the row, of the next sixteen, that counted least per day.
func (m *Monitor) weakest() int32 {
	best, least := 0, math.Inf(1)
	for range 16 {
		m.Hand = (m.Hand + 1) % len(m.Rows)
		r := &m.Rows[m.Hand]
		worth := float64(r.Total) + float64(r.Day)*1e-3
		if worth < least {
			best, least = m.Hand, worth
		}
		r.Total -= r.Total / 16 // what was once loud must not stay for ever
	}
	return int32(best)
}

func (m *Monitor) index() {
	if m.byKey != nil {
		return
	}
	m.byKey = make(map[uint64]int32, len(m.Rows))
	for i := range m.Rows {
		m.byKey[xxhash.Sum64String(m.Rows[i].Key)] = int32(i)
	}
}

// count is the number of articles in the window before now.
func (r *Row) count(now time.Time, window time.Duration) int {
	h, n := now.Unix()/3600, 0
	for i := int64(0); i < min(ring, int64(math.Ceil(window.Hours()))); i++ {
		if at := h - i; at <= r.Hour && r.Hour-at < ring {
			n += int(r.Hours[at%ring])
		}
	}
	return n
}

// Burst is a series that arrives faster than usual.
type Burst struct {
	Key      string  `json:"key"`
	Observed int     `json:"observed"`
	Expected float64 `json:"expected"`
	// P is the p-value, Q the false discovery rate at which it is found.
	P float64 `json:"p"`
	Q float64 `json:"q"`
	// Days is how many days of history it is judged by.
	Days int `json:"days"`
	// New reports a series, or a pair, that was not seen before the window.
	New bool `json:"new,omitempty"`
}

// Bursts finds the series that are louder in the window before now than their
// baselines explain, most surprising first. rate is the share of false
// discoveries that is borne among them (Benjamini and Hochberg), however many
// series there are. cold reports that the stream's history is too short to
// judge, and then there are none.
func (m *Monitor) Bursts(now time.Time, window time.Duration, rate float64, rhythm *Rhythm) (found []Burst, cold bool) {
	if rhythm.Covered(now) < Warm {
		return nil, true
	}
	m.index()
	since := dayOf(now.Add(-window))
	var all []Burst
	for i := range m.Rows {
		r := &m.Rows[i]
		n := r.count(now, window)
		if n < 2 {
			continue
		}
		e := r.Expect(now, window, rhythm)
		if a, b, ok := strings.Cut(r.Key, pairSign); ok {
			e.Mean = math.Max(e.Mean, m.chance(a, b, now, window, rhythm))
		}
		all = append(all, Burst{
			Key: r.Key, Observed: n, Expected: e.Mean, P: e.PValue(n), Days: e.Days, New: r.Since >= since && r.Since > 0,
		})
	}
	slices.SortFunc(all, func(a, b Burst) int {
		switch {
		case a.P < b.P:
			return -1
		case a.P > b.P:
			return 1
		}
		return strings.Compare(a.Key, b.Key)
	})
	last := -1
	for i := range all {
		all[i].Q = math.Min(1, all[i].P*float64(len(m.Rows))/float64(i+1))
		if all[i].Q <= rate {
			last = i
		}
	}
	return all[:last+1], false
}

// chance is how often two series would meet in the window if they had nothing
// to do with each other.
func (m *Monitor) chance(a, b string, now time.Time, window time.Duration, rhythm *Rhythm) float64 {
	i, ok := m.byKey[xxhash.Sum64String(a)]
	j, ok2 := m.byKey[xxhash.Sum64String(b)]
	if !ok || !ok2 {
		return 0
	}
	perDay := rhythm.perDay(now)
	if perDay == 0 {
		return 0
	}
	x, y := m.Rows[i].Expect(now, day, rhythm), m.Rows[j].Expect(now, day, rhythm)
	return x.Mean * y.Mean / perDay * rhythm.share(now, window)
}
