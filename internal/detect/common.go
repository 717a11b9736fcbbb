package detect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// lately is how many of the latest articles say what the evidence has in
// common: an alert that lives for days is told by its latest turn.
const lately = 24

// common lists what at least two of the latest hits have in common, most
// frequent first; of a single hit, all that it has.
func (s *situation) common(of func(hit) []string, most int) []string {
	recent := s.hits[max(0, len(s.hits)-lately):]
	counts := map[string]int{}
	for _, h := range recent {
		for _, w := range of(h) {
			counts[w]++
		}
	}
	need := min(len(recent), 2)
	out := []string{}
	for w, n := range counts {
		if n >= need {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return cmp.Compare(a, b)
	})
	return distinct(slices.Concat(s.news(of, most-4), out), most)
}

// news lists what the hits since the version before have, the latest first.
func (s *situation) news(of func(hit) []string, most int) []string {
	var out []string
	for i := len(s.hits) - 1; i >= 0 && len(out) < most; i-- {
		if s.alert == nil || i < len(s.hits)-1 && !s.hits[i].At.After(s.alert.Before) {
			break
		}
		out = append(out, of(s.hits[i])...)
	}
	return distinct(out, most)
}

// distinct keeps the first most words, each once.
func distinct(words []string, most int) []string {
	out := make([]string, 0, most)
	for _, w := range words {
		if len(out) < most && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func namesOf(h hit) []string  { return h.Names }
func topicsOf(h hit) []string { return h.Topics }

// readNames lists the entities' names, each once. They are copied, so that an
// alert does not keep whole texts in memory.
func readNames(e *events.Enriched) []string {
	out := make([]string, 0, len(e.Entities))
	for _, x := range e.Entities {
		out = append(out, strings.Clone(x.Name))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// readTopics lists the topics, each once.
func readTopics(e *events.Enriched) []string {
	out := make([]string, 0, len(e.Topics))
	for _, x := range e.Topics {
		out = append(out, strings.Clone(x.Topic))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
