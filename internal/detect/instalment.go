package detect

import (
	"cmp"
	"slices"
	"time"
)

// What a watch by query tells comes in instalments: a version lists what came
// since the one before and is told by no story's alert. All that it matched
// since it opened, of one happening and another, would say nothing of what is
// new.
const (
	// instalmentArticles is how many articles make one, instalmentEvery how
	// much time there is at least between two.
	instalmentArticles = 3
	instalmentEvery    = time.Hour
	// instalmentLatest is how long fewer articles wait.
	instalmentLatest = 6 * time.Hour
)

// instalment is what the latest version tells.
func (s *situation) instalment(d *Detector) []hit {
	until := d.clock.now
	var after time.Time
	if l := s.alert; l != nil && !l.Until.IsZero() {
		until, after = l.Until, l.From
	}
	since := until.Add(-s.rule.watch.When.Within)
	var out []hit
	for i := range s.hits {
		h := &s.hits[i]
		if h.Member.Gone || h.Late || h.At.Before(since) || !h.At.After(after) || h.At.After(until) || s.quieted(d, h) {
			continue
		}
		out = append(out, *h)
	}
	return out
}

// another reports whether what came since the latest version makes an
// instalment.
func (s *situation) another(d *Detector, v view) bool {
	since := v.now.Sub(s.alert.At)
	if since < instalmentEvery {
		return false
	}
	n := s.sum(d, s.alert.At.Add(time.Nanosecond), false).articles
	return n >= instalmentArticles || n > 0 && since >= instalmentLatest
}

// central is the title of the hit whose names the others share most, the
// latest of equals.
func central(hits []hit) string {
	counts := map[string]int{}
	for _, h := range hits {
		for _, n := range h.Names {
			counts[n]++
		}
	}
	most, title := -1, ""
	for _, h := range hits {
		c := 0
		for _, n := range h.Names {
			c += counts[n] - 1
		}
		if c >= most && h.Member.Title != "" {
			most, title = c, h.Member.Title
		}
	}
	return title
}

// ranked lists what hits have, most frequent first; of equals, what was told
// first.
func ranked(hits []hit, of func(hit) []string, most int) []string {
	counts := map[string]int{}
	out := []string{}
	for _, h := range hits {
		for _, w := range of(h) {
			if counts[w]++; counts[w] == 1 {
				out = append(out, w)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	return out[:min(len(out), most)]
}
