package detect

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// lately is how many of the latest articles say what the evidence has in
// common: an alert that lives for days is told by its latest turn.
const lately = 24

// common lists what at least two of the latest hits have in common, most
// frequent first; of a single hit, all that it has. Before these comes what is
// new since the version before. An instalment is all new.
func (s *situation) common(d *Detector, of func(hit) []string, most int) []string {
	if s.story == nil {
		return ranked(s.instalment(d), of, most)
	}
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

// news lists what the hits since the version before have.
func (s *situation) news(of func(hit) []string, most int) []string {
	if s.alert == nil {
		return ranked(s.hits[max(0, len(s.hits)-1):], of, most)
	}
	n := len(s.hits) - 1
	for n > 0 && len(s.hits)-n < lately && s.hits[n-1].At.After(s.alert.Before) {
		n--
	}
	return ranked(s.hits[max(0, n):], of, most)
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

// readNames lists the entities' names, each once, as the article tells them:
// the title's first. They are copied, so that an alert does not keep whole
// texts in memory.
func readNames(e *events.Enriched) []string {
	type told struct {
		name string
		at   int
	}
	all := make([]told, 0, len(e.Entities))
	for _, x := range e.Entities {
		t := told{x.Name, math.MaxInt}
		for _, m := range x.Mentions {
			at := m.Start
			if m.Field != "title" {
				at += len(e.Article.Title)
			}
			t.at = min(t.at, at)
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b told) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.name, b.name)) })
	out := make([]string, 0, len(all))
	for _, t := range all {
		if !slices.Contains(out, t.name) {
			out = append(out, strings.Clone(t.name))
		}
	}
	return out
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
