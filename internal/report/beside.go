package report

import (
	"cmp"
	"slices"
	"time"
)

// Beside says how the alerts compare with the plain keyword rule on the same
// history.
type Beside struct {
	// Words is how many words the rule watched, Firings how often it went off.
	Words   int     `json:"words"`
	Firings int     `json:"firings"`
	PerDay  float64 `json:"per_day"`
	// Shared alerts are of something that the rule went off on too; Alone are
	// not; Noise are firings that no alert tells of.
	Shared int `json:"shared"`
	Alone  int `json:"alone"`
	Noise  int `json:"noise"`
	// Lead is the median time by which an alert came before the rule;
	// negative where it came later.
	Lead time.Duration `json:"-"`
}

// near is how far from its opening a firing may be and be of the same thing.
const near = 48 * time.Hour

// meets reports whether a firing and an alert are of the same thing: they
// share two articles (one, of an alert that has but one), and are not days
// apart.
func (x *Life) meets(f Firing, shared int, end time.Time) bool {
	until := x.Ended()
	if until.IsZero() {
		until = end
	}
	return shared >= min(2, len(x.Last.Articles)) && f.At.After(x.Opened.Add(-near)) && f.At.Before(until.Add(near))
}

// leads finds for each alert how long before the plain rule it came, and which
// of the firings some alert tells of.
func (l *Log) leads() (leads map[string]time.Duration, told []bool) {
	leads = map[string]time.Duration{}
	if l.plain == nil {
		return leads, nil
	}
	of := map[string][]*Life{} // by article
	for _, x := range l.order {
		for _, e := range x.Last.Articles {
			of[e.ID] = append(of[e.ID], x)
		}
	}
	for _, f := range l.plain.firings {
		shared := map[*Life]int{}
		for _, id := range f.Items {
			for _, x := range of[id] {
				shared[x]++
			}
		}
		met := false
		for x, n := range shared {
			if !x.meets(f, n, l.last) {
				continue
			}
			met = true
			if _, earlier := leads[x.ID]; !earlier { // firings are in the order of time
				leads[x.ID] = f.At.Sub(x.Opened)
			}
		}
		told = append(told, met)
	}
	return leads, told
}

func (l *Log) beside() *Beside {
	if l.plain == nil {
		return nil
	}
	leads, told := l.leads()
	b := &Beside{Words: len(l.plain.words), Firings: len(l.plain.firings), Shared: len(leads), Alone: len(l.order) - len(leads)}
	b.PerDay = float64(b.Firings) / l.Days()
	for _, met := range told {
		if !met {
			b.Noise++
		}
	}
	b.Lead, _ = median(l.order, leads)
	return b
}

// median is the median lead of those of the lives that have one.
func median(lives []*Life, leads map[string]time.Duration) (time.Duration, bool) {
	var all []time.Duration
	for _, x := range lives {
		if d, ok := leads[x.ID]; ok {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return 0, false
	}
	slices.SortFunc(all, cmp.Compare)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2, true
}
