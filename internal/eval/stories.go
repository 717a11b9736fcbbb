package eval

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// decision is a way to decide whether an article joins a story: the terms of
// the sum, without its threshold, or the learned weights as they ship.
type decision struct {
	name  string
	terms string
}

// decisions stand beside each other, each with more to look at than the one
// before. The plain ones get the threshold that is best on the earlier half of
// the set's own pairs; the learned one ships with its own, the same for all.
var decisions = []decision{
	{"TF-IDF alone", "words\t1\n"},
	{"+ entities", "words\t1\nnames\t0.25\n"},
	{"+ time", "words\t1\nnames\t0.25\nsilence\t-0.01\n"},
	{"learned decision", ""},
}

// stories: do two articles tell of one happening? B³ and pairwise are over the
// clusters that the pairs of one happening make, where they hang together.
// Their recall is firm; their precision is a floor, because nobody said that
// two such clusters differ.
func stories(ctx context.Context, s Suite, w io.Writer) error {
	for _, set := range []string{"bbc-pairs", "franceinfo-pairs"} {
		g, err := s.pairs(ctx, set)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, set)
		for _, d := range decisions {
			threshold, weights, err := g.decide(ctx, s, d)
			if err != nil {
				return err
			}
			f, err := g.judge(ctx, s, weights)
			if err != nil {
				return err
			}
			fmt.Fprint(w, f.line("  "+d.name+", "+threshold, "p", "r", "f1", "false_merge", "earlier.f1", "later.f1", "bcubed.p", "bcubed.r", "bcubed.f1", "pairwise.f1"))
		}
	}
	return nil
}

// pair is two articles, and whether they tell of one happening.
type pair struct {
	A    string `json:"a"`
	B    string `json:"b"`
	Same bool   `json:"same"`
}

// paired is a set of pairs, in memory and as the scorer reads it.
type paired struct {
	set                           string
	items                         []story.Item
	all, earlier, later, clusters string
}

// pairs reads a set and writes its halves, by time, and its clusters.
func (s Suite) pairs(ctx context.Context, set string) (paired, error) {
	g := paired{set: set, all: s.data("stories", set+".gold.jsonl.gz")}
	enriched, err := s.pipe(ctx, set+".enriched.jsonl", s.Tocsin, "enrich", s.data("stories", set+".articles.jsonl.gz"))
	if err != nil {
		return g, err
	}
	at := map[string]time.Time{}
	err = eachLine(enriched, func(e events.Enriched) {
		a := e.Article
		at[a.ID] = a.StreamTime()
		g.items = append(g.items, story.ItemOf(e, token.Of(a.Title, a.Text), a.StreamTime()))
	})
	if err != nil {
		return g, err
	}
	var gold []pair
	if err := eachLine(g.all, func(p pair) { gold = append(gold, p) }); err != nil {
		return g, err
	}
	slices.SortStableFunc(gold, func(a, b pair) int { return at[a.A].Compare(at[b.A]) })
	if g.earlier, err = writeLines(s, set+".earlier.jsonl", gold[:len(gold)/2]); err != nil {
		return g, err
	}
	if g.later, err = writeLines(s, set+".later.jsonl", gold[len(gold)/2:]); err != nil {
		return g, err
	}
	g.clusters, err = writeLines(s, set+".clusters.jsonl", clusters(gold))
	return g, err
}

// clusters are the articles that pairs of one happening hold together.
func clusters(gold []pair) []story.Assignment {
	parent := map[string]string{}
	var root func(string) string
	root = func(a string) string {
		if p, ok := parent[a]; ok && p != a {
			parent[a] = root(p)
			return parent[a]
		}
		parent[a] = a
		return a
	}
	for _, p := range gold {
		if p.Same {
			parent[root(p.A)] = root(p.B)
		}
	}
	var out []story.Assignment
	for _, a := range sorted(parent) {
		out = append(out, story.Assignment{Article: a, Story: root(a)})
	}
	return out
}

// decide returns a decision's weights, and its threshold in words.
func (g paired) decide(ctx context.Context, s Suite, d decision) (threshold string, best story.Weights, err error) {
	if d.terms == "" {
		best, err = story.ShippedWeights()
		return "shipped", best, err
	}
	top := -1.0
	for t := 0.02; t < 0.3; t += 0.02 {
		weights, err := story.ReadWeights(fmt.Sprintf("bias\t%.2f\n%s", -t, d.terms))
		if err != nil {
			return "", best, err
		}
		pred, err := g.write(s, weights)
		if err != nil {
			return "", best, err
		}
		f, err := s.score(ctx, "stories", g.earlier, pred)
		if err != nil {
			return "", best, err
		}
		if f1, ok := f.at("f1").(float64); ok && f1 > top {
			top, best, threshold = f1, weights, fmt.Sprintf("from %.2f", t)
		}
	}
	return threshold, best, nil
}

// judge scores a decision on all pairs, on each half, and on the clusters.
func (g paired) judge(ctx context.Context, s Suite, weights story.Weights) (Figures, error) {
	pred, err := g.write(s, weights)
	if err != nil {
		return nil, err
	}
	f, err := s.score(ctx, "stories", g.all, pred)
	if err != nil {
		return nil, err
	}
	for name, gold := range map[string]string{"earlier": g.earlier, "later": g.later, "clusters": g.clusters} {
		part, err := s.score(ctx, "stories", gold, pred)
		if err != nil {
			return nil, err
		}
		f[name] = map[string]any(part)
		for _, figure := range []string{"bcubed", "pairwise"} {
			if v := part.at(figure); v != nil {
				f[figure] = v
			}
		}
	}
	return f, nil
}

// write clusters the set's articles and writes which story each is in.
func (g paired) write(s Suite, weights story.Weights) (string, error) {
	c := story.New(weights)
	var out []story.Assignment
	var now time.Time
	for _, it := range g.items {
		if it.At.After(now) {
			now = it.At
		}
		c.Add(it)
		out = append(out, c.Moved()...)
		c.Evict(now)
	}
	return writeLines(s, g.set+".stories.jsonl", out)
}

// writeLines writes JSON lines into the work folder.
func writeLines[T any](s Suite, name string, lines []T) (string, error) {
	path := filepath.Join(s.Work, name)
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return path, encode(f, lines)
}
