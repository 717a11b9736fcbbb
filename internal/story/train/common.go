package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// omnipresent are names that news of every day has, by judgement.
var omnipresent = []string{
	"Q7184", "Q458", "Q1065", // NATO, the European Union, the United Nations
	"Q22686", "Q7747", "Q3874799", "Q3052772", "Q6279", "Q43723", // presidents, and a prime minister
}

// floors are shares that are ours: countries, capitals and the omnipresent are
// common in the news, however often the happenings name them.
func floors(base *entity.Base) map[string]float64 {
	out := map[string]float64{}
	for r := range base.All() {
		share := 0.0
		switch {
		case r.Role == "country or territory", slices.Contains(omnipresent, r.ID):
			share = 0.02
		case r.Role == "capital" && r.Prior >= 8:
			share = 0.01
		default:
			continue
		}
		out["name\t"+r.ID] = share
		for _, n := range append(r.Names, entity.Name{Form: r.Name}) {
			for _, w := range token.Of("", n.Form).Text {
				if s := story.Stem(w); s != "" {
					out["word\t"+s] = max(out["word\t"+s], share)
				}
			}
		}
	}
	return out
}

// least is the share of happenings that a common term is in.
const least = 0.003

// count prints how common words and names are: of all happenings, the share
// that has them.
func count(hs []happening, reader enrich.Enricher) error {
	seen := map[string]int{}
	for _, h := range hs {
		a := events.Article{ID: "x", Text: h.Text}
		has := map[string]bool{}
		for _, w := range token.Of("", h.Text).Text {
			if s := story.Stem(w); s != "" {
				has["word\t"+s] = true
			}
		}
		for _, e := range reader.Enrich(a).Entities {
			if e.ID != "" {
				has["name\t"+e.ID] = true
			}
		}
		for k := range has {
			seen[k]++
		}
	}
	for h, share := range floors(reader.Entities.(*entity.Finder).Base) {
		seen[h] = max(seen[h], int(share*float64(len(hs))))
	}
	fmt.Println("# How common words and names are: the share of happenings that has them. Made by go run ./internal/story/train -common,")
	fmt.Println("# from Wikipedia's Portal:Current events (its contributors, CC BY-SA 4.0), 2014 to 2022.")
	keys := slices.SortedFunc(maps.Keys(seen), func(a, b string) int { return cmp.Or(seen[b]-seen[a], cmp.Compare(a, b)) })
	for _, k := range keys {
		if share := float64(seen[k]) / float64(len(hs)); share >= least {
			fmt.Printf("%s\t%.4f\n", k, share)
		}
	}
	return nil
}
