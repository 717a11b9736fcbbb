package eval

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// who: does a linked name of modern news lead to who is meant? The sentences are
// our own. Those of "read" were read while the linker was worked on, those of
// "unread" were written after it; their first lines say what changed since.
func who(ctx context.Context, s Suite, w io.Writer) error {
	ids, err := meant()
	if err != nil {
		return err
	}
	for _, part := range []string{"read", "unread"} {
		for _, lang := range []string{"en", "fr"} {
			name := "who-" + part + "-" + lang
			items, err := marked(name+".txt", lang)
			if err != nil {
				return err
			}
			gold := filepath.Join(s.Work, name+".gold.jsonl")
			if err := os.WriteFile(gold, jsonLines(items), 0o644); err != nil {
				return err
			}
			pred, err := s.enriched(ctx, gold, name)
			if err != nil {
				return err
			}
			f, err := linked(items, ids, pred)
			if err != nil {
				return err
			}
			fmt.Fprint(w, f.line(part+" "+lang, "items", "names", "known", "linked", "right", "precision", "recall"))
		}
	}
	return nil
}

// meant gives the ids of those who are meant, by the titles that the sentences
// say it with: none where the base has nobody.
func meant() (map[string]map[string]bool, error) {
	data, err := newsSentences.ReadFile("testdata/who.tsv")
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]bool{}
	for line := range strings.Lines(string(data)) {
		title, ids, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || line[0] == '#' {
			continue
		}
		out[title] = map[string]bool{}
		for _, id := range strings.Fields(ids) {
			out[title][id] = true
		}
	}
	return out, nil
}

// linked counts the marked names that an entity with an id overlaps, and those of
// them where it is the right one. Recall is over the names of those who are known
// to the world, whether the base has them or not.
func linked(items []goldItem, ids map[string]map[string]bool, pred string) (Figures, error) {
	said := map[string][]events.Entity{}
	err := eachLine(pred, func(e events.Enriched) { said[e.Article.ID] = e.Entities })
	if err != nil {
		return nil, err
	}
	var names, known, linked, right float64
	for _, item := range items {
		for i, span := range item.Spans {
			title := item.who[i]
			if _, ok := ids[title]; !ok && title != "?" {
				return nil, fmt.Errorf("who.tsv has no line for %q of %s", title, item.ID)
			}
			names++
			if title != "?" {
				known++
			}
			found, good := false, false
			for _, e := range said[item.ID] {
				for _, m := range e.Mentions {
					if e.ID != "" && m.Field == events.FieldText && m.Start < span[1].(int) && span[0].(int) < m.End {
						found, good = true, good || ids[title][e.ID]
					}
				}
			}
			if found {
				linked++
			}
			if good {
				right++
			}
		}
	}
	return Figures{
		"items": float64(len(items)), "names": names, "known": known, "linked": linked, "right": right,
		"precision": right / max(1, linked), "recall": right / max(1, known),
	}, nil
}
